/** `opencx sessions`: finds conversations, and shows the whole story of one. */
import {
  ChannelId,
  type OrgId,
  SessionId,
  SessionSearch,
  SessionState,
  type SessionQuery,
} from "@opencx/core"
import { Console, Effect, Option } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { ConfigurationError } from "../config/ConfigError.ts"
import { sessionPage } from "../operate/sessionPage.ts"
import { sessionStory } from "../operate/sessionStory.ts"
import { limitFlag, orgFlag, withData } from "./data.ts"
import { configFlag, jsonFlag } from "./flags.ts"
import { printJson } from "./output.ts"
import { sessionLine, storyLines } from "./sessionLines.ts"

const text = (name: string, description: string) =>
  Flag.String(name).pipe(Flag.withDescription(description), Flag.optional)

const day = (name: string, description: string) =>
  Flag.Date(name).pipe(Flag.withDescription(description), Flag.optional)

const query = {
  externalId: text(
    "external-id",
    "A session's id (the ticket's external_id), a ticket's or a live chat's id",
  ),
  contact: text("contact", "A contact's id, address, or a part of the name"),
  tag: text("tag", "A tag that went to Zendesk, at a handoff or with a draft"),
  channel: Flag.String("channel").pipe(
    Flag.withSchema(ChannelId),
    Flag.withDescription("Such as email, sms, whatsapp, phone, widget"),
    Flag.optional,
  ),
  state: Flag.Literals("state", SessionState.literals).pipe(
    Flag.withDescription("May be given several times"),
    Flag.atLeast(0),
  ),
  text: text("text", "Words in the subject or in any line"),
  since: day("since", "Last changed on this day or later"),
  until: day("until", "Last changed before this day"),
}

type Given = {
  readonly [Name in keyof typeof query]: (typeof query)[Name] extends Flag.Flag<infer A> ? A : never
}

const queryOf = ({ channel, contact, externalId, since, state, tag, text, until }: Given): SessionQuery => ({
  externalId: Option.getOrUndefined(externalId),
  contact: Option.getOrUndefined(contact),
  tag: Option.getOrUndefined(tag),
  channel: Option.getOrUndefined(channel),
  text: Option.getOrUndefined(text),
  since: Option.getOrUndefined(since)?.getTime(),
  until: Option.getOrUndefined(until)?.getTime(),
  states: state.length === 0 ? undefined : state,
})

const flags = {
  ...query,
  config: configFlag,
  json: jsonFlag,
  org: orgFlag,
  limit: limitFlag(50),
  after: Flag.String("after").pipe(
    Flag.withDescription("The next page: what the last one printed as its end, with its --org"),
    Flag.optional,
  ),
}

const noPlace = new ConfigurationError({
  problem: "--after is no end of a page, or stands without --org.",
  hint: "Copy both as the last page printed them.",
})

/** An empty answer could mean a misspelt organization, too. */
const nothing = (org: Option.Option<OrgId>, known: ReadonlyArray<OrgId>): string =>
  Option.isNone(org) || known.includes(org.value)
    ? "No conversation fits."
    : `${org.value} has no conversation. Organizations that have: ${known.join(", ") || "none"}.`

const list = Command.make("list", flags, ({ after, config, json, limit, org, ...given }) =>
  withData(config, () =>
    Effect.gen(function* () {
      const search = yield* SessionSearch
      const orgs = yield* Option.match(org, {
        onNone: () => search.organizations,
        onSome: (one) => Effect.succeed([one]),
      })
      if (Option.isSome(after) && Option.isNone(org)) return yield* noPlace
      let count = 0
      for (const orgId of orgs) {
        const { next, sessions: found } = yield* sessionPage(orgId, queryOf(given), {
          limit,
          after: Option.getOrNull(after),
        }).pipe(Effect.catchTag("NoPageEnd", () => Effect.fail(noPlace)))
        count += found.length
        if (json) yield* printJson({ organization: orgId, sessions: found, next })
        else {
          for (const session of found) yield* Console.log(sessionLine(session))
          if (next !== null) yield* Console.log(`More: --org ${orgId} --after ${next}`)
        }
      }
      if (count === 0 && !json) yield* Console.log(nothing(org, yield* search.organizations))
    }),
  ),
).pipe(Command.withDescription("Conversations that all given conditions hold for, newest change first"))

/** The story of the session in whichever organization has it. */
const storyOf = Effect.fnUntraced(function* (org: Option.Option<OrgId>, id: SessionId) {
  const orgs = Option.isSome(org) ? [org.value] : yield* (yield* SessionSearch).organizations
  for (const orgId of orgs) {
    const story = yield* sessionStory(orgId, id)
    if (story !== null) return story
  }
  return yield* new ConfigurationError({
    problem: `There is no session ${id}.`,
    hint: "`opencx sessions list` finds sessions by contact, ticket, words and more.",
  })
})

const show = Command.make(
  "show",
  {
    config: configFlag,
    json: jsonFlag,
    org: orgFlag,
    id: Argument.String("id").pipe(
      Argument.withSchema(SessionId),
      Argument.withDescription("The session's id, which is the ticket's external_id"),
    ),
  },
  ({ config, id, json, org }) =>
    withData(config, () =>
      Effect.flatMap(storyOf(org, id), (story) => (json ? printJson(story) : Console.log(storyLines(story)))),
    ),
).pipe(Command.withDescription("One conversation: timeline, ids in Zendesk, deliveries, tries and traces"))

export const sessions = Command.make("sessions").pipe(
  Command.withDescription("Conversations: find them, and show the whole story of one"),
  Command.withSubcommands([list, show]),
)
