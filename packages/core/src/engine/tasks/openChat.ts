/**
 * The handoff as a live chat: brief, conversation, transcript, then the humans get control, and we look until it is so. A
 * 200 to "pass control" proves nothing. Step memory says how far we came; whatever may have been done twice is looked up.
 */
import { Clock, Effect, Schedule, Schema } from "effect"
import { Brief } from "../../domain/Brief.ts"
import { identityOf } from "../../domain/Contact.ts"
import type { Entry } from "../../domain/Entry.ts"
import { ChatId } from "../../domain/Ids.ts"
import type { Session } from "../../domain/Session.ts"
import type { Outcome, Task, Work } from "../../domain/Work.ts"
import { ConversationStore } from "../../ports/ConversationStore.ts"
import { Contacts } from "../../ports/Contacts.ts"
import type { ChatCustomer, Messaging } from "../../ports/Messaging.ts"
import type { Organization } from "../Organizations.ts"
import { RetryPolicy } from "../RetryPolicy.ts"
import { subjectOf } from "../transcript.ts"
import { briefOf, handoffTags } from "./brief.ts"
import { type ChatLine, chatLines } from "./chatLines.ts"
import { entriesOf, filesOf, messagingOf, organizationOf, sessionOf, sessionUrl } from "./context.ts"
import { FilledFields, fillFields } from "./fields.ts"
import { stepMemory } from "./steps.ts"
import { fromPort, permanent, TaskFailure } from "./TaskFailure.ts"

type OpenChat = Extract<Task, { _tag: "OpenChat" }>

const Step = Schema.Struct({
  brief: Brief,
  upToSeq: Schema.Int,
  opened: Schema.NullOr(
    Schema.Struct({
      conversationId: ChatId,
      userId: Schema.String,
      created: Schema.Boolean,
      warnings: Schema.Array(Schema.String),
    }),
  ),
  /** How many lines of the transcript are posted. */
  posted: Schema.Int,
  firstMessageId: Schema.NullOr(Schema.String),
  /** How often control was passed without effect. */
  passes: Schema.Int,
  filled: FilledFields.pipe(Schema.withDecodingDefault(Effect.succeed({ values: [], remarks: [] }))),
})
type Step = typeof Step.Type

const memory = stepMemory(Step)

/** Passes without effect after which the handoff is given up (`reference`: others saw chats that stayed with the bot). */
const maxPasses = 3

interface Scene {
  readonly work: Work
  readonly session: Session
  readonly organization: Organization
  readonly messaging: Messaging["Service"]
  /** True when an earlier run may have written something that is not in the step memory. */
  readonly resumed: boolean
}

const customerOf = Effect.fnUntraced(function* (session: Session) {
  const contacts = yield* Contacts
  const contact = yield* contacts.get(session.orgId, session.contactId)
  if (contact === null) return yield* permanent("The contact of this session does not exist any more.")
  const email = identityOf(contact, "email")
  const customer: ChatCustomer = {
    externalId: contact.id,
    name: contact.name,
    // A claimed address would link the chat to whoever really has it.
    email: email?.verified === true ? email.value : null,
    phone: identityOf(contact, "phone")?.value ?? null,
    locale: contact.locale,
  }
  return customer
})

const open = Effect.fnUntraced(function* (scene: Scene, step: Step, entries: ReadonlyArray<Entry>) {
  const { messaging, resumed, session, work } = scene
  if (step.opened !== null) return { ...step, opened: step.opened }
  const { chat } = session
  const opened =
    chat !== null && chat.native
      ? { conversationId: chat.conversationId, userId: chat.userId ?? "", created: false, warnings: [] }
      : yield* messaging.open({
          orgId: session.orgId,
          contactId: session.contactId,
          sessionId: session.id,
          customer: yield* customerOf(session),
          subject: subjectOf(session, entries),
          known: chat?.conversationId ?? null,
          checkFirst: resumed,
        })
  const next = { ...step, opened }
  yield* memory.write(work, next)
  return next
})

type Opened = Effect.Success<ReturnType<typeof open>>

const post = Effect.fnUntraced(function* (scene: Scene, { opened }: Opened, line: ChatLine, first: boolean) {
  return yield* scene.messaging.post({
    conversationId: opened.conversationId,
    userId: opened.userId,
    marker: line.marker,
    author: line.author,
    authorName: line.authorName,
    text: line.text,
    files: yield* filesOf(scene.session.orgId, line.files),
    silent: line.author !== "customer",
    // Only the line that an earlier run was at can be there without our knowing.
    checkFirst: scene.resumed && first,
  })
})

const postAll = Effect.fnUntraced(function* (scene: Scene, start: Opened, lines: ReadonlyArray<ChatLine>) {
  let step = start
  for (const [offset, line] of lines.slice(start.posted).entries()) {
    const ids = yield* post(scene, step, line, offset === 0)
    step = {
      ...step,
      posted: start.posted + offset + 1,
      firstMessageId: step.firstMessageId ?? ids[0] ?? null,
    }
    yield* memory.write(scene.work, step)
  }
  return step
})

/** Humans who were quick, or whom an earlier run has reached, may be through with it. A replay is a new wish. */
const hadIt = ({ work }: Scene, { chat }: Session, { opened }: Opened): boolean =>
  work.epoch === 0 && chat?.conversationId === opened.conversationId && chat.humansHadIt

/** An event is quicker than a look and costs nothing; the look is for events that got lost. */
const confirmed = Effect.fnUntraced(function* (scene: Scene, step: Opened) {
  const { messaging, session } = scene
  const { conversationId } = step.opened
  const store = yield* ConversationStore
  const { confirmMs, lookMs } = yield* RetryPolicy
  const began = yield* Clock.currentTimeMillis
  for (let look = 0; ; look += 1) {
    yield* Effect.sleep(look === 0 ? lookMs / 2 : lookMs)
    const now = yield* store.session(session.orgId, session.id)
    const { chat } = now ?? session
    if (chat?.conversationId === conversationId && chat.control === "humans") return true
    if (hadIt(scene, now ?? session, step)) return true
    if (look > 0 && (yield* messaging.control(conversationId)) === "humans") return true
    if ((yield* Clock.currentTimeMillis) - began > confirmMs) return false
  }
})

/** Times that we ask again to hear of a chat which the humans have already. */
const listenTries = 3

const deaf =
  "Zendesk has given the chat to the agents but did not take our wish to hear of it, so that their answers may arrive late. Switch on deliverStandbyEvents for our switchboard integration."

/** What goes wrong here must not undo the handoff: it is tried a few times, then told. Lost answers are found by looking. */
const listenAgain = Effect.fnUntraced(function* (scene: Scene, { opened }: Opened) {
  const { baseMs } = yield* RetryPolicy
  return yield* scene.messaging.listen(opened.conversationId).pipe(
    Effect.retry({ times: listenTries - 1, schedule: Schedule.exponential(baseMs) }),
    Effect.as<ReadonlyArray<string>>([]),
    Effect.catch((error) => Effect.as(Effect.logWarning(deaf, error.message), [deaf])),
  )
})

const leftOut = (dropped: ReadonlyArray<string>) =>
  dropped.map((field) => `Field ${field} did not fit into the handoff and was left out.`)

/** Answers with what people should know about a pass that is done. */
const pass = Effect.fnUntraced(function* (scene: Scene, task: OpenChat, step: Opened) {
  const { messaging, organization, session, work } = scene
  // An earlier run may have done it; asking is cheaper than a second pass. It may have ended before it asked to hear more.
  if (scene.resumed) {
    if ((yield* messaging.control(step.opened.conversationId)) === "humans")
      return yield* listenAgain(scene, step)
    if (hadIt(scene, session, step)) return []
  }
  const customer = yield* customerOf(session)
  const { dropped, listening } = yield* messaging.pass({
    conversationId: step.opened.conversationId,
    tags: handoffTags(organization, session, task.reason, step.brief, false),
    fields: step.filled.values.map(({ id, value }) => ({ id, value })),
    requester: { name: customer.name, email: customer.email },
    firstMessageId: step.firstMessageId,
  })
  if (yield* confirmed(scene, step))
    return [...leftOut(dropped), ...(listening ? [] : yield* listenAgain(scene, step))]
  const passes = step.passes + 1
  yield* memory.write(work, { ...step, passes })
  if (passes >= maxPasses)
    return yield* permanent(`Zendesk did not give the chat to the agents, although we asked ${passes} times.`)
  return yield* new TaskFailure({
    explanation: "Zendesk has not given the chat to the agents yet",
    retryable: true,
    afterMs: null,
  })
})

export const runOpenChat = Effect.fnUntraced(
  function* (work: Work, task: OpenChat) {
    const session = yield* sessionOf(work)
    const organization = yield* organizationOf(session.orgId)
    const messaging = yield* messagingOf(organization)
    const all = yield* entriesOf(session)
    const before = yield* memory.read(work)
    const scene: Scene = {
      work,
      session,
      organization,
      messaging,
      resumed: before !== null || work.epoch > 0,
    }
    const step = before ?? {
      filled: yield* fillFields(work, organization, session, all),
      brief: yield* briefOf(organization, session, all, task.reason),
      upToSeq: session.customerSeq,
      opened: null,
      posted: 0,
      firstMessageId: null,
      passes: 0,
    }
    if (before === null) yield* memory.write(work, step)
    const opened = yield* open(scene, step, all)
    const lines = chatLines({
      session,
      brief: step.brief,
      handoff: task.handoff,
      windowMinutes:
        organization.channels.get(session.accountId)?.bound.plugin.capabilities.replyWindowMinutes ?? null,
      sessionUrl: yield* sessionUrl(session),
      // What the customer wrote after the brief comes by itself; in the transcript too it would stand twice.
      entries: all.filter((e) => e.body._tag !== "CustomerMessage" || e.seq <= step.upToSeq),
    })
    const posted = yield* postAll(scene, opened, lines)
    const remarks = yield* pass(scene, task, posted)
    return {
      _tag: "ChatReady",
      conversationId: posted.opened.conversationId,
      userId: posted.opened.userId,
      created: posted.opened.created,
      brief: step.brief,
      upToSeq: step.upToSeq,
      warnings: [...posted.opened.warnings, ...posted.filled.remarks, ...remarks],
      tags: handoffTags(organization, session, task.reason, step.brief, false),
    } satisfies Outcome
  },
  Effect.catchTag("MessagingError", (error) => Effect.fail(fromPort(error))),
)
