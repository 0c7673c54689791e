/** The Help Center sync keeps the contract of `KnowledgeSync`, on an emulated account over real sockets. */
import { ArticleStore, articlesMemory } from "@opencx/core"
import { knowledgeSyncContract, type SyncedSource, type WrittenArticle } from "@opencx/testing"
import { make as startEmulator } from "@opencx/zendesk-emulator"
import { Context, Effect, Layer, Schema } from "effect"
import { HttpClient, HttpClientRequest } from "effect/http"
import { makeHelpCenterSync, makeZendeskClient } from "../src/index.ts"
import { org } from "./fake/articles.ts"
import { connectionTo } from "./fake/emulator.ts"
import { overHttp } from "./fake/http.ts"

const Written = Schema.Struct({ article: Schema.Struct({ id: Schema.Number }) })

/** What the emulator's control plane takes. */
const fieldsOf = ({ audience, body, ...rest }: Partial<WrittenArticle>) => ({
  ...rest,
  ...(body === undefined ? {} : { body: `<p>${body}</p>` }),
  ...(audience === undefined ? {} : { segment: audience === "agents" ? "Agents" : null }),
})

const emulatedSource = Effect.gen(function* () {
  const emulator = yield* startEmulator({ seed: { locales: ["en-us"], articles: [] } })
  const http = yield* HttpClient.HttpClient
  const connection = connectionTo(emulator)
  const store = Context.get(yield* Layer.build(articlesMemory), ArticleStore)
  const source = { id: "hc" }
  const client = yield* makeZendeskClient(connection)
  const sync = yield* makeHelpCenterSync({ connection, source, orgId: org, client }).pipe(
    Effect.provideService(ArticleStore, store),
  )
  const control = (path: string, fields: object) =>
    http
      .execute(
        HttpClientRequest.post(`${emulator.url}/__emulator/articles${path}`).pipe(
          HttpClientRequest.bodyJsonUnsafe(fields),
        ),
      )
      .pipe(
        Effect.flatMap((response) => response.json),
        Effect.flatMap(Schema.decodeUnknownEffect(Written)),
        Effect.map(({ article }) => String(article.id)),
        Effect.orDie,
      )
  const desk: SyncedSource = {
    sync,
    store,
    orgId: org,
    sourceId: source.id,
    add: (article) => control("", fieldsOf(article)),
    edit: (id, change) => Effect.asVoid(control(`/${id}`, fieldsOf(change))),
    remove: (id) => Effect.asVoid(control(`/${id}`, { action: "archive" })),
    setDown: (down) =>
      Effect.sync(() => {
        if (!down) emulator.clearFaults()
        else emulator.addFault({ kind: "status503", match: { path: "/help_center/" }, retryAfter: 1 })
      }),
  }
  return desk
}).pipe(overHttp)

knowledgeSyncContract("Zendesk Help Center", emulatedSource)
