/** Finding sessions of an organization by what operators know of them: for the command line, the console and the API. */
import { Context, type Effect } from "effect"
import type { ChannelId, OrgId, SessionId } from "../domain/Ids.ts"
import type { Session, SessionState } from "../domain/Session.ts"
import type { Work } from "../domain/Work.ts"
import type { StoreError } from "../errors/PortErrors.ts"

/** All conditions hold together; one that is not given does not count. */
export interface SessionQuery {
  /** What the help desk knows the conversation by: a session's id (a ticket's `external_id`), a ticket's or a chat's id. */
  readonly externalId?: string | undefined
  /** A contact's id or one of its addresses; where nobody has it, a part of the name. */
  readonly contact?: string | undefined
  /** A tag as it went to the help desk, at a handoff or with a draft for its agents. */
  readonly tag?: string | undefined
  readonly channel?: ChannelId | undefined
  readonly states?: ReadonlyArray<SessionState> | undefined
  /**
   * Words that stand in the subject or in any line of the timeline. Upper and lower case are the same; in the embedded
   * database that holds for the letters A to Z alone.
   */
  readonly text?: string | undefined
  /** Epoch milliseconds: last changed in `[since, until)`. */
  readonly since?: number | undefined
  readonly until?: number | undefined
}

/** Where the last page ended. */
export interface SessionCursor {
  readonly updatedAt: number
  readonly id: SessionId
}

export interface SessionPage {
  /** Newest change first. */
  readonly sessions: ReadonlyArray<Session>
  /** For the next page; null when there is none. */
  readonly next: SessionCursor | null
}

export class SessionSearch extends Context.Service<
  SessionSearch,
  {
    /** At most `limit` (1 to 500) sessions after the cursor. A page may be short although there is a next one. */
    search(
      orgId: OrgId,
      query: SessionQuery,
      page: { readonly limit: number; readonly after: SessionCursor | null },
    ): Effect.Effect<SessionPage, StoreError>
    /** Everything that a session asked of the outside world and that is still kept, oldest first. */
    work(orgId: OrgId, id: SessionId): Effect.Effect<ReadonlyArray<Work>, StoreError>
    /** Every organization that has sessions here, also one that no configuration names any more. */
    readonly organizations: Effect.Effect<ReadonlyArray<OrgId>, StoreError>
  }
>()("@opencx/core/ports/SessionSearch") {}
