/** A lane: everything about one provider conversation is handled one at a time, in order. */
import { Option, Schema } from "effect"
import { AccountId, ChannelId, OrgId, ThreadKey, type TicketId } from "./Ids.ts"

export const Lane = Schema.Struct({
  orgId: OrgId,
  channel: ChannelId,
  accountId: AccountId,
  threadKey: ThreadKey,
})
export type Lane = typeof Lane.Type

const decodeLane = Schema.decodeUnknownOption(Lane)

/**
 * The lane as one string of at most 251 characters: 48 + 32 + 48 + 120 and three bars. It is a cluster entity id, and
 * effect/cluster keeps those in a column of 255 (`SqlMessageStorage`, `entity_id`). `|` cannot occur in the first three parts.
 */
export const laneKey = (lane: Lane): string =>
  `${lane.orgId}|${lane.channel}|${lane.accountId}|${lane.threadKey}`

/** The inverse of `laneKey`; null when the text is not a lane key. */
export const parseLaneKey = (key: string): Lane | null => {
  const [orgId, channel, accountId, ...rest] = key.split("|")
  return Option.getOrNull(decodeLane({ orgId, channel, accountId, threadKey: rest.join("|") }))
}

/** The "channel" of tickets that humans work on and the AI drafts for. It has no plugin, so that nothing there can be sent. */
export const assistChannel = ChannelId.make("helpdesk-assist")
const assistAccount = AccountId.make("tickets")

/** Everything about one such ticket, in order. Its session is the record of what was drafted; no customer is part of it. */
export const assistLane = (orgId: OrgId, ticketId: TicketId): Lane => ({
  orgId,
  channel: assistChannel,
  accountId: assistAccount,
  threadKey: ThreadKey.make(ticketId),
})

export const isAssist = ({ channel }: Pick<Lane, "channel">): boolean => channel === assistChannel
