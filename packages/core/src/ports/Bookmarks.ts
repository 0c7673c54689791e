/** How far a feed of another system was read, so that a restart goes on there. */
import { Context, type Effect } from "effect"
import type { OrgId } from "../domain/Ids.ts"
import type { StoreError } from "../errors/PortErrors.ts"

export class Bookmarks extends Context.Service<
  Bookmarks,
  {
    /** The place that was kept last for this feed of the organization; null when it was never read. */
    get(orgId: OrgId, feed: string): Effect.Effect<string | null, StoreError>
    /** `place`: in the words of whoever reads the feed. The latest call holds. */
    keep(orgId: OrgId, feed: string, place: string): Effect.Effect<void, StoreError>
  }
>()("@opencx/core/ports/Bookmarks") {}
