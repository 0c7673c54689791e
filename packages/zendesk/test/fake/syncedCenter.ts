/** A Help Center of the emulator, its sync into a memory store, and what a test does to both. */
import { type Article, ArticleStore } from "@opencx/core"
import { type Emulator, type EmulatorOptions, make as startEmulator } from "@opencx/zendesk-emulator"
import { assert } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { HttpClient, HttpClientRequest } from "effect/http"
import {
  type AccountAccess,
  type HelpCenterSource,
  type HelpCenterSyncInput,
  makeHelpCenterSync,
  makeZendeskClient,
} from "../../src/index.ts"
import { memoryStore, type MemoryStore, org } from "./articles.ts"
import { connectionTo } from "./emulator.ts"

export type SeedArticles = NonNullable<NonNullable<EmulatorOptions["seed"]>["articles"]>

/** `count` articles in `en-us` and every locale of `others`, all last changed on one day. */
export const seeded = (
  count: number,
  others: ReadonlyArray<string> = [],
  change: (i: number) => Partial<SeedArticles[number]> = () => ({}),
): SeedArticles =>
  Array.from({ length: count }, (_, i) => ({
    id: 1_000 + i,
    title: `Article ${i}`,
    body: `<p>Body ${i}</p>`,
    category: "Help",
    section: "Orders",
    translations: others.map((locale) => ({
      locale,
      title: `${locale} ${i}`,
      body: `<p>${locale} body ${i}</p>`,
    })),
    ...change(i),
  }))

const Made = Schema.Struct({ article: Schema.Struct({ id: Schema.Number }) })

const post = (url: string, body: object) =>
  HttpClient.HttpClient.use((http) =>
    http.execute(HttpClientRequest.post(url).pipe(HttpClientRequest.bodyJsonUnsafe(body))),
  ).pipe(
    Effect.flatMap((response) => response.json),
    Effect.flatMap(Schema.decodeUnknownEffect(Made)),
    Effect.map(({ article }) => article.id),
    Effect.orDie,
  )

/** Edits an article (or adds one, without an id) as people in Zendesk do. */
export const author = (emulator: Emulator, id: number | null, change: object) =>
  post(`${emulator.url}/__emulator/articles${id === null ? "" : `/${id}`}`, change)

/** Edits a translation. */
export const translate = (
  client: Effect.Success<ReturnType<typeof makeZendeskClient>>,
  id: number,
  locale: string,
  translation: object,
) =>
  client.request({
    method: "PUT",
    path: `/api/v2/help_center/articles/${id}/translations/${locale}.json`,
    json: JSON.stringify({ translation }),
  })

export interface SyncedOptions {
  readonly source?: Omit<HelpCenterSource, "id">
  readonly anonymous?: boolean
  readonly store?: MemoryStore
  readonly emulator?: Emulator
  readonly onProgress?: HelpCenterSyncInput["onProgress"]
}

/** Starts an account (unless one is given) and the sync of its Help Center. */
export const synced = (seed: EmulatorOptions["seed"], options: SyncedOptions = {}) =>
  Effect.gen(function* () {
    const emulator =
      options.emulator ??
      (yield* startEmulator({
        timeScale: 0.01,
        seed: seed ?? {},
        limits: { requestsPerMinute: 1_000_000 },
      }))
    const store = options.store ?? (yield* memoryStore)
    const connection: AccountAccess =
      options.anonymous === true
        ? { subdomain: "acme", baseUrl: emulator.url, auth: { type: "none" } }
        : connectionTo(emulator)
    const client = yield* makeZendeskClient(connection)
    const sync = yield* makeHelpCenterSync({
      connection,
      client,
      orgId: org,
      source: { id: "hc", ...options.source },
      limits: { timeoutMs: 60_000 },
      ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
    }).pipe(Effect.provideService(ArticleStore, store.service))
    return { emulator, store, client, sync }
  })

/** Help Center calls that the emulator answered while `effect` ran; a token that expired meanwhile does not count. */
export const callsOf = <A, E, R>(emulator: Emulator, effect: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    emulator.clearCalls()
    const result = yield* effect
    const calls = emulator.calls().filter((call) => call.path.includes("/help_center") && call.status !== 401)
    return { result, calls }
  })

/** What an article must look like in the store. */
export const assertStored = (
  articles: ReadonlyMap<string, Article>,
  key: string,
  expected: Partial<Article>,
): void => assert.deepInclude(articles.get(key), expected)
