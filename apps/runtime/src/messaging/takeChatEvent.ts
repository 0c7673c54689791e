/** What a messaging webhook tells, passed on to the engine: words to the right session, control to whom it concerns. */
import {
  ChatId,
  chatReplyKey,
  ContactId,
  Contacts,
  type InboundFile,
  Ingest,
  type OrgId,
  type SessionId,
} from "@opencx/core"
import type { ChatEvent, MessageFile } from "@opencx/zendesk"
import { Effect, Option, Schema } from "effect"
import type { MessagingAccount } from "../layers/MessagingAccounts.ts"
import { customerMessage, type CustomerWrote } from "./customerMessage.ts"
import { nativeAccountOf } from "./nativeChannels.ts"

/** Bytes of one file that we carry; and how long all files of one message may take, well within Zendesk's 20 s. */
const maxFileBytes = 26_214_400
const filesWithin = "10 seconds"

const fetchOne = Effect.fnUntraced(function* ({ client }: MessagingAccount, file: MessageFile) {
  const bytes = yield* client.media(file.url, maxFileBytes)
  return {
    fileName: file.name,
    contentType: file.contentType ?? "application/octet-stream",
    bytes,
  } satisfies InboundFile
})

interface Words {
  readonly files: ReadonlyArray<MessageFile>
  readonly text: string
}

/** A file that cannot be had must not hold back the words; they say that it is missing. */
const withFiles = Effect.fnUntraced(function* (account: MessagingAccount, { files, text }: Words) {
  const fetched = yield* Effect.forEach(files, (file) => Effect.option(fetchOne(account, file)), {
    concurrency: 3,
  }).pipe(Effect.timeoutOption(filesWithin))
  const found = Option.getOrElse(fetched, () => files.map(() => Option.none<InboundFile>()))
  const missing = found.filter((one) => Option.isNone(one)).length
  const remark =
    missing === 0
      ? ""
      : `_(${missing === 1 ? "an attachment" : `${missing} attachments`} could not be fetched)_`
  return {
    files: found.flatMap((one) => Option.toArray(one)),
    text: [text, remark].filter((part) => part !== "").join("\n\n"),
  }
})

/** Null where there is nothing to fetch. */
const fetchOf = (account: MessagingAccount, words: Words) =>
  words.files.length === 0 ? null : withFiles(account, words)

interface Where {
  readonly orgId: OrgId
  readonly account: MessagingAccount
}

type About = Pick<Extract<ChatEvent, { _tag: "Read" }>, "conversationId" | "session" | "eventId" | "at">

const aboutOf = ({ orgId }: Where, event: About) => {
  const session = event.session?.orgId === orgId ? event.session : null
  return {
    orgId,
    chatId: ChatId.make(event.conversationId),
    sessionId: session?.sessionId ?? (null satisfies SessionId | null),
    eventKey: `sunshine:${event.eventId}`,
    at: event.at,
  }
}

/** A customer of a channel of Zendesk's. In a conversation that we opened, the words came from us. */
const customerWrote = Effect.fnUntraced(function* (where: Where, event: CustomerWrote) {
  const ingest = yield* Ingest
  if (event.session !== null && event.control !== "ours")
    return yield* Effect.logInfo("A customer wrote past us in a chat that a human has")
  yield* ingest.events({ orgId: where.orgId, accountId: nativeAccountOf(event.source.type) }, [
    customerMessage(event, fetchOf(where.account, event)),
  ])
})

const contactId = Schema.decodeUnknownOption(ContactId)

/** Zendesk found two of its users to be one person: where both are contacts of ours, they are one here too. */
const usersMerged = Effect.fnUntraced(function* (
  { orgId }: Where,
  event: Extract<ChatEvent, { _tag: "UsersMerged" }>,
) {
  const survivor = Option.getOrNull(contactId(event.survivingExternalId))
  const discarded = Option.getOrNull(contactId(event.discardedExternalId))
  if (survivor === null || discarded === null) return
  const contacts = yield* Contacts
  const known = yield* Effect.forEach([survivor, discarded], (id) => contacts.get(orgId, id))
  if (known.every((contact) => contact !== null)) yield* contacts.merge(orgId, survivor, discarded)
})

/** One event. Fails only when the journal cannot be written: then the webhook is to come again. */
export const takeChatEvent = Effect.fnUntraced(function* (where: Where, event: ChatEvent) {
  const ingest = yield* Ingest
  switch (event._tag) {
    case "CustomerWrote":
      return yield* customerWrote(where, event)
    case "HumanWrote": {
      const fetch = fetchOf(where.account, event)
      const about = aboutOf(where, event)
      yield* ingest.chat({
        ...about,
        // By message and not by event: reconciliation finds the same message without its event.
        eventKey: chatReplyKey(event.messageId),
        _tag: "Replied",
        messageId: event.messageId,
        text: event.text,
        authorName: event.agentName,
        files: [],
        ...(fetch === null ? {} : { fetch }),
        automatic: event.automatic,
      })
      return yield* ingest.chat({
        ...about,
        eventKey: `${about.eventKey}:control`,
        _tag: "Control",
        control: event.control,
        reason: null,
      })
    }
    case "ControlChanged":
      return event.failure === null
        ? yield* ingest.chat({
            ...aboutOf(where, event),
            _tag: "Control",
            control: event.control,
            reason: event.reason,
          })
        : yield* Effect.logWarning("Zendesk did not pass a chat on", event.failure)
    case "Read":
      return event.author === "customer"
        ? yield* ingest.chat({ ...aboutOf(where, event), _tag: "CustomerRead" })
        : undefined
    case "Typing":
      return event.author === "business" && event.on
        ? yield* ingest.chat({ ...aboutOf(where, event), _tag: "HumanTyping" })
        : undefined
    case "DeliveryFailed": {
      const { conversationId, explanation, final } = event
      return conversationId === null || !final
        ? undefined
        : yield* ingest.chat({
            ...aboutOf(where, { ...event, conversationId }),
            _tag: "News",
            text: `A message could not be delivered to the customer: ${explanation}`,
          })
    }
    case "UsersMerged":
      return yield* usersMerged(where, event)
    case "Ignored":
      return yield* Effect.logDebug("A messaging event was ignored", event.why)
    case "Delivered":
    case "Ended":
      return undefined
  }
})
