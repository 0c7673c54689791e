/**
 * Which provider conversation belongs to which thread. Email is why this exists: a reply names older messages by
 * Message-ID, and only a participant may continue a thread that way.
 */
import { Context, type Effect } from "effect"
import type { AccountId, OrgId, ThreadKey } from "../domain/Ids.ts"
import type { StoreError } from "../errors/PortErrors.ts"

export interface ThreadScope {
  readonly orgId: OrgId
  readonly accountId: AccountId
}

export class Threads extends Context.Service<
  Threads,
  {
    /** The newest thread that holds one of these message ids and has `participant` in it; null if there is none. */
    findByMessageIds(
      scope: ThreadScope,
      messageIds: ReadonlyArray<string>,
      participant: string,
    ): Effect.Effect<ThreadKey | null, StoreError>
    /** True when the thread exists. */
    exists(scope: ThreadScope, key: ThreadKey): Effect.Effect<boolean, StoreError>
    /** Remembers message ids and participants of a thread; repeating is harmless. */
    record(
      scope: ThreadScope,
      key: ThreadKey,
      input: { readonly messageIds: ReadonlyArray<string>; readonly participants: ReadonlyArray<string> },
    ): Effect.Effect<void, StoreError>
    /** The thread's reply address, as the channel plugin wrote it (JSON), or null. */
    address(scope: ThreadScope, key: ThreadKey): Effect.Effect<string | null, StoreError>
    setAddress(scope: ThreadScope, key: ThreadKey, address: string): Effect.Effect<void, StoreError>
  }
>()("@opencx/core/ports/Threads") {}
