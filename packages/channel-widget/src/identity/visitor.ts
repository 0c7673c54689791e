/** Who writes, and in which thread: made from a token's claims. */
import { type Account, type MessageSender, type ThreadHints, ThreadKey, type ThreadRef } from "@opencx/core"
import { createHash } from "node:crypto"
import type { WidgetSettings } from "../settings.ts"
import type { Claims } from "./tokens.ts"

const hash = (kind: string, text: string): string =>
  createHash("sha256").update(`${kind}/${text}`).digest("hex").slice(0, 40)

/** A person behind a token. */
export interface Visitor {
  readonly claims: Claims
  /** Public id of the person, and name of their storage in the browser. */
  readonly id: string
  readonly identified: boolean
  readonly thread: ThreadHints
  readonly address: string
  readonly sender: MessageSender
}

/** The thread of an identified person: the same on all their devices. */
export const threadOfSubject = (sub: string): string => `u${hash("subject", sub)}`

/** The thread of an anonymous visitor. The secret cannot be found from it. */
const threadOfSecret = (secret: string): string => `v${hash("visitor", secret)}`

export const threadKeyOf = (claims: Claims): string =>
  claims.k === "a" ? threadOfSecret(claims.secret) : claims.thread

const senderOf = (claims: Claims, siteKey: string): MessageSender => {
  if (claims.k === "a") {
    // `verified` says no more than: the same browser as before.
    return { kind: "widget", value: threadOfSecret(claims.secret), verified: true, name: null }
  }
  const also =
    claims.email === null ? {} : { also: [{ kind: "email" as const, value: claims.email, verified: true }] }
  return { kind: "external", value: `${siteKey}:${claims.sub}`, verified: true, name: claims.name, ...also }
}

/** The person whom these claims name. */
export const visitorOf = (claims: Claims, siteKey: string): Visitor => {
  const key = threadKeyOf(claims)
  const sender = senderOf(claims, siteKey)
  return {
    claims,
    id: claims.k === "a" ? key : threadOfSubject(claims.sub),
    identified: claims.k === "u",
    thread: { defaultKey: key, signedKey: null, references: [], participant: sender.value },
    address: JSON.stringify({ thread: key }),
    sender,
  }
}

/** The thread as the engine names it. */
export const threadRef = (account: Account<WidgetSettings>, visitor: Visitor): ThreadRef => ({
  orgId: account.orgId,
  accountId: account.accountId,
  threadKey: ThreadKey.make(visitor.thread.defaultKey),
})

/** Names the owner of a thread in the ids of their messages; null for people whom nobody has named. */
export const ownerMark = (claims: Claims): string | null =>
  claims.k === "a" ? null : hash("owner", claims.sub).slice(0, 16)

const marked = /^(.+)\.u([0-9a-f]{16})$/

/**
 * The id that a message gets in the timeline. Those by an identified person are marked, so that everyone can see later
 * whose the thread has become.
 */
export const messageIdOf = (visitor: Visitor, clientId: string): string => {
  const mark = ownerMark(visitor.claims)
  return mark === null ? clientId : `${clientId}.u${mark}`
}

/** The owner's mark in a line's id, if there is one. */
export const markIn = (lineId: string): string | null => marked.exec(lineId)?.[2] ?? null

/** The browser's own id of a message. */
export const clientIdOf = (lineId: string): string => marked.exec(lineId)?.[1] ?? lineId
