/** Synced articles and the search over them. The surface is part of the type: a customer hit is a public article. */
import { Context, type Effect, Schema } from "effect"
import type { OrgId } from "../domain/Ids.ts"
import type { Surface } from "../domain/Surface.ts"
import type { KnowledgeError, StoreError } from "../errors/PortErrors.ts"

/** `public`: anyone may read it. `internal`: agents only. Anything not known to be public is internal. */
export const Visibility = Schema.Literals(["public", "internal"])
export type Visibility = typeof Visibility.Type

/** One article in one language, as it is stored. `key` is unique per source: `<article id>:<locale>`. */
export const Article = Schema.Struct({
  sourceId: Schema.String,
  key: Schema.String,
  articleId: Schema.String,
  locale: Schema.String,
  title: Schema.String,
  /** Category and section names, outermost first. */
  path: Schema.Array(Schema.String),
  /** Markdown. */
  body: Schema.String,
  url: Schema.NullOr(Schema.String),
  visibility: Visibility,
  labels: Schema.Array(Schema.String),
  /** Ids of the audiences that may read it, as the source names them; absent when it is open to everybody. */
  segments: Schema.optionalKey(Schema.Array(Schema.String)),
  /** Ids of the source's content tags; absent when there are none. */
  contentTags: Schema.optionalKey(Schema.Array(Schema.String)),
  /** Epoch milliseconds, by the source. */
  updatedAt: Schema.Number,
  /** SHA-256 (hex) of everything above that can change an answer. */
  hash: Schema.String,
})
export type Article = typeof Article.Type

/** A found passage. `headings`: heading path inside the article. `score`: comparable within one result only. */
export interface Hit<S extends Surface> {
  readonly surface: S
  readonly articleId: string
  readonly locale: string
  readonly title: string
  readonly url: string | null
  readonly headings: ReadonlyArray<string>
  readonly passage: string
  readonly score: number
}

/** Search within one organization. On the `customer` surface internal articles do not exist. */
export class Knowledge extends Context.Service<
  Knowledge,
  {
    search<S extends Surface>(query: {
      readonly orgId: OrgId
      readonly text: string
      readonly surface: S
      /** Preferred locale (BCP-47), or null. */
      readonly locale: string | null
      readonly limit: number
    }): Effect.Effect<ReadonlyArray<Hit<S>>, KnowledgeError>
    /** Takes in what changed in the store since the last call; cheap when nothing did. */
    refresh(orgId: OrgId): Effect.Effect<void, KnowledgeError>
  }
>()("@opencx/core/ports/Knowledge") {}

/** What a listing said of an entry. `failed`: it could not be read or converted; what was stored of it stands. */
export type ListedState = Visibility | "draft" | "failed"

/** One entry of a source's listing, drafts included. */
export interface ListedItem {
  /** As in `Article`. */
  readonly key: string
  /** The part of the source that listed it: a locale, or a locale and a category. */
  readonly shelf: string
  readonly state: ListedState
  /** Fingerprint of all that was read; the same again means that there is nothing to do. */
  readonly mark: string
  /** Epoch milliseconds, by the source. */
  readonly updatedAt: number
}

/** An entry that a run has not seen. `shelf` is null for articles that were stored before listings were kept. */
export interface UnseenItem {
  readonly key: string
  readonly shelf: string | null
  readonly isStored: boolean
}

/** How many entries of a shelf are known, and how many of them are public. */
export interface ShelfCount {
  readonly listed: number
  readonly public: number
}

/** What a source was last seen to list, kept so that a run of any length needs no memory and survives its process. */
export interface SourceListing {
  /** What is known of these keys. */
  items(
    orgId: OrgId,
    sourceId: string,
    keys: ReadonlyArray<string>,
  ): Effect.Effect<ReadonlyMap<string, ListedItem>, StoreError>
  /** Keeps what was listed, as seen by `run`: a number that grows from run to run. */
  see(
    orgId: OrgId,
    sourceId: string,
    run: number,
    items: ReadonlyArray<ListedItem>,
  ): Effect.Effect<void, StoreError>
  forget(orgId: OrgId, sourceId: string, keys: ReadonlyArray<string>): Effect.Effect<void, StoreError>
  /** Everything stored or listed before that `run` has not seen; with `shelf`, only what that shelf listed. */
  unseen(
    orgId: OrgId,
    sourceId: string,
    run: number,
    shelf?: string,
  ): Effect.Effect<ReadonlyArray<UnseenItem>, StoreError>
  counts(orgId: OrgId, sourceId: string): Effect.Effect<ReadonlyMap<string, ShelfCount>, StoreError>
}

/** When a source was synced. Times in epoch milliseconds, by the clock of whoever synced. */
export interface SourceRunStatus {
  /** Who is at it, and until when unless they renew; null when nobody is. */
  readonly holder: string | null
  readonly until: number
  /** Start of the last run that came to its end; null before the first. */
  readonly lastAt: number | null
  /** Not before then, after failures. */
  readonly retryAt: number
  /** Failed runs since the last good one. */
  readonly failures: number
}

/**
 * Who syncs a source, so that one does at a time however many processes there are. A claim is a lease: whoever dies with
 * it loses it when it runs out. The processes' clocks must agree to a fraction of the lease.
 */
export interface SourceRuns {
  /**
   * Takes the source if nobody has it and it is due: its last run began `everyMs` ago or earlier, and no pause after a
   * failure is on. `everyMs: null` takes it whether due or not. True for the one who got it.
   */
  claim(
    orgId: OrgId,
    sourceId: string,
    claim: {
      readonly holder: string
      readonly now: number
      readonly leaseMs: number
      readonly everyMs: number | null
    },
  ): Effect.Effect<boolean, StoreError>
  /** Extends a claim; false when it was lost. */
  renew(
    orgId: OrgId,
    sourceId: string,
    claim: { readonly holder: string; readonly now: number; readonly leaseMs: number },
  ): Effect.Effect<boolean, StoreError>
  /** Gives the source back. `released`: broken off, so that it stays due. Nothing happens when the claim was lost. */
  finish(
    orgId: OrgId,
    sourceId: string,
    holder: string,
    end:
      | { readonly _tag: "done"; readonly startedAt: number }
      | { readonly _tag: "failed"; readonly retryAt: number }
      | { readonly _tag: "released" },
  ): Effect.Effect<void, StoreError>
  status(orgId: OrgId, sourceId: string): Effect.Effect<SourceRunStatus, StoreError>
}

/** Where articles are kept, and what is known of their sources. */
export class ArticleStore extends Context.Service<
  ArticleStore,
  {
    /** Stores articles whose hash changed; answers with how many really did. */
    upsert(orgId: OrgId, articles: ReadonlyArray<Article>): Effect.Effect<number, StoreError>
    remove(orgId: OrgId, sourceId: string, keys: ReadonlyArray<string>): Effect.Effect<number, StoreError>
    /** Key and hash of everything of a source: what the sweep compares with. */
    hashes(orgId: OrgId, sourceId: string): Effect.Effect<ReadonlyMap<string, string>, StoreError>
    /** Everything changed since `revision` (exclusive), deletions included; a revision is a growing number. */
    changesSince(
      orgId: OrgId,
      revision: number,
    ): Effect.Effect<
      {
        readonly revision: number
        readonly changed: ReadonlyArray<Article>
        readonly removed: ReadonlyArray<{ readonly sourceId: string; readonly key: string }>
      },
      StoreError
    >
    /** A small durable value per source: cursors, last runs. Null when never set. */
    getState(orgId: OrgId, sourceId: string): Effect.Effect<string | null, StoreError>
    setState(orgId: OrgId, sourceId: string, state: string): Effect.Effect<void, StoreError>
    readonly listing: SourceListing
    readonly runs: SourceRuns
  }
>()("@opencx/core/ports/Knowledge/ArticleStore") {}

/** What one sync run did. Counts are of articles in one language each. */
export const SyncReport = Schema.Struct({
  sourceId: Schema.String,
  kind: Schema.Literals(["full", "incremental"]),
  /** True when it went on where an earlier run was broken off; the counts include that part. */
  resumed: Schema.Boolean,
  /** Read and not a draft. */
  seen: Schema.Int,
  changed: Schema.Int,
  removed: Schema.Int,
  skippedDrafts: Schema.Int,
  internal: Schema.Int,
  calls: Schema.Int,
  /** Articles that could not be read, converted or confirmed. */
  failed: Schema.Int,
  /** Missing articles that were kept because too many are missing at once. */
  heldBack: Schema.Int,
  /** The first of them, and what concerns the whole source under the id `*`. */
  errors: Schema.Array(Schema.Struct({ articleId: Schema.String, detail: Schema.String })),
  durationMs: Schema.Number,
})
export type SyncReport = typeof SyncReport.Type

/** Where a run stands. Totals are null while the source has not told them. Times in epoch milliseconds. */
export interface SyncProgress {
  readonly sourceId: string
  readonly kind: SyncReport["kind"]
  readonly phase: "reading" | "confirming"
  readonly done: number
  readonly total: number | null
  /** By locale, or by locale and category. */
  readonly shelves: ReadonlyArray<{
    readonly name: string
    readonly done: number
    readonly total: number | null
  }>
  readonly changed: number
  readonly removed: number
  readonly failed: number
  readonly calls: number
  readonly startedAt: number
  readonly estimatedEnd: number | null
}

/** Both must be exceeded to stop a removal: a small source may well lose half of its few articles. */
const believable = { share: 0.2, count: 10 }

/**
 * True when so many articles are missing at once that lost access is likelier than their removal. Then nothing is removed
 * until a person has looked.
 */
export const isSuspiciousLoss = (missing: number, known: number): boolean =>
  missing > believable.count && missing > known * believable.share

/** When the last full run began, at the latest, before an incremental one becomes full; milliseconds. */
export const fullSyncEveryMs = 24 * 60 * 60_000

/** Brings a source's articles into the `ArticleStore`. One instance per organization and source. */
export class KnowledgeSync extends Context.Service<
  KnowledgeSync,
  {
    /** Everything is read, only what changed is written, what vanished is confirmed and removed. */
    readonly full: Effect.Effect<SyncReport, KnowledgeError | StoreError>
    /**
     * Only what changed since the last run is read, and what vanished or was restricted is noticed. It becomes a full run
     * when there was none, when one was broken off, and when the last one is older than `fullSyncEveryMs`.
     */
    readonly incremental: Effect.Effect<SyncReport, KnowledgeError | StoreError>
    /** A full run in which any number of articles may vanish: for people who have looked. */
    readonly fullAcceptingLoss: Effect.Effect<SyncReport, KnowledgeError | StoreError>
  }
>()("@opencx/core/ports/Knowledge/KnowledgeSync") {}
