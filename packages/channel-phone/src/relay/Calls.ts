/** Calls of this process: which are live, and what became of the others lately. Shared by routes, webhooks and senders. */
import type { AccountId, OrgId } from "@opencx/core"
import type { LiveCall } from "./LiveCall.ts"

/** Calls that are remembered after their end; the oldest are forgotten first. */
const PAST = 5_000
/** Relay tokens that are remembered, so that each opens one socket. */
const TOKENS = 20_000

export type Past = "ended" | "transferred"

export const callKey = (
  account: { readonly orgId: OrgId; readonly accountId: AccountId },
  callSid: string,
): string => `${account.orgId}/${account.accountId}/${callSid}`

const forgetOldest = (memory: Map<string, unknown> | Set<string>, limit: number): void => {
  const oldest = memory.keys().next()
  if (memory.size > limit && oldest.done !== true) memory.delete(oldest.value)
}

export class Calls {
  private readonly live = new Map<string, LiveCall>()
  private readonly past = new Map<string, Past>()
  private readonly tokens = new Set<string>()

  get size(): number {
    return this.live.size
  }

  find(key: string): LiveCall | null {
    return this.live.get(key) ?? null
  }

  /** Enters a call; answers with the one that was there before, which its new connection replaces. */
  enter(key: string, call: LiveCall): LiveCall | null {
    const before = this.live.get(key) ?? null
    this.live.set(key, call)
    this.past.delete(key)
    return before
  }

  /** Takes a call out, unless another connection has replaced it. True when the call has no connection now. */
  leave(key: string, call: LiveCall): boolean {
    if (this.live.get(key) === call) this.live.delete(key)
    return !this.live.has(key)
  }

  /** Notes that text can no longer be spoken in a call. */
  over(key: string, how: Past): void {
    this.past.delete(key)
    this.past.set(key, how)
    forgetOldest(this.past, PAST)
  }

  pastOf(key: string): Past | null {
    return this.past.get(key) ?? null
  }

  /** True the first time. */
  claim(token: string): boolean {
    if (this.tokens.has(token)) return false
    this.tokens.add(token)
    forgetOldest(this.tokens, TOKENS)
    return true
  }
}
