/** The settings of `search`: an index that is kept for the next start, and a model that finds by meaning. */
import { assert, describe, it } from "@effect/vitest"
import { type Article, ArticleStore, Knowledge, OrgId } from "@opencx/core"
import { Effect, Layer, Schema } from "effect"
import { readdir, stat, writeFile } from "node:fs/promises"
import { createServer } from "node:http"
import { join } from "node:path"
import { checkConfig } from "../../src/config/load.ts"
import { servicesLayer } from "../../src/Runtime.ts"
import { eventually, inFolder, run } from "../support/run.ts"

const acme = OrgId.make("acme")

const article = (id: string, title: string, body: string, visibility: Article["visibility"] = "public") => ({
  sourceId: "folder",
  key: `${id}:en`,
  articleId: id,
  locale: "en",
  title,
  path: [],
  body,
  url: `https://help.acme.example/${id}`,
  visibility,
  labels: [],
  updatedAt: 0,
  hash: `${id}${visibility}`,
})

const fill = (articles: ReadonlyArray<Article>) =>
  ArticleStore.use((store) => store.upsert(acme, articles)).pipe(
    Effect.andThen(Knowledge.use((knowledge) => knowledge.refresh(acme))),
  )

const ids = (text: string) =>
  Knowledge.use((knowledge) =>
    knowledge.search({ orgId: acme, text, surface: "customer", locale: "en", limit: 3 }),
  ).pipe(Effect.map((hits) => hits.map((hit) => hit.articleId)))

/** What a runtime with this `search` section does. */
const withRuntime = <A, E>(
  dataDir: string,
  search: unknown,
  use: Effect.Effect<A, E, Knowledge | ArticleStore>,
  env: Readonly<Record<string, string>> = {},
) =>
  run(
    Effect.scoped(
      Effect.gen(function* () {
        const raw = { dataDir, search, organizations: [{ id: "acme", name: "Acme" }] }
        const services = yield* Layer.build(servicesLayer(yield* checkConfig(raw, env, "the test")))
        return yield* Effect.provide(use, services)
      }),
    ),
  )

/** Enough that an index is worth keeping. */
const many = Array.from({ length: 300 }, (_, at) =>
  article(`a${at}`, `Setting number ${at}`, `What the knob ${at} does, and where it is.`),
)

const filesIn = (dataDir: string): Promise<ReadonlyArray<string>> =>
  readdir(join(dataDir, "search")).then(
    (names) => names.filter((name) => !name.endsWith(".tmp")),
    () => [],
  )

/** While the runtime is up: the file is written in the background. */
const untilKept = (dataDir: string, count: number) =>
  Effect.promise(() =>
    eventually("the kept files", async () => ((await filesIn(dataDir)).length >= count ? true : undefined)),
  )

describe("an index that is kept", () => {
  it("is in dataDir, for nobody else to read, and the next start finds the same", () =>
    inFolder(async (dataDir) => {
      const before = await withRuntime(
        dataDir,
        {},
        Effect.gen(function* () {
          yield* fill(many)
          yield* untilKept(dataDir, 1)
          return yield* ids("knob 137")
        }),
      )
      assert.strictEqual(before[0], "a137")
      const [file = ""] = await filesIn(dataDir)
      assert.strictEqual((await stat(join(dataDir, "search", file))).mode & 0o077, 0)
      assert.deepStrictEqual(await withRuntime(dataDir, {}, ids("knob 137")), before)
    }))

  it("that is broken costs a rebuild, nothing else", () =>
    inFolder(async (dataDir) => {
      await withRuntime(dataDir, {}, Effect.andThen(fill(many), untilKept(dataDir, 1)))
      const [file = ""] = await filesIn(dataDir)
      await writeFile(join(dataDir, "search", file), "not an index")
      assert.strictEqual((await withRuntime(dataDir, {}, ids("knob 137")))[0], "a137")
    }))

  it("is not, where the setting says so", () =>
    inFolder(async (dataDir) => {
      const found = await withRuntime(dataDir, { keep: false }, Effect.andThen(fill(many), ids("knob 137")))
      assert.strictEqual(found[0], "a137")
      assert.deepStrictEqual(await filesIn(dataDir), [])
    }))
})

const Request = Schema.fromJsonString(Schema.Struct({ input: Schema.Array(Schema.String) }))

/** An embedding server that knows two matters, whatever their words. Its `asked` are the texts and keys that it got. */
const startEmbeddings = async () => {
  const state = { asked: new Array<string>(), keys: new Set<string>(), isDown: false }
  const server = createServer(async (request, response) => {
    const body: Array<Buffer> = []
    for await (const part of request) body.push(Buffer.from(part))
    state.keys.add(request.headers.authorization ?? "")
    if (state.isDown) return void response.writeHead(503).end()
    const { input } = Schema.decodeUnknownSync(Request)(Buffer.concat(body).toString("utf8"))
    state.asked.push(...input)
    const data = input.map((text, index) => {
      const embedding = [
        /bicycle|velocipede/i.test(text) ? 1 : 0,
        /refund|reimburse/i.test(text) ? 1 : 0,
        0.01,
      ]
      return { object: "embedding", index, embedding }
    })
    response.writeHead(200, { "content-type": "application/json" })
    response.end(
      JSON.stringify({ object: "list", model: "m", data, usage: { prompt_tokens: 1, total_tokens: 1 } }),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  const port = typeof address === "object" && address !== null ? address.port : 0
  const close = () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections()
      server.close(() => resolve())
    })
  return { state, url: `http://127.0.0.1:${port}/v1`, close }
}

const shop = [
  article("bikes", "Riding a bicycle in winter", "Use lights and wide tyres."),
  article("money", "When you get a refund", "Within five working days."),
  article("secret", "Velocipede margins", "For employees alone: bicycle prices.", "internal"),
]

/** Vectors are made in the background. */
const untilByMeaning = (text: string, articleId: string) =>
  Effect.gen(function* () {
    const services = yield* Effect.context<Knowledge>()
    yield* Effect.promise(() =>
      eventually("a hit by meaning", async () =>
        (await Effect.runPromiseWith(services)(ids(text))).includes(articleId) ? true : undefined,
      ),
    )
  })

describe("search by meaning", () => {
  it("finds what shares no word with the question, keeps its vectors, and shows customers nothing internal", () =>
    inFolder(async (dataDir) => {
      const { close, state, url } = await startEmbeddings()
      const search = { embedding: { provider: "openai_compatible", model: "m", baseUrl: url } }
      try {
        await withRuntime(
          dataDir,
          search,
          Effect.gen(function* () {
            yield* fill(shop)
            yield* untilByMeaning("velocipede", "bikes")
            assert.notInclude(yield* ids("velocipede margins"), "secret")
            yield* untilKept(dataDir, 1)
          }),
        )
        const texts = state.asked.length
        await withRuntime(dataDir, search, untilByMeaning("Reimbursed?", "money"))
        const later = state.asked.slice(texts)
        assert.isTrue(
          later.every((text) => text === "Reimbursed?"),
          later.join("\n"),
        )
        state.isDown = true
        assert.deepStrictEqual(await withRuntime(dataDir, search, ids("refund")), ["money"])
      } finally {
        await close()
      }
    }))

  it("may be named in the environment, with a key that no error shows", () =>
    inFolder(async (dataDir) => {
      const { close, state, url } = await startEmbeddings()
      const env = {
        OPENCX_EMBEDDING_PROVIDER: "openai_compatible",
        OPENCX_EMBEDDING_MODEL: "m",
        OPENCX_EMBEDDING_BASE_URL: url,
        OPENCX_EMBEDDING_API_KEY: "sk-of-embeddings",
      }
      try {
        const use = Effect.andThen(fill(shop), untilByMeaning("velocipede", "bikes"))
        await withRuntime(dataDir, {}, use, env)
        assert.deepStrictEqual([...state.keys], ["Bearer sk-of-embeddings"])
      } finally {
        await close()
      }
    }))
})
