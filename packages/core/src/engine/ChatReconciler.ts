/**
 * The backstop for lost messaging webhooks (Sunshine gives up after 15 minutes): looks at every live chat that humans have, and
 * takes in what they wrote since. What was taken in before is found to be so by its key.
 */
import { Context, Effect, Layer } from "effect"
import type { OrgId } from "../domain/Ids.ts"
import type { ChatLink, Session } from "../domain/Session.ts"
import type { MessagingError, StoreError } from "../errors/PortErrors.ts"
import type { InboundFile } from "../plugin/ChannelEvent.ts"
import { ConversationStore } from "../ports/ConversationStore.ts"
import type { ChatFile, ChatReply, Messaging } from "../ports/Messaging.ts"
import { Ingest } from "./Ingest.ts"
import { Organizations } from "./Organizations.ts"
import { chatReplyKey } from "./takeChat.ts"

/** Chats in one pass; two calls each. */
const perPass = 100
/** Clocks differ, and a session that was just written to may have missed the message before. */
const overlapMs = 3_600_000
/** Bytes of one file that we carry. */
const maxFileBytes = 26_214_400

const inHumanHands = (session: Session): ChatLink | null =>
  session.chat !== null && !session.chat.native && !session.handoffPending ? session.chat : null

/** A file that cannot be had must not hold back the words. */
const fetched = (file: ChatFile) =>
  file.fetch(maxFileBytes).pipe(
    Effect.map((bytes): InboundFile => ({ fileName: file.fileName, contentType: file.contentType, bytes })),
    Effect.option,
  )

export class ChatReconciler extends Context.Service<
  ChatReconciler,
  {
    /** One pass over one organization; answers with how many messages were found that no webhook had told of. */
    pass(orgId: OrgId): Effect.Effect<number, StoreError | MessagingError>
  }
>()("@opencx/core/engine/ChatReconciler") {
  static readonly layer = Layer.effect(
    ChatReconciler,
    Effect.gen(function* () {
      const store = yield* ConversationStore
      const ingest = yield* Ingest
      const organizations = yield* Organizations

      const isKnown = (session: Session, reply: ChatReply) => {
        const { accountId, channel, orgId, threadKey } = session
        return store.wasApplied({ orgId, channel, accountId, threadKey }, chatReplyKey(reply.messageId))
      }

      const take = Effect.fnUntraced(function* (session: Session, chat: ChatLink, reply: ChatReply) {
        const files = yield* Effect.forEach(reply.files, fetched)
        const found = files.flatMap((file) => (file._tag === "Some" ? [file.value] : []))
        const missing = files.length - found.length
        yield* ingest.chat({
          _tag: "Replied",
          orgId: session.orgId,
          chatId: chat.conversationId,
          sessionId: session.id,
          eventKey: chatReplyKey(reply.messageId),
          messageId: reply.messageId,
          text:
            missing === 0 ? reply.text : `${reply.text}\n\n_(${missing} of the files could not be fetched)_`,
          authorName: reply.authorName,
          files: found,
          at: reply.at,
          automatic: reply.automatic,
        })
      })

      const look = Effect.fnUntraced(function* (messaging: Messaging["Service"], session: Session) {
        const chat = inHumanHands(session)
        if (chat === null) return 0
        const { control, replies } = yield* messaging.catchUp(
          chat.conversationId,
          session.updatedAt - overlapMs,
        )
        let taken = 0
        for (const reply of replies) {
          if (yield* isKnown(session, reply)) continue
          yield* take(session, chat, reply)
          taken += 1
        }
        // A webhook that did not come may mean that we are not told: asking once more costs one call.
        if (taken > 0 && control === "humans")
          yield* messaging
            .listen(chat.conversationId)
            .pipe(Effect.catch((error) => Effect.logWarning("We may not hear of a live chat", error.message)))
        if (control !== chat.control) {
          yield* ingest.chat({
            _tag: "Control",
            orgId: session.orgId,
            chatId: chat.conversationId,
            sessionId: session.id,
            eventKey: `chat-control:${chat.conversationId}:${session.updatedAt}:${control}`,
            control,
            reason: null,
            // Not older than what is known: this was read just now.
            at: chat.controlAt ?? session.updatedAt,
          })
        }
        return taken
      })

      const pass = Effect.fn("ChatReconciler.pass")(function* (orgId: OrgId) {
        const { messaging } = yield* organizations.get(orgId).pipe(Effect.orDie)
        if (messaging === null) return 0
        const sessions = yield* store.sessions(orgId, { states: ["human", "handing_off"], limit: perPass })
        let found = 0
        for (const session of sessions) found += yield* look(messaging, session)
        return found
      })
      return { pass }
    }),
  )
}
