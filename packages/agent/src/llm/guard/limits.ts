/** How long a reply is on each channel, and where it is read out. Channels cut by themselves; these keep it readable. */
import type { ChannelId } from "@opencx/core"

const byChannel: ReadonlyMap<string, number> = new Map([
  ["sms", 480],
  ["phone", 500],
  ["whatsapp", 1200],
  ["widget", 1500],
  ["email", 3000],
])

/** Characters, without the line of sources. Chats that we do not know are taken for chats. */
export const limitOf = (channel: ChannelId): number => byChannel.get(channel) ?? 1500

export const isSpoken = (channel: ChannelId): boolean => channel === "phone"

/** A question back is a question, not a page. */
export const askLimit = 400

/** Whole sentences up to the limit; a single sentence that is longer ends in an ellipsis. */
export const shorten = (text: string, limit: number): string => {
  const letters = [...text]
  if (letters.length <= limit) return text
  const cut = letters.slice(0, limit).join("")
  const ends = [...cut.matchAll(/[.!?。！？؟।](?=\s|$|[^\x00-\x7F])|\n/gu)]
  const last = ends.at(-1)
  // An end in the first half would lose too much.
  if (last !== undefined && last.index > cut.length / 2) return cut.slice(0, last.index + 1).trim()
  return `${cut.slice(0, Math.max(cut.lastIndexOf(" "), cut.length / 2)).trim()}…`
}
