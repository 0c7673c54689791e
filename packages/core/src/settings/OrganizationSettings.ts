/** What one organization decides about handoffs, tags and wording. Connections and channels are configured beside it. */
import { Effect, Schema } from "effect"
import { ChannelId, OrgId } from "../domain/Ids.ts"
import { OfficeHours } from "./officeHours.ts"

const withDefault = <S extends Schema.Top>(schema: S, value: S["Encoded"]) =>
  schema.pipe(Schema.withDecodingDefault(Effect.succeed(value)))

/** Above zero and at most 30 days; parts of a minute are fine. */
const minutes = Schema.Finite.check(Schema.isGreaterThan(0), Schema.isLessThanOrEqualTo(43_200))

/** What a customer reads is never empty: an empty message would be sent, or refused by the provider. */
const sentence = Schema.String.check(
  Schema.isPattern(/\S/, { message: "Expected a sentence, not a blank text" }),
)

/** Tags are lower-case and without spaces in Zendesk; names here are the parts after the prefix. */
export const TagSettings = Schema.Struct({
  /** First part of every tag. */
  prefix: withDefault(Schema.String.check(Schema.isPattern(/^[a-z0-9][a-z0-9_-]{0,30}$/)), "opencx"),
  /** Tags that are never set, by their usual name: `opencx_language`, `opencx_sentiment` (families by their stem). */
  off: withDefault(Schema.Array(Schema.String), []),
  /** Usual name → own name. */
  rename: withDefault(Schema.Record(Schema.String, Schema.String), {}),
  /** Added to every ticket. */
  extra: withDefault(Schema.Array(Schema.String), []),
})
export type TagSettings = typeof TagSettings.Type

export const HandoffSettings = Schema.Struct({
  /** Make a ticket for every conversation at its first message, not only at handoff. */
  ticketForEveryConversation: withDefault(Schema.Boolean, false),
  /** Words or phrases of topics that always go to a human. */
  escalateTopics: withDefault(Schema.Array(Schema.String), []),
  /** Tell the customer when Zendesk has confirmed the handoff. */
  tellCustomer: withDefault(Schema.Boolean, true),
  /** A new mail of an authenticated sender joins the session that a human has open. */
  sameSenderJoins: withDefault(Schema.Boolean, true),
  /** Minutes until somebody should have answered; null: wait for ever. */
  noHumanMinutes: withDefault(Schema.NullOr(minutes), null),
  /** What to do then. */
  noHuman: withDefault(Schema.Literals(["tell_customer", "return_to_ai"]), "tell_customer"),
  /**
   * Channel → where its conversations are handed over, when it is not where the channel would. Only channels that are made for
   * live chat can hand over by one, and only while one is connected.
   */
  paths: withDefault(Schema.Record(Schema.String, Schema.Literals(["live_chat", "ticket"])), {}),
  /** When people are there; null: always. `noHumanMinutes` counts these hours alone. */
  officeHours: withDefault(Schema.NullOr(OfficeHours), null),
  /** Handoffs outside of them: `ticket` instead of a live chat where nobody would answer, or as always. */
  outsideOfficeHours: withDefault(Schema.Literals(["ticket", "as_always"]), "ticket"),
  /** Minutes after which a quiet session is closed; null: never. */
  idleMinutes: withDefault(Schema.NullOr(minutes), null),
  /** More AI answers than this within ten minutes go to a human: a person does not write like that. */
  maxAnswersPerTenMinutes: withDefault(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 100 })), 5),
})
export type HandoffSettings = typeof HandoffSettings.Type

/** An id of the help desk's, written as text or as a number. */
const DeskId = Schema.Union([Schema.NonEmptyString, Schema.Int])

/** A ticket field that the AI fills. Their order is their importance: what does not fit is dropped from the end. */
export const FieldSettings = Schema.Struct({
  id: DeskId,
  on: withDefault(Schema.Boolean, true),
  /** What belongs into it, for the AI; absent: what the help desk says about it. */
  description: Schema.optionalKey(Schema.String),
})
export type FieldSettings = typeof FieldSettings.Type

/** `on_mention`: only when an agent asks in an internal note. `every_comment`: for each customer comment, and on mention. */
export const AssistMode = Schema.Literals(["off", "every_comment", "on_mention"])
export type AssistMode = typeof AssistMode.Type

/** Another mode for some tickets: those that have everything that the rule names. */
export const AssistRule = Schema.Struct({
  brand: Schema.optionalKey(DeskId),
  group: Schema.optionalKey(DeskId),
  tag: Schema.optionalKey(Schema.NonEmptyString),
  mode: AssistMode,
})

/** Drafts as internal notes on tickets that humans work on. */
export const AssistSettings = Schema.Struct({
  mode: withDefault(AssistMode, "off"),
  /** The first that fits decides; `mode` where none does. */
  rules: withDefault(Schema.Array(AssistRule), []),
  /** Words or phrases of topics on which the AI stays quiet. */
  quietTopics: withDefault(Schema.Array(Schema.String), []),
  /** What agents write to ask for a draft. */
  mention: withDefault(Schema.String.check(Schema.isPattern(/^[^\s]{2,40}$/)), "@opencx"),
  /**
   * Minutes after a draft at which the ticket is read to see what the agent made of it; the first look that
   * finds an agent's public comment is the last. Ascending; none: never.
   */
  reviewMinutes: withDefault(
    Schema.Array(minutes).check(
      Schema.isMaxLength(10),
      Schema.makeFilter(
        (all) => all.every((one, i) => i === 0 || one > (all[i - 1] ?? 0)) || "Write them in ascending order",
      ),
    ),
    [240, 1_440, 4_320],
  ),
})
export type AssistSettings = typeof AssistSettings.Type

/**
 * Which conversations the AI takes while it is being introduced; all others go straight to the humans. Both must hold: the
 * channel is named (null: all are), and the thread falls into the share. The same thread always falls the same way, and a
 * larger share keeps those of a smaller one.
 */
export const RolloutSettings = Schema.Struct({
  channels: withDefault(Schema.NullOr(Schema.Array(ChannelId)), null),
  /** Of 100 conversations, how many the AI takes. */
  percent: withDefault(Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 100 })), 100),
})
export type RolloutSettings = typeof RolloutSettings.Type

/** Sentences to the customer. Markdown. */
export const Texts = Schema.Struct({
  handoffConfirmed: Schema.String,
  handoffFailed: Schema.String,
  noHuman: Schema.String,
  /** `{opens}` becomes the time from which somebody is there. */
  outsideOfficeHours: Schema.String,
})
export type Texts = typeof Texts.Type

const PartialTexts = Schema.Struct({
  handoffConfirmed: Schema.optionalKey(sentence),
  handoffFailed: Schema.optionalKey(sentence),
  noHuman: Schema.optionalKey(sentence),
  outsideOfficeHours: Schema.optionalKey(sentence),
})

export const OrganizationSettings = Schema.Struct({
  id: OrgId,
  name: Schema.NonEmptyString,
  /** BCP-47: the language that the agents read. */
  agentLanguage: withDefault(Schema.NonEmptyString, "en"),
  tags: withDefault(TagSettings, {}),
  /** Ticket fields that the AI fills at handoff. */
  fields: withDefault(Schema.Array(FieldSettings), []),
  handoff: withDefault(HandoffSettings, {}),
  assist: withDefault(AssistSettings, {}),
  rollout: withDefault(RolloutSettings, {}),
  /** Own wording by language (`pt-BR`, or `pt` for all of them); what is missing comes from the built-in texts. */
  texts: withDefault(Schema.Record(Schema.String, PartialTexts), {}),
})
export type OrganizationSettings = typeof OrganizationSettings.Type
