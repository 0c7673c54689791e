/**
 * Assist mode: a draft for the agents, as one internal note, on a ticket that is none of ours. What the AI said is frozen
 * before the first try, and a note that may have been written is looked for before it is written again.
 */
import { Clock, Effect, Schema } from "effect"
import { AgentSource, AssistVerdict, type Entry, Trace } from "../../domain/Entry.ts"
import { CommentId, type TicketId } from "../../domain/Ids.ts"
import type { Session } from "../../domain/Session.ts"
import type { Outcome, Task, Work } from "../../domain/Work.ts"
import type { AssistContext, AssistResult } from "../../ports/SupportAgent.ts"
import type { Ticketing, TicketThread } from "../../ports/Ticketing.ts"
import type { OrganizationSettings } from "../../settings/OrganizationSettings.ts"
import { tagsFor } from "../../Tagger.ts"
import type { Organization } from "../Organizations.ts"
import { planAssist, unansweredCount } from "./assistPlan.ts"
import { isOurConversation } from "./ourTickets.ts"
import { entriesOf, organizationOf, sessionOf, sessionUrl, ticketingOf } from "./context.ts"
import { stepMemory } from "./steps.ts"
import { fromPort } from "./TaskFailure.ts"
import { UpdateBudget } from "./UpdateBudget.ts"

type AssistTask = Extract<Task, { _tag: "Assist" }>

const Step = Schema.Struct({
  commentIds: Schema.Array(CommentId),
  result: AssistVerdict,
  /** The note as it is posted; null when there is none. */
  text: Schema.NullOr(Schema.String),
  draft: Schema.NullOr(Schema.String).pipe(Schema.withDecodingDefault(Effect.succeed(null))),
  sources: Schema.Array(AgentSource),
  trace: Trace,
  /** Tags that the ticket did not have. */
  tags: Schema.Array(Schema.String),
  /** A write was begun: it may have gone through. */
  tried: Schema.Boolean,
})
type Step = typeof Step.Type

const memory = stepMemory(Step)

interface Scene {
  readonly work: Work
  readonly ticketId: TicketId
  readonly session: Session
  readonly organization: Organization
  readonly ticketing: Ticketing["Service"]
}

/** Comments that a timeline has something about. */
export const handledIn = (entries: ReadonlyArray<Entry>): ReadonlySet<CommentId> =>
  new Set(entries.flatMap(({ body }) => (body._tag === "Assist" ? body.commentIds : [])))

const contextOf = (
  { organization, session }: Scene,
  thread: TicketThread,
  request: string | null,
): AssistContext => ({
  orgId: session.orgId,
  sessionId: session.id,
  organizationName: organization.settings.name,
  subject: thread.subject.trim() === "" ? null : thread.subject,
  lines: thread.comments.flatMap((one) =>
    one.public && one.by !== "other"
      ? [
          {
            role: one.by === "customer" ? ("customer" as const) : ("human" as const),
            text: one.text,
            at: one.createdAt,
          },
        ]
      : [],
  ),
  unanswered: unansweredCount(thread),
  request,
  language: null,
  agentLanguage: organization.settings.agentLanguage,
  quietTopics: organization.settings.assist.quietTopics,
})

/** The channel's tag is left out: the ticket came by a channel of the help desk's, which its own views know. */
const tagsOf = ({ tags }: OrganizationSettings, result: Step["result"]): ReadonlyArray<string> => {
  if (result === "nothing_to_answer") return []
  const skipped = result === "drafted" ? null : result
  const facts = { channelTag: "", handedOff: false, createdOnHandoff: false, brief: null }
  return tagsFor(
    { ...facts, mode: "assist", skipped },
    { ...tags, off: [...tags.off, "opencx_channel", ...(skipped === null ? [] : ["opencx_assist_mode"])] },
  )
}

const sourceLine = ({ internal, title, url }: AgentSource): string => {
  const name = url === null ? title : `[${title.replace(/[[\]]/g, "")}](${url})`
  return `- ${name}${internal ? " (internal: do not pass on)" : ""}`
}

const noteOf = Effect.fnUntraced(function* (
  { session }: Scene,
  result: Extract<AssistResult, { _tag: "Draft" }>,
) {
  const internal = result.sources.some((source) => source.internal)
  return [
    "**Suggested reply**",
    ...(internal ? ["_It rests on an internal article: check what may be passed on._"] : []),
    result.text,
    ...(result.sources.length === 0 ? [] : ["**Sources**", result.sources.map(sourceLine).join("\n")]),
    `_By OpenCX, for agents only._ [View session in OpenCX](${yield* sessionUrl(session)})`,
  ].join("\n\n")
})

/** Looks at the ticket and asks the AI. Answers with why there is nothing to do, or with what to do. */
const decide = Effect.fnUntraced(function* (scene: Scene) {
  const { organization, session, ticketId, ticketing } = scene
  const thread = yield* ticketing.thread(ticketId)
  if (yield* isOurConversation(session.orgId, thread.ticket))
    return "the ticket is one of our own conversations"
  const entries = yield* entriesOf(session)
  const seen = { handled: handledIn(entries), now: yield* Clock.currentTimeMillis }
  const plan = planAssist(organization.settings, thread, seen)
  if (plan._tag === "Quiet") return plan.why
  const result = yield* organization.agent.assist(contextOf(scene, thread, plan.request))
  const verdict = result._tag === "Draft" ? "drafted" : result.reason
  const step: Step = {
    commentIds: plan.commentIds,
    result: verdict,
    text: result._tag === "Draft" ? yield* noteOf(scene, result) : null,
    draft: result._tag === "Draft" ? result.text : null,
    sources: result._tag === "Draft" ? result.sources : [],
    trace: result.trace,
    tags: tagsOf(organization.settings, verdict).filter((tag) => !thread.ticket.tags.includes(tag)),
    // One that was given up may have written this very note.
    tried: entries.some(({ body }) => body._tag === "SystemEvent"),
  }
  return step
})

/** The note, once, and the tags, which may be added twice. */
const act = Effect.fnUntraced(function* ({ ticketId, ticketing, work }: Scene, step: Step) {
  if (step.text !== null) {
    if (!step.tried) yield* (yield* UpdateBudget).take(ticketId)
    yield* memory.write(work, { ...step, tried: true })
    yield* ticketing.comment({
      ticketId,
      // By what it is about: should the look be repeated after all, it is still the same note.
      marker: `assist:${step.commentIds.at(-1) ?? work.id}`,
      body: step.text,
      public: false,
      author: "us",
      status: null,
      files: [],
      checkFirst: step.tried || work.epoch > 0,
    })
  }
  if (step.tags.length > 0) yield* ticketing.addTags(ticketId, step.tags)
})

const skip = (why: string): Outcome => ({ _tag: "Skipped", why })

export const runAssist = Effect.fnUntraced(
  function* (work: Work, { ticketId }: AssistTask) {
    const session = yield* sessionOf(work)
    const organization = yield* organizationOf(session.orgId)
    const scene: Scene = {
      work,
      ticketId,
      session,
      organization,
      ticketing: yield* ticketingOf(organization),
    }
    const before = yield* memory.read(work)
    const decided = before ?? (yield* decide(scene))
    if (typeof decided === "string") return skip(decided)
    if (before === null) yield* memory.write(work, decided)
    yield* act(scene, decided)
    const { commentIds, draft, result, sources, tags, text, trace } = decided
    return {
      _tag: "Assisted",
      ticketId,
      commentIds,
      result,
      text,
      draft,
      sources,
      trace,
      tags,
    } satisfies Outcome
  },
  Effect.catchTag("TicketingError", (error) => {
    const { _tag } = error.reason
    // Closed or deleted while we looked: nobody works on it any more.
    return _tag === "Closed" || _tag === "NotFound"
      ? Effect.succeed(skip("the ticket is closed or gone"))
      : Effect.fail(fromPort(error))
  }),
  Effect.catchTag("SupportAgentError", (error) => Effect.fail(fromPort(error))),
)
