/** Opens the live chat of a session: customer, conversation, control. Every step may be repeated after a crash. */
import type { ChatDraft, OpenedChat } from "@opencx/core"
import { ChatId } from "@opencx/core"
import { Effect, Result } from "effect"
import type { CallFailure } from "../../client/Failure.ts"
import { jsonText } from "../../client/Json.ts"
import { sunshineReason } from "../client/SunshineReasons.ts"
import { splitText } from "@opencx/core"
import { AppEnvelope, ConversationEnvelope, type ConversationWire, ParticipantList } from "../wire/ApiWire.ts"
import { afterWrite, ask, type ChatParts, conversationPath, refusal } from "./Calls.ts"
import { controlOf, readConversation, takeOwn } from "./Control.ts"
import { ensureCustomer } from "./Customer.ts"
import { conversationsOf, findOfSession, isEmpty, newest } from "./Lookup.ts"

const operation = "open"

/** Said in the product's own words, for the administrator. */
export const noMultiConversations = {
  problem:
    "multi-conversations are off: Zendesk keeps one conversation per customer, so that several sessions share it and the humans see them as one chat.",
  fix: "Turn them on in Admin Center > Channels > Messaging and social > Messaging > Manage settings > Multi-conversations (this cannot be undone)",
}
const multiConversationsOff = `${noMultiConversations.problem} ${noMultiConversations.fix}`

/** `created`: made just now. */
interface Found {
  readonly conversation: ConversationWire
  readonly created: boolean
  readonly warnings: ReadonlyArray<string>
}

const found = (conversation: ConversationWire, warnings: ReadonlyArray<string> = []): Found => ({
  conversation,
  created: false,
  warnings,
})

const metadataOf = (draft: ChatDraft): Readonly<Record<string, string>> => ({
  opencx_org_id: draft.orgId,
  opencx_contact_id: draft.contactId,
  opencx_session_id: draft.sessionId,
})

/** Zendesk: a conversation's name has 1 to 100 characters. */
const titleOf = (subject: string): { readonly displayName?: string } => {
  const title = splitText(subject.trim(), { max: 100, unit: "characters" })[0]?.trim() ?? ""
  return title === "" ? {} : { displayName: title }
}

/** The session's conversation of an earlier handoff, if it is still there. */
const reuseKnown = Effect.fnUntraced(function* (parts: ChatParts, conversationId: ChatId) {
  return yield* readConversation(parts, operation, conversationId).pipe(
    Effect.catch((error) => (error.reason._tag === "NotFound" ? Effect.succeed(null) : Effect.fail(error))),
  )
})

const create = (parts: ChatParts, draft: ChatDraft, userId: string) =>
  parts.client
    .json(ConversationEnvelope, {
      method: "POST",
      path: "/conversations",
      json: jsonText({
        type: "personal",
        participants: [{ userId, subscribeSDKClient: false }],
        ...titleOf(draft.subject),
        metadata: metadataOf(draft),
      }),
    })
    .pipe(Effect.map(({ conversation }) => conversation))

/** Whose conversation it is now. Zendesk may merge or replace metadata on a PATCH, so that all of it is sent. */
const claim = Effect.fnUntraced(function* (
  parts: ChatParts,
  draft: ChatDraft,
  conversation: ConversationWire,
) {
  const wanted = metadataOf(draft)
  if (Object.entries(wanted).every(([key, value]) => conversation.metadata?.[key] === value))
    return conversation
  const answer = yield* ask(
    parts.client,
    operation,
    { what: `conversation ${conversation.id}`, repeatable: true },
    ConversationEnvelope,
    {
      method: "PATCH",
      path: conversationPath(conversation.id),
      json: jsonText({ metadata: { ...conversation.metadata, ...wanted } }),
    },
  )
  return answer.conversation
})

/** Refusals that may mean "one conversation per customer"; which one Zendesk sends is not documented. */
const mayMeanSingle = (failure: CallFailure): boolean =>
  failure.kind === "status" && [400, 403, 409, 422].includes(failure.status ?? 0)

/** A refused second conversation: with multi-conversations off the customer's only one is used again. */
const reuseOnly = Effect.fnUntraced(function* (parts: ChatParts, userId: string, failure: CallFailure) {
  const error = refusal(operation, sunshineReason(failure, { what: "a new conversation" }))
  if (!mayMeanSingle(failure)) return yield* error
  const { app } = yield* ask(parts.client, operation, { what: "the app" }, AppEnvelope, {
    method: "GET",
    path: "",
  })
  if (app.settings?.multiConvoEnabled === true) return yield* error
  const only = newest(yield* conversationsOf(parts, userId))
  return only === null ? yield* error : found(only, [multiConversationsOff])
})

const conversationFor = Effect.fnUntraced(function* (parts: ChatParts, draft: ChatDraft, userId: string) {
  const earlier = draft.checkFirst ? yield* findOfSession(parts, userId, draft.sessionId) : null
  if (earlier !== null) return found(earlier)
  const fresh = yield* Effect.result(create(parts, draft, userId))
  if (Result.isFailure(fresh)) return yield* reuseOnly(parts, userId, fresh.failure)
  return { conversation: fresh.success, created: true, warnings: [] } satisfies Found
})

/**
 * A conversation that the humans have, and in which something was said, stays with them: nobody is interrupted. An empty
 * one was only assigned to them when it was made.
 */
const staysWithHumans = Effect.fnUntraced(function* (parts: ChatParts, at: Found) {
  const control = controlOf(at.conversation.activeSwitchboardIntegration, parts)
  return control === "humans" && !(yield* isEmpty(parts, at.conversation.id))
})

const settle = Effect.fnUntraced(function* (parts: ChatParts, draft: ChatDraft, at: Found) {
  const conversation = at.created ? at.conversation : yield* claim(parts, draft, at.conversation)
  if (at.created || !(yield* staysWithHumans(parts, at))) yield* takeOwn(parts, operation, conversation)
})

/** Whose conversation it is. Asked of itself, because two customers may have become one since it was made. */
const ownerOf = Effect.fnUntraced(function* (parts: ChatParts, conversation: ConversationWire) {
  const { participants } = yield* ask(
    parts.client,
    operation,
    { what: `conversation ${conversation.id}` },
    ParticipantList,
    { method: "GET", path: conversationPath(conversation.id, "/participants") },
  )
  return participants[0]?.userId ?? null
})

const opened = (at: Found, userId: string, warnings: ReadonlyArray<string>): OpenedChat => ({
  conversationId: ChatId.make(at.conversation.id),
  userId,
  created: at.created,
  warnings: [...warnings, ...at.warnings],
})

/** Makes sure of the customer and the conversation, and has control of it at the end. */
export const open = Effect.fnUntraced(function* (parts: ChatParts, draft: ChatDraft) {
  const known = draft.known === null ? null : yield* reuseKnown(parts, draft.known)
  const owner = known === null ? null : yield* ownerOf(parts, known)
  if (known !== null && owner !== null) {
    yield* settle(parts, draft, found(known))
    return opened(found(known), owner, [])
  }
  const customer = yield* ensureCustomer(parts, draft, draft.known !== null || draft.checkFirst)
  const at = yield* conversationFor(parts, draft, customer.userId)
  yield* settle(parts, draft, at).pipe(Effect.mapError(afterWrite))
  return opened(at, customer.userId, customer.warnings)
})
