/** `opencx sync` as people run it: a process of its own over a database of its own, which may be killed at any moment. */
import { afterEach, assert, beforeEach, describe, it } from "@effect/vitest"
import { type Emulator, startEmulator } from "@opencx/zendesk-emulator"
import { Schema } from "effect"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { runCli, type Started, startCli } from "../support/cli.ts"
import { eventually } from "../support/run.ts"

const timeout = 60_000
const count = 900
/** More than a fifth. */
const lost = 190

let folder: string
let emulator: Emulator
let config: string
let running: Started | null = null

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "opencx-runtime-test-"))
  emulator = await startEmulator({
    limits: { requestsPerMinute: 1_000_000 },
    seed: {
      articles: Array.from({ length: count }, (_, i) => ({
        id: 1_000 + i,
        title: `Article ${i}`,
        body: `<p>Body ${i}</p>`,
      })),
    },
  })
  config = join(folder, "opencx.config.json")
  const zendesk = {
    subdomain: "acme",
    baseUrl: emulator.url,
    auth: { type: "oauth_client_credentials", clientId: "opencx", clientSecret: "opencx-secret" },
  }
  await writeFile(join(folder, "hello.md"), "# Hello\n\nWorld")
  await writeFile(
    config,
    JSON.stringify({
      dataDir: join(folder, "data"),
      organizations: [
        {
          id: "acme",
          name: "Acme",
          zendesk,
          sources: [
            { id: "help-center", type: "zendesk_help_center", every: "daily" },
            { id: "files", type: "folder", path: folder, everyMinutes: 0.01 },
          ],
        },
      ],
    }),
  )
}, 30_000)
afterEach(async () => {
  running?.send("SIGKILL")
  await running?.ended
  running = null
  await emulator.close()
  await rm(folder, { recursive: true, force: true })
})

const Line = Schema.Struct({
  event: Schema.String,
  source: Schema.String,
  done: Schema.optionalKey(Schema.Int),
  total: Schema.optionalKey(Schema.NullOr(Schema.Int)),
  kind: Schema.optionalKey(Schema.String),
  resumed: Schema.optionalKey(Schema.Boolean),
  seen: Schema.optionalKey(Schema.Int),
  changed: Schema.optionalKey(Schema.Int),
  removed: Schema.optionalKey(Schema.Int),
  heldBack: Schema.optionalKey(Schema.Int),
})
const lineOf = Schema.decodeUnknownSync(Schema.fromJsonString(Line))
const linesOf = (out: ReadonlyArray<string>) => out.map((line) => lineOf(line))

const sync = async (...args: ReadonlyArray<string>) => {
  const { code, err, out } = await runCli(["sync", "--config", config, "--json", ...args])
  return { code, err, lines: out === "" ? [] : linesOf(out.split("\n")) }
}

describe("opencx sync", { timeout }, () => {
  it("killed in the middle goes on at its page in the next process, which need not wait for the dead", async () => {
    emulator.addFault({ kind: "latency", ms: 150, match: { path: "/articles" } })
    const started = startCli(["sync", "--config", config, "--json", "--source", "help-center"])
    running = started
    await eventually("half of it is read", () => {
      if (started.hasEnded()) throw new Error(started.err.join("\n"))
      return linesOf(started.out).some((line) => (line.done ?? 0) >= count / 2)
    })
    started.send("SIGKILL")
    await started.ended
    assert.isFalse(
      linesOf(started.out).some((line) => line.event === "finished"),
      "it was in the middle",
    )
    emulator.clearFaults()
    emulator.clearCalls()
    const began = performance.now()
    const { code, err, lines } = await sync("--source", "help-center")
    assert.strictEqual(code, 0, err)
    assert.isBelow(performance.now() - began, 30_000)
    assert.deepInclude(lines.at(-1), {
      event: "finished",
      kind: "full",
      resumed: true,
      seen: count,
      removed: 0,
    })
    const pages = emulator
      .calls()
      .filter((call) => call.query.includes("page%5Bsize%5D=100") && /\/articles\.json/.test(call.path))
    assert.isAtMost(pages.length, count / 100 / 2 + 1)
  })

  it("tells its progress, reads only what changed, and holds back too large a loss until it is accepted", async () => {
    const first = await sync()
    assert.strictEqual(first.code, 0, first.err)
    const help = first.lines.filter((line) => line.source === "help-center")
    assert.strictEqual(help[0]?.event, "started")
    assert.isTrue(help.some((line) => line.event === "progress" && line.total === count))
    assert.deepInclude(help.at(-1), { event: "finished", kind: "full", changed: count })
    assert.deepInclude(first.lines.at(-1), { event: "finished", source: "files", changed: 1 })
    const second = await sync("--source", "help-center")
    assert.deepInclude(second.lines.at(-1), { event: "finished", kind: "incremental", changed: 0 })
    for (let id = 1_000; id < 1_000 + lost; id++) {
      await fetch(`${emulator.url}/__emulator/articles/${id}`, {
        method: "POST",
        body: '{"action":"archive"}',
      })
    }
    const held = await sync("--source", "help-center")
    assert.deepInclude(held.lines.at(-1), { removed: 0, heldBack: lost })
    const plain = await runCli(["sync", "--config", config, "--source", "help-center"])
    assert.strictEqual(plain.code, 0)
    assert.include(plain.err, "--accept-deletions")
    assert.include(plain.out, "acme/help-center: ")
    assert.notInclude(plain.out, "\u001B", "no terminal, no bar")
    const accepted = await sync("--source", "help-center", "--accept-deletions")
    assert.deepInclude(accepted.lines.at(-1), { kind: "full", removed: lost, heldBack: 0 })
  })

  it("--watch goes on by itself until it is stopped", async () => {
    const started = startCli(["sync", "--config", config, "--json", "--watch", "--source", "files"])
    running = started
    const finished = () => linesOf(started.out).filter((line) => line.event === "finished")
    await eventually("the first run", () => finished().length > 0)
    await writeFile(join(folder, "second.md"), "# Second\n\nFile")
    await eventually("the new file", () => finished().some((line, n) => n > 0 && line.changed === 1))
    started.send("SIGTERM")
    assert.strictEqual(await started.ended, 0, started.err.join("\n"))
  })

  it("one source that fails keeps no other from its turn, and the end says how many did", async () => {
    emulator.addFault({ kind: "status500html", match: { path: "/oauth/tokens" } })
    const { code, err, lines } = await sync()
    assert.strictEqual(code, 1)
    assert.deepStrictEqual(
      lines.filter((line) => /finished|failed/.test(line.event)).map((line) => [line.source, line.event]),
      [
        ["help-center", "failed"],
        ["files", "finished"],
      ],
    )
    assert.include(err, "1 of 2 sources could not be synced.")
  })
})
