/** Sources over HTTP: what stands where, a run by button, and events as they happen, on a real port. */
import { afterEach, assert, beforeEach, describe, it } from "@effect/vitest"
import { ArticleStore, OrgId } from "@opencx/core"
import { Effect, Schema } from "effect"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { eventually } from "../support/run.ts"
import { type Server, startServer } from "../support/server.ts"

const orgId = OrgId.make("acme")
const form = { "content-type": "application/x-www-form-urlencoded" }

let folder: string
let server: Server
const open: Array<AbortController> = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "opencx-runtime-test-"))
  await writeFile(join(folder, "refunds.md"), "# Refunds\n\nWithin five days.")
  await writeFile(join(folder, "<b>huge.md"), `# Huge\n\n${"word ".repeat(2_000)}`)
  const source = { id: "files", type: "folder", path: folder, every: "manual", maxFileBytes: 5_000 } as const
  server = await startServer({ organizations: [{ id: "acme", name: "Acme", sources: [source] }] })
}, 60_000)
afterEach(async () => {
  for (const one of open.splice(0)) one.abort()
  await server.close()
  await rm(folder, { recursive: true, force: true })
})

const Status = Schema.fromJsonString(
  Schema.Struct({
    sources: Schema.Array(
      Schema.Struct({
        orgId: Schema.String,
        sourceId: Schema.String,
        type: Schema.String,
        everyMs: Schema.NullOr(Schema.Number),
        run: Schema.Struct({ lastAt: Schema.NullOr(Schema.Number), failures: Schema.Int }),
        report: Schema.NullOr(
          Schema.Struct({
            kind: Schema.String,
            seen: Schema.Int,
            failed: Schema.Int,
            errors: Schema.Array(Schema.Struct({ articleId: Schema.String, detail: Schema.String })),
          }),
        ),
      }),
    ),
  }),
)

const status = async () => {
  const { status: code, text } = await server.ask("/api/sources")
  assert.strictEqual(code, 200)
  const [source, ...more] = Schema.decodeUnknownSync(Status)(text).sources
  assert.lengthOf(more, 0)
  if (source === undefined) throw new Error("no source")
  return source
}

/** What the stream of events has said so far. */
const listening = async () => {
  const controller = new AbortController()
  open.push(controller)
  const heard = { text: "" }
  const answer = await fetch(`http://127.0.0.1:${server.port}/api/sources/events`, {
    signal: controller.signal,
  })
  assert.strictEqual(answer.headers.get("content-type"), "text/event-stream; charset=utf-8")
  const read = async () => {
    const decoder = new TextDecoder()
    for await (const chunk of answer.body ?? []) heard.text += decoder.decode(chunk, { stream: true })
  }
  read().catch(() => {})
  await eventually("the stream begins", () => heard.text.includes("event: status"))
  return heard
}

const post = (body: string, headers: Readonly<Record<string, string>> = {}, source = "acme/files") =>
  server.ask(`/api/sources/${source}/sync`, { method: "POST", headers, body })

describe("sources", () => {
  it("are synced by the page's button, and tell what went wrong with which article", async () => {
    const before = await server.ask("/sources")
    for (const words of ["never synced", "Sync now", "only by command"]) assert.include(before.text, words)
    assert.notInclude(before.text, "http-equiv")
    const heard = await listening()
    const pressed = await post("mode=full", form)
    assert.deepStrictEqual([pressed.status, pressed.headers["location"]], [303, "/sources"])
    await eventually("the run has ended", () => heard.text.includes("event: finished"))
    assert.match(heard.text, /event: status\ndata: .*event: started\ndata: .*event: finished\ndata: /s)
    const after = await status()
    assert.deepInclude(after.report, { kind: "full", seen: 1, failed: 1 })
    assert.isNumber(after.run.lastAt)
    const page = await server.ask("/sources")
    assert.include(page.text, "1 articles failed")
    assert.include(page.text, "&lt;b&gt;huge.md")
    assert.notInclude(page.text, "<b>huge")
  })

  it("are synced by programs, one run at a time", async () => {
    const claim = { holder: "another machine", now: Date.now(), leaseMs: 60_000, everyMs: null }
    const runs = ArticleStore.useSync(({ runs: all }) => all)
    await server.within(Effect.flatMap(runs, (all) => all.claim(orgId, "files", claim)))
    const busy = await post("{}")
    assert.strictEqual(busy.status, 409)
    assert.include(busy.text, "being synced")
    const page = await server.ask("/sources")
    assert.include(page.text, 'http-equiv="refresh"')
    assert.notInclude(page.text, "Sync now")
    await server.within(
      Effect.flatMap(runs, (all) => all.finish(orgId, "files", claim.holder, { _tag: "released" })),
    )
    assert.strictEqual((await post("")).status, 202)
    await eventually("the run has ended", async () => (await status()).report !== null)
    assert.strictEqual((await status()).report?.kind, "incremental")
  })

  it("that do not exist, and wishes that nobody understands, are refused with what to do", async () => {
    for (const place of ["acme/none", "globex/files", "acme/%2e%2e"]) {
      const answer = await post("{}", {}, place)
      assert.strictEqual(answer.status, 404, place)
    }
    for (const body of ['{"mode":"all"}', "[]", "nonsense", "x".repeat(100_000)]) {
      const answer = await post(body)
      assert.strictEqual(answer.status, 400, body.slice(0, 20))
      assert.include(answer.text, "incremental")
    }
    const stranger = { ...form, origin: "https://evil.example", "sec-fetch-site": "cross-site" }
    assert.strictEqual((await post("mode=full", stranger)).status, 403)
    assert.isNull((await status()).report)
  })

  it("stop with the runtime while somebody listens", async () => {
    const heard = await listening()
    await post("{}")
    await server.close()
    assert.include(heard.text, "event: status")
  })
})
