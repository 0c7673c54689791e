/** News from the live chat: given to the humans, words of theirs, and who has it now. */
import type { ChatControl, ChatLink } from "../../domain/Session.ts"
import type { Outcome, Task, Work } from "../../domain/Work.ts"
import type { LaneEvent } from "../LaneEvent.ts"
import { handedOver } from "./desk.ts"
import type { Draft } from "./Draft.ts"
import { forward, handBack, note } from "./steps.ts"

type ChatReady = Extract<Outcome, { _tag: "ChatReady" }>
type OpenChat = Extract<Task, { _tag: "OpenChat" }>
type ChatReply = Extract<LaneEvent, { _tag: "ChatReply" }>
type ControlChanged = Extract<LaneEvent, { _tag: "ChatControlChanged" }>

/** The link to this chat, kept or made: news may come before our own note of having opened it. */
const linkOf = (draft: Draft, conversationId: ChatLink["conversationId"], control: ChatControl): ChatLink => {
  const { chat } = draft.session
  return chat?.conversationId === conversationId
    ? chat
    : { conversationId, userId: null, native: false, control, controlAt: null, humansHadIt: false }
}

const isHumans = ({ state }: Draft["session"]): boolean => state === "human" || state === "handing_off"

/** The chat is confirmed to be with the humans. */
export const chatReady = (draft: Draft, task: OpenChat, outcome: ChatReady, epoch: Work["epoch"]): void => {
  const link = linkOf(draft, outcome.conversationId, "humans")
  // A replay gives it to them once more.
  const isOver = epoch === 0 && link.humansHadIt && haveLetGo(link, link.control)
  draft.set({
    chat: { ...link, userId: outcome.userId, control: isOver ? link.control : "humans" },
    forwardedSeq: Math.max(draft.session.forwardedSeq, outcome.upToSeq),
    language: draft.session.language ?? outcome.brief.language,
  })
  draft.add({
    _tag: "HandoffConfirmed",
    ticketId: null,
    chatId: outcome.conversationId,
    brief: outcome.brief,
    created: outcome.created,
    tags: outcome.tags,
  })
  for (const text of outcome.warnings) draft.add({ _tag: "SystemEvent", text })
  draft.order({ _tag: "MergeIdentity" })
  if (!isOver) return handedOver(draft, task, epoch)
  draft.set({ handoffPending: false })
  handBack(draft, reasons[link.control])
}

const reasons: Record<ChatControl, string> = {
  ours: "the help desk gave the chat back",
  nobody: "the help desk released the chat",
  bot: "the help desk's own bot has the chat: set Conversation control to Release control",
  humans: "the humans have the chat",
  other: "another integration has the chat",
}

/** Whether the humans are through with a chat. On a channel of ours the help desk's own bot is nobody who could answer. */
export const haveLetGo = ({ native }: ChatLink, control: ChatControl): boolean =>
  control === "ours" || control === "nobody" || (control === "bot" && !native)

/**
 * Who has the chat, by an event or by a look. Where we own the channel, the AI goes on as soon as the humans have let go,
 * whoever Zendesk gave the chat to. Where Zendesk owns it, we speak only while it is ours.
 */
const settleControl = (draft: Draft, control: ChatControl, reason: string | null): void => {
  const { chat, handoffPending } = draft.session
  // While a handoff is under way the chat is ours for a moment, on purpose.
  if (chat === null || handoffPending) return
  const letGo = haveLetGo(chat, control)
  if (isHumans(draft.session) && letGo) {
    handBack(draft, reason === null ? reasons[control] : `${reasons[control]} (${reason})`)
  } else if (draft.session.state === "ai" && !letGo) {
    draft.set({ state: "human", turn: null })
    draft.add({ _tag: "SystemEvent", text: `The AI is silent: ${reasons[control]}` })
  }
}

/** On a channel of the help desk's we may answer only while the chat is ours, not just because nobody else has it. */
export const mayAnswer = ({ session }: Draft): boolean =>
  session.chat === null || !session.chat.native || session.chat.control === "ours"

/** Notes who has the chat, and draws the conclusions. */
export const controlIs = (
  draft: Draft,
  conversationId: ChatLink["conversationId"],
  control: ChatControl,
  reason: string | null,
  at: number,
): void => {
  const { chat } = draft.session
  const known = chat?.conversationId === conversationId
  // A chat of an earlier handoff: what becomes of it concerns nobody any more.
  if (chat !== null && !known) return
  if (known && chat.controlAt !== null && at < chat.controlAt) return
  const changed = !known || chat.control !== control
  const link = linkOf(draft, conversationId, control)
  draft.set({
    chat: { ...link, control, controlAt: at, humansHadIt: link.humansHadIt || control === "humans" },
  })
  if (changed) draft.add({ _tag: "ChatControlChanged", chatId: conversationId, control, reason }, at)
  settleControl(draft, control, reason)
}

export const controlChanged = (draft: Draft, event: ControlChanged): void =>
  controlIs(draft, event.chatId, event.control, event.reason, event.at)

/** A human has written. Their words go to the customer, unless the help desk has brought them there itself. */
export const chatReply = (draft: Draft, event: ChatReply): void => {
  const link = linkOf(draft, event.chatId, "humans")
  const before = draft.session.state
  draft.set({ chat: link })
  const seq = draft.add(
    {
      _tag: "HumanReply",
      text: event.text,
      authorName: event.authorName,
      commentId: null,
      ticketId: null,
      chatMessageId: event.messageId,
      attachments: event.attachments,
      deliveryId: draft.deliveryId(),
      byDesk: link.native,
    },
    event.at,
  )
  if (!link.native) draft.order({ _tag: "Deliver", seq })
  if (event.automatic) return
  // Written before the humans let go, and told after it: the customer gets the words, and the AI keeps the conversation.
  if (link.controlAt !== null && event.at < link.controlAt && haveLetGo(link, link.control)) return
  draft.set({ state: "human", humanName: event.authorName ?? draft.session.humanName })
  // A human who takes over by writing has not seen what the AI was about to answer.
  if (before !== "human") forward(draft)
}

export const chatNews = (draft: Draft, text: string): void => note(draft, text)
