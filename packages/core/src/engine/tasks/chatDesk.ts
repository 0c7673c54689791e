/** Work on a live chat that the humans have, or had: the customer's new words, our notes, and taking it back. */
import { Effect } from "effect"
import type { ChatLink, Session } from "../../domain/Session.ts"
import type { Outcome, Task, Work } from "../../domain/Work.ts"
import { Contacts } from "../../ports/Contacts.ts"
import { haveLetGo } from "../machine/chat.ts"
import { customerLines, entryMarker } from "./chatLines.ts"
import { entriesOf, filesOf, messagingOf, organizationOf, sessionOf } from "./context.ts"
import { fromPort } from "./TaskFailure.ts"

type Note = Extract<Task, { _tag: "Note" }>

const skip = (why: string): Outcome => ({ _tag: "Skipped", why })

const deskOf = Effect.fnUntraced(function* (session: Session) {
  return yield* messagingOf(yield* organizationOf(session.orgId))
})

/**
 * The customer's new messages, each as one. First a look at who has the chat: a signal of its release may have got lost, and
 * words that go to a chat nobody reads would be answered by nobody.
 */
export const forwardToChat = Effect.fnUntraced(
  function* (work: Work, session: Session, chat: ChatLink) {
    const messaging = yield* deskOf(session)
    const control = yield* messaging.control(chat.conversationId)
    if (haveLetGo(chat, control))
      return {
        _tag: "ChatControlFound",
        conversationId: chat.conversationId,
        control,
      } satisfies Outcome
    const upToSeq = session.customerSeq
    const unseen = yield* entriesOf(session, session.forwardedSeq)
    const lines = customerLines(unseen.filter(({ seq }) => seq <= upToSeq))
    for (const line of lines) {
      yield* messaging.post({
        conversationId: chat.conversationId,
        userId: chat.userId ?? "",
        marker: line.marker,
        author: line.author,
        authorName: null,
        text: line.text,
        files: yield* filesOf(session.orgId, line.files),
        silent: false,
        // A run that was cut off may have posted any of them.
        checkFirst: work.attempts > 0 || work.step !== null,
      })
    }
    return { _tag: "Forwarded", upToSeq } satisfies Outcome
  },
  Effect.catchTag("MessagingError", (error) => Effect.fail(fromPort(error))),
)

/** For the humans' eyes only. What the transcript of the handoff shows already is not said again. */
export const noteInChat = Effect.fnUntraced(
  function* (work: Work, session: Session, chat: ChatLink, { entrySeq, text }: Note, tried: boolean) {
    const messaging = yield* deskOf(session)
    yield* messaging.post({
      conversationId: chat.conversationId,
      userId: chat.userId ?? "",
      marker: entrySeq === undefined ? `n:${work.id}` : entryMarker(session.id, entrySeq),
      author: "system",
      authorName: null,
      text,
      files: [],
      silent: true,
      checkFirst: tried || entrySeq !== undefined,
    })
    return { _tag: "Noted" } satisfies Outcome
  },
  Effect.catchTag("MessagingError", (error) => Effect.fail(fromPort(error))),
)

export const runTakeChatBack = Effect.fnUntraced(
  function* (work: Work) {
    const session = yield* sessionOf(work)
    if (session.chat === null) return skip("the session has no live chat")
    // A new handoff has begun meanwhile: the humans shall keep it.
    if (session.state !== "ai") return skip("the humans have been asked again")
    const messaging = yield* deskOf(session)
    yield* messaging.takeBack(session.chat.conversationId)
    return {
      _tag: "ChatControlFound",
      conversationId: session.chat.conversationId,
      control: "ours",
    } satisfies Outcome
  },
  Effect.catchTag("MessagingError", (error) => Effect.fail(fromPort(error))),
)

export const runMergeIdentity = Effect.fnUntraced(
  function* (work: Work) {
    const session = yield* sessionOf(work)
    const organization = yield* organizationOf(session.orgId)
    const { identityMerge } = organization
    if (identityMerge === null) return skip("no credentials to look for known people")
    if (session.chat === null || session.chat.userId === null) return skip("the session has no live chat")
    const contact = yield* (yield* Contacts).get(session.orgId, session.contactId)
    if (contact === null) return skip("the contact does not exist any more")
    const decided = yield* identityMerge.merge({
      contact,
      order: organization.channels.get(session.accountId)?.bound.plugin.identity ?? [],
      chatUserId: session.chat.userId,
    })
    return { _tag: "IdentityDecided", ...decided } satisfies Outcome
  },
  Effect.catchTag("IdentityMergeError", (error) => Effect.fail(fromPort(error))),
)
