/** What to draft for on a ticket that humans work on, if anything. Pure; whatever is not certain means: stay quiet. */
import type { CommentId } from "../../domain/Ids.ts"
import type { ChangedTicket, ThreadComment, TicketThread } from "../../ports/Ticketing.ts"
import type { AssistMode, AssistSettings, OrganizationSettings } from "../../settings/OrganizationSettings.ts"
import { normalizeTag, tagNamed } from "../../Tagger.ts"

/** `commentIds`: what the draft is about, newest last. `request`: an agent's own words, without the mention. */
export type AssistPlan =
  | { readonly _tag: "Look"; readonly commentIds: ReadonlyArray<CommentId>; readonly request: string | null }
  | { readonly _tag: "Quiet"; readonly why: string }

const quiet = (why: string): AssistPlan => ({ _tag: "Quiet", why })

/** Whether the ticket carries the tag of a conversation of ours. */
const isOurs = (settings: OrganizationSettings, { ticket }: ChangedTicket): boolean =>
  ["handedoff", "autopilot"].some((name) => ticket.tags.includes(tagNamed(settings.tags, name)))

const fits = (rule: AssistSettings["rules"][number], { brandId, groupId, ticket }: ChangedTicket): boolean =>
  (rule.brand === undefined || String(rule.brand) === brandId) &&
  (rule.group === undefined || String(rule.group) === groupId) &&
  (rule.tag === undefined || ticket.tags.map(normalizeTag).includes(normalizeTag(rule.tag)))

/** The mode for this ticket: of the first rule that fits, else the organization's. */
export const modeFor = ({ mode, rules }: AssistSettings, changed: ChangedTicket): AssistMode =>
  rules.find((rule) => fits(rule, changed))?.mode ?? mode

/** Whether any ticket of the organization may get a draft. */
export const isAssistOn = ({ mode, rules }: AssistSettings): boolean =>
  mode !== "off" || rules.some((rule) => rule.mode !== "off")

/** Older comments are never drafted for: what was done about them may be forgotten by then. */
export const newForMs = 48 * 3_600_000

const statuses = new Set(["new", "open", "pending"])

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")

/** Everything of a note but the mention; null when it does not mention us. */
const mentionIn = (text: string, mention: string): string | null => {
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}_.@-])${escaped(mention)}(?![\\p{L}\\p{N}_-])`, "giu")
  // The desk's Markdown may have escaped what is in a mention.
  const plain = text.replace(/\\(?=[@_\-.])/g, "")
  return pattern.test(plain)
    ? plain
        .replace(pattern, " ")
        .replace(/[ \t]+/g, " ")
        .trim()
    : null
}

const lastReply = (comments: ReadonlyArray<ThreadComment>): number =>
  comments.findLastIndex((one) => one.public && (one.by === "agent" || one.by === "us"))

interface Seen {
  readonly handled: ReadonlySet<CommentId>
  readonly now: number
}

const isNew = (one: ThreadComment, { handled, now }: Seen): boolean =>
  !handled.has(one.commentId) && one.createdAt > now - newForMs

const newMention = (comments: ReadonlyArray<ThreadComment>, mention: string, seen: Seen) => {
  const note = comments.findLast(
    (one) => !one.public && one.by === "agent" && mentionIn(one.text, mention) !== null,
  )
  return note !== undefined && isNew(note, seen) ? note : null
}

/** Public words of customers that no human has answered yet. */
const unanswered = (comments: ReadonlyArray<ThreadComment>): ReadonlyArray<ThreadComment> =>
  comments.slice(lastReply(comments) + 1).filter((one) => one.public && one.by === "customer")

/** Why no draft is wanted there, whatever was written; null: its comments decide. */
export const quietTicket = (settings: OrganizationSettings, changed: ChangedTicket): string | null => {
  const { status, tags } = changed.ticket
  if (isOurs(settings, changed)) return "the ticket is one of our own conversations"
  if (!statuses.has(status)) return `the ticket is ${status}`
  if (modeFor(settings.assist, changed) === "off") return "switched off for this ticket"
  return tags.includes(tagNamed(settings.tags, "skipped_topic_no_assist"))
    ? "the ticket carries the tag of topics without drafts"
    : null
}

/** `handled`: comments that were dealt with before. */
export const planAssist = (settings: OrganizationSettings, thread: TicketThread, seen: Seen): AssistPlan => {
  const { assist } = settings
  const { comments } = thread
  const why = quietTicket(settings, thread)
  if (why !== null) return quiet(why)
  const mode = modeFor(assist, thread)
  const note = newMention(comments, assist.mention, seen)
  // In a chat a human answers at once: a note for each line would be in the way. There agents ask.
  const isEvery = mode === "every_comment" && thread.isChat !== true
  const words = isEvery ? unanswered(comments).filter((one) => isNew(one, seen)) : []
  const about = [...words, ...(note === null ? [] : [note])].map((one) => one.commentId)
  if (about.length === 0) return quiet("nothing new that a draft is wanted for")
  const asked = note === null ? "" : (mentionIn(note.text, assist.mention) ?? "")
  return { _tag: "Look", commentIds: about, request: asked === "" ? null : asked }
}

/** How many customer lines at the end no human has answered; at least 1. */
export const unansweredCount = (thread: TicketThread): number =>
  Math.max(1, unanswered(thread.comments).length)
