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

/** Where articles are kept. */
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
  }
>()("@opencx/core/ports/Knowledge/ArticleStore") {}

/** What one sync run did. */
export const SyncReport = Schema.Struct({
  sourceId: Schema.String,
  seen: Schema.Int,
  changed: Schema.Int,
  removed: Schema.Int,
  skippedDrafts: Schema.Int,
  internal: Schema.Int,
  calls: Schema.Int,
  errors: Schema.Array(Schema.Struct({ articleId: Schema.String, detail: Schema.String })),
  durationMs: Schema.Number,
})
export type SyncReport = typeof SyncReport.Type

/** Brings a source's articles into the `ArticleStore`. One instance per organization and source. */
export class KnowledgeSync extends Context.Service<
  KnowledgeSync,
  {
    /** Full sync: everything is read, only what changed is written, what vanished is confirmed and removed. */
    readonly full: Effect.Effect<SyncReport, KnowledgeError | StoreError>
  }
>()("@opencx/core/ports/Knowledge/KnowledgeSync") {}
