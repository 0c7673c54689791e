/** Search by words and meaning, against an embedding server on loopback that knows a few synonyms and misbehaves on demand. */
import { createServer } from "node:http"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Article, ArticleStore, articlesMemory, Knowledge } from "@opencx/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Schema, Scope } from "effect"
import { EmbeddedAgent, EmbeddingSettings, HybridKnowledge, LexicalKnowledge } from "../src/index.ts"
import { articles } from "./fixtures/helpCenter.ts"
import { org, say } from "./fixtures/world.ts"

const Request = Schema.Struct({ model: Schema.String, input: Schema.Array(Schema.String) })
const decode = Schema.decodeUnknownSync(Schema.fromJsonString(Request))

/** Each axis stands for one matter; any of its words points along it. */
const matters = ["pachyderm elephant trunk", "velocipede bicycle cycle", "reimbursement refund money"]
const vectorOf = (text: string): ReadonlyArray<number> => {
  const lower = text.toLowerCase()
  const axes = matters.map((words) => words.split(" ").filter((word) => lower.includes(word)).length)
  return [...axes, 0.01]
}

type Mood = "well" | "fails" | "hangs" | "short" | "nonsense"

interface EmbeddingServer {
  readonly url: string
  mood: Mood
  readonly asked: Array<string>
}

const embeddingServer = Effect.acquireRelease(
  Effect.promise(async () => {
    const state: { mood: Mood; asked: Array<string> } = { mood: "well", asked: [] }
    const server = createServer((request, response) => {
      const chunks: Array<Buffer> = []
      request.on("data", (chunk: Buffer) => chunks.push(chunk))
      request.on("end", () => {
        const { input, model } = decode(Buffer.concat(chunks).toString("utf8"))
        state.asked.push(...input)
        if (state.mood === "hangs") return
        if (state.mood === "fails") {
          response.writeHead(500, { "content-type": "application/json" }).end('{"error":{"message":"no"}}')
          return
        }
        const vectors = state.mood === "short" ? [] : input.map(vectorOf)
        const embedding = (vector: ReadonlyArray<number>) => (state.mood === "nonsense" ? ["a"] : vector)
        response.writeHead(200, { "content-type": "application/json" }).end(
          JSON.stringify({
            object: "list",
            model,
            data: vectors.map((vector, index) => ({
              object: "embedding",
              index,
              embedding: embedding(vector),
            })),
            usage: { prompt_tokens: 1, total_tokens: 1 },
          }),
        )
      })
    })
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    const address = server.address()
    const port = typeof address === "object" && address !== null ? address.port : 0
    return { server, state: Object.assign(state, { url: `http://127.0.0.1:${port}/v1` }) }
  }),
  ({ server }) =>
    Effect.promise(
      () =>
        new Promise<void>((resolve) => {
          server.closeAllConnections()
          server.close(() => resolve())
        }),
    ),
)

const [first] = articles
const article = (id: string, title: string, body: string, change: Partial<Article> = {}): Article => {
  if (first === undefined) throw new Error("the sample Help Center has no article")
  return {
    ...first,
    ...change,
    key: `${id}:en`,
    articleId: id,
    locale: "en",
    title,
    body,
    labels: [],
    path: [],
    hash: `${id}${title}${body}${change.visibility ?? ""}`,
  }
}

const zoo = [
  article("elephants", "Visiting the elephant", "The elephant house opens at nine. Its trunk is long."),
  article("bikes", "Renting a bicycle", "A bicycle costs five euros a day."),
  article("secret", "Elephant keys", "Internal: the elephant trunk key hangs behind the door.", {
    visibility: "internal",
  }),
]

const settingsOf = (url: string, change: Partial<typeof EmbeddingSettings.Encoded> = {}) =>
  Schema.decodeUnknownSync(EmbeddingSettings)({
    provider: "openai_compatible",
    model: "tiny",
    baseUrl: url,
    queryTimeoutMs: 2000,
    ...change,
  })

const find = (text: string, surface: "agent" | "customer" = "customer") =>
  Knowledge.use((one) => one.search({ orgId: org, text, surface, locale: null, limit: 5 }))

/** Vectors are made in the background: asked until the answer is as it should be. */
const until = <A, E, R>(effect: Effect.Effect<A, E, R>, isRight: (value: A) => boolean) =>
  Effect.gen(function* () {
    let value = yield* effect
    for (let left = 500; !isRight(value) && left > 0; left--) {
      yield* Effect.sleep("10 millis")
      value = yield* effect
    }
    return value
  })

interface World {
  readonly server: EmbeddingServer
  readonly store: ArticleStore["Service"]
  readonly run: <A, E>(
    effect: Effect.Effect<A, E, Knowledge | LexicalKnowledge>,
    change?: Partial<typeof EmbeddingSettings.Encoded>,
  ) => Effect.Effect<A, E>
}

const inWorld = <A, E>(use: (world: World) => Effect.Effect<A, E, Scope.Scope>) =>
  Effect.gen(function* () {
    const { state: server } = yield* embeddingServer
    const folder = yield* Effect.acquireRelease(
      Effect.sync(() => mkdtempSync(join(tmpdir(), "opencx-vectors-"))),
      (made) => Effect.sync(() => rmSync(made, { recursive: true, force: true })),
    )
    const store = yield* Effect.provide(ArticleStore, articlesMemory)
    yield* store.upsert(org, zoo)
    const stores = Layer.succeed(ArticleStore, store)
    const run: World["run"] = (effect, change) =>
      Effect.provide(
        Effect.andThen(
          Knowledge.use((one) => Effect.ignore(one.refresh(org))),
          effect,
        ),
        HybridKnowledge.layer({ settings: settingsOf(server.url, change), vectorsIn: folder }).pipe(
          Layer.provide(Layer.provideMerge(LexicalKnowledge.layer, stores)),
        ),
      )
    return yield* use({ server, store, run })
  }).pipe(Effect.scoped)

const hasElephants = (hits: ReadonlyArray<{ readonly articleId: string }>) =>
  hits.some((hit) => hit.articleId === "elephants")

describe("search by words and meaning", () => {
  it.live("finds what no word finds, and what words find comes first when both agree", () =>
    inWorld(({ run }) =>
      Effect.gen(function* () {
        const [meant, both] = yield* run(
          Effect.all([until(find("pachyderm"), hasElephants), find("bicycle rental for a velocipede")]),
        )
        assert.strictEqual(meant[0]?.articleId, "elephants")
        assert.strictEqual(both[0]?.articleId, "bikes")
      }),
    ),
  )
  it.live("shows customers nothing internal, agents do see it", () =>
    inWorld(({ run }) =>
      Effect.gen(function* () {
        const [seen, byAgent] = yield* run(
          Effect.all([
            until(find("pachyderm trunk"), hasElephants),
            until(find("pachyderm trunk", "agent"), (hits) => hits.some((hit) => hit.articleId === "secret")),
          ]),
        )
        assert.isFalse(seen.some((hit) => hit.articleId === "secret"))
        assert.isTrue(byAgent.some((hit) => hit.articleId === "secret"))
      }),
    ),
  )
  it.live("forgets at once what is hidden or removed, also while the model fails", () =>
    inWorld(({ run, server, store }) =>
      run(
        Effect.gen(function* () {
          yield* until(find("pachyderm"), hasElephants)
          server.mood = "hangs"
          const [elephants, bikes] = zoo
          if (elephants === undefined || bikes === undefined) return assert.fail("no zoo")
          yield* store.upsert(org, [{ ...elephants, visibility: "internal", hash: "hidden" }])
          yield* Knowledge.use((one) => one.refresh(org))
          server.mood = "well"
          assert.isFalse(hasElephants(yield* find("pachyderm")))
          yield* store.remove(org, bikes.sourceId, [bikes.key])
          yield* Knowledge.use((one) => one.refresh(org))
          assert.deepStrictEqual(yield* find("velocipede"), [])
        }),
        { batchTimeoutMs: 200 },
      ),
    ),
  )
  for (const mood of ["fails", "hangs", "short", "nonsense"] as const) {
    it.live(`goes by words alone when the model ${mood}`, () =>
      inWorld(({ run, server }) =>
        Effect.gen(function* () {
          server.mood = mood
          const hits = yield* run(find("elephant"), { queryTimeoutMs: 100, batchTimeoutMs: 100 })
          assert.strictEqual(hits[0]?.articleId, "elephants")
          server.mood = "well"
        }),
      ),
    )
  }
  it.live("pays for no passage twice, not even after a restart", () =>
    inWorld(({ run, server, store }) =>
      Effect.gen(function* () {
        yield* run(until(find("pachyderm"), hasElephants))
        const passages = server.asked.filter((text) => text.includes("\n"))
        assert.strictEqual(new Set(passages).size, passages.length)
        assert.lengthOf(passages, zoo.length)
        server.asked.length = 0
        yield* run(until(find("pachyderm"), hasElephants))
        assert.deepStrictEqual(
          server.asked.filter((text) => text.includes("\n")),
          [],
        )
        yield* store.upsert(org, [article("llamas", "Feeding llamas", "Llamas eat hay.")])
        yield* run(
          until(
            Effect.sync(() => server.asked.filter((text) => text.includes("llamas"))),
            (list) => list.length > 0,
          ),
        )
        assert.lengthOf(
          server.asked.filter((text) => text.includes("\n")),
          1,
        )
      }),
    ),
  )
  it.live("does not answer from what only its meaning speaks for", () =>
    inWorld(({ run }) =>
      run(
        Effect.gen(function* () {
          const hits = yield* until(find("When does the pachyderm wake up?"), hasElephants)
          assert.strictEqual(hits[0]?.articleId, "elephants")
          const turn = yield* say("When does the pachyderm wake up?").pipe(
            Effect.provide(EmbeddedAgent.layer),
          )
          assert.strictEqual(turn._tag, "Escalate")
          assert.strictEqual(turn.trace.hits[0]?.articleId, "elephants")
        }),
      ),
    ),
  )
  it("refuses to send a key in the clear", () => {
    assert.throws(() => settingsOf("http://llm.example.com/v1"))
    assert.throws(() => Schema.decodeUnknownSync(EmbeddingSettings)({ provider: "openai", model: "m" }))
  })
})
