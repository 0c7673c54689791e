/** Sources over HTTP: the page with its buttons, and the API with its events, on a real port. */
import { afterEach, assert, beforeEach, describe, it } from "@effect/vitest"
import { ArticleStore, OrgId } from "@opencx/core"
import { Effect, Fiber, Stream } from "effect"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { ApiClient } from "../../src/api/client.ts"
import { clientOf, fails } from "../support/api.ts"
import { eventually } from "../support/run.ts"
import { type Server, startServer } from "../support/server.ts"

const org = OrgId.make("acme")
const params = { org, source: "files" }
const form = { "content-type": "application/x-www-form-urlencoded" }

let folder: string
let server: Server
let api: ApiClient
const listeners: Array<Fiber.Fiber<unknown, unknown>> = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "opencx-runtime-test-"))
  await writeFile(join(folder, "refunds.md"), "# Refunds\n\nWithin five days.")
  await writeFile(join(folder, "<b>huge.md"), `# Huge\n\n${"word ".repeat(2_000)}`)
  const source = { id: "files", type: "folder", path: folder, every: "manual", maxFileBytes: 5_000 } as const
  const other = { id: "other", type: "folder", path: folder, every: "manual" } as const
  server = await startServer({
    organizations: [
      { id: "acme", name: "Acme", sources: [source] },
      { id: "globex", name: "Globex", sources: [other] },
    ],
  })
  api = await clientOf(server, null)
}, 60_000)
afterEach(async () => {
  for (const one of listeners.splice(0)) await Effect.runPromise(Fiber.interrupt(one))
  await server.close()
  await rm(folder, { recursive: true, force: true })
})

const status = async () => {
  const [source, ...more] = await Effect.runPromise(api.sources.list({ params: { org } }))
  assert.lengthOf(more, 0)
  if (source === undefined) throw new Error("no source")
  return source
}

/** What the stream of events has said so far. */
const listening = async () => {
  const heard: Array<string> = []
  const read = Effect.flatMap(api.sources.events({ params: { org } }), (events) =>
    Stream.runForEach(events, (event) =>
      Effect.sync(() => void heard.push(`${event._tag} ${JSON.stringify(event)}`)),
    ),
  )
  listeners.push(Effect.runFork(read))
  await eventually("the stream begins", () => heard.some((one) => one.startsWith("status ")))
  return heard
}

const press = (body: string, place = "acme/files", headers: Readonly<Record<string, string>> = form) =>
  server.ask(`/sources/${place}/sync`, { method: "POST", headers, body })

const begin = (mode: "incremental" | "full") =>
  Effect.runPromise(api.sources.sync({ params, payload: { mode } }))

describe("sources", () => {
  it("are synced by the page's button, and tell what went wrong with which article", async () => {
    const before = await server.ask("/sources")
    for (const words of ["never synced", "Sync now", "only by command"]) assert.include(before.text, words)
    assert.notInclude(before.text, "http-equiv")
    const heard = await listening()
    const pressed = await press("mode=full")
    assert.deepStrictEqual([pressed.status, pressed.headers["location"]], [303, "/sources"])
    await eventually("the run has ended", () => heard.some((one) => one.startsWith("finished ")))
    const tags = heard.map((one) => one.split(" ")[0])
    assert.deepStrictEqual([tags[0], tags[1], tags.at(-1)], ["status", "started", "finished"])
    // What other organizations do is not told here.
    assert.isFalse(heard.some((one) => one.includes("globex") || one.includes('"other"')))
    const after = await status()
    assert.deepInclude(after.report, { kind: "full", seen: 1, failed: 1 })
    assert.isNumber(after.lastAt)
    const page = await server.ask("/sources")
    assert.include(page.text, "1 articles failed")
    assert.include(page.text, "&lt;b&gt;huge.md")
    assert.notInclude(page.text, "<b>huge")
  })

  it("are synced by programs, one run at a time", async () => {
    const claim = { holder: "another machine", now: Date.now(), leaseMs: 60_000, everyMs: null }
    const runs = ArticleStore.useSync(({ runs: all }) => all)
    await server.within(Effect.flatMap(runs, (all) => all.claim(org, "files", claim)))
    assert.deepStrictEqual(await begin("incremental"), { started: false })
    const page = await server.ask("/sources")
    assert.include(page.text, 'http-equiv="refresh"')
    assert.lengthOf(page.text.split("Sync now"), 2, "for the other organization alone")
    await server.within(
      Effect.flatMap(runs, (all) => all.finish(org, "files", claim.holder, { _tag: "released" })),
    )
    assert.deepStrictEqual(await begin("incremental"), { started: true })
    await eventually("the run has ended", async () => (await status()).report !== null)
    assert.strictEqual((await status()).report?.kind, "incremental")
  })

  it("that do not exist, and wishes that nobody understands, are refused with what to do", async () => {
    for (const place of ["acme/none", "globex/files", "acme/%2e%2e"])
      assert.strictEqual((await press("mode=full", place)).status, 404, place)
    const none = api.sources.sync({ params: { org, source: "none" }, payload: { mode: "full" } })
    assert.deepInclude(await fails(none), { _tag: "NotFound" })
    for (const body of ["mode=all", "", "nonsense", `mode=${"x".repeat(100_000)}`]) {
      const answer = await press(body)
      assert.strictEqual(answer.status, 400, body.slice(0, 20))
      assert.include(answer.text, "incremental")
    }
    const stranger = { ...form, origin: "https://evil.example", "sec-fetch-site": "cross-site" }
    assert.strictEqual((await press("mode=full", "acme/files", stranger)).status, 403)
    assert.isNull((await status()).report)
  })

  it("stop with the runtime while somebody listens", async () => {
    const heard = await listening()
    await begin("incremental")
    await server.close()
    assert.match(heard[0] ?? "", /^status /)
  })
})
