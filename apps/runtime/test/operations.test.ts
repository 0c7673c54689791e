/** docs/operations is what people watch an installation by: no name in it may be one that the runtime does not have. */
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { Effect, Exit, Scope } from "effect"
import { mkdtemp, readFile, rm } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { startWorld, type World } from "../src/demo/world.ts"
import { sendMail } from "../src/demo/sendMail.ts"
import { background } from "../src/Runtime.ts"
import { mailsTo, tickets } from "../src/tour/observe.ts"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { eventually, outside } from "./support/run.ts"

const root = fileURLToPath(new URL("../../..", import.meta.url))
const [alerts, dashboard, guide] = await Promise.all(
  ["alerts.yml", "dashboard.json", "README.md"].map((name) =>
    readFile(join(root, "docs/operations", name), "utf8"),
  ),
)

const scope = Scope.makeUnsafe()
let world: World
let dataDir: string

const metrics = async () => (await fetch(`${world.urls.runtime}/metrics`)).text()

/** The values of all lines of one figure. */
const valuesOf = (text: string, name: string): ReadonlyArray<number> =>
  [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)`, "gm"))].map(([, value]) => Number(value))

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "opencx-operations-test-"))
  const ports = { http: 0, emulator: 0, smtp: 0, sink: 0 }
  world = await Effect.runPromise(
    startWorld({ dataDir, ports, tuning: { reconcileSeconds: 2 } }).pipe(
      Effect.tap(({ services }) => Effect.forkScoped(Effect.provide(background, services))),
      Effect.provideService(Scope.Scope, scope),
      Effect.provide(outside),
    ),
  )
  const [host = "", port = ""] = world.urls.smtp.split(":")
  await Effect.runPromise(
    Effect.provide(
      sendMail({
        host,
        port: Number(port),
        from: "dana@example.com",
        to: world.urls.supportAddress,
        subject: "Help",
        text: "I want to talk to a human, please.",
      }),
      outside,
    ),
  )
  const ticket = await eventually("the ticket", () => tickets(world)[0])
  await eventually("the word about it", () => mailsTo(world, "dana@example.com")[0])
  world.sink.refuse({ code: 550, message: "5.1.1 unknown" })
  world.emulator.agent(ticket.id, { action: "reply", body: "Hello from a human." })
  await eventually("a dead letter", async () =>
    valuesOf(await metrics(), "opencx_dead_letters").some((value) => value === 1),
  )
  const refused = await fetch(world.urls.zendeskWebhook, { method: "POST", body: "{}" })
  assert.strictEqual(refused.status, 401)
}, 60_000)

afterAll(async () => {
  await Effect.runPromise(Scope.close(scope, Exit.void))
  await rm(dataDir, { recursive: true, force: true })
})

/** Names as they stand in rules, panels and tables; `_bucket` and its like belong to a histogram. */
const namesIn = (text: string): ReadonlySet<string> =>
  new Set(text.match(/\bopencx_[a-z_]+[a-z]\b(?!\*)/g) ?? [])

describe("the figures", () => {
  it.each([
    ["alerts.yml", alerts],
    ["dashboard.json", dashboard],
    ["README.md", guide],
  ])("that docs/operations/%s names are all in /metrics", async (_, text = "") => {
    const shown = await metrics()
    const there = new Set([...shown.matchAll(/^(opencx_[a-z_]+)/gm)].map(([, name]) => name))
    const missing = [...namesIn(text)].filter((name) => !there.has(name) && !there.has(`${name}_bucket`))
    assert.deepStrictEqual(missing, [])
    assert.isAbove(namesIn(text).size, 10)
  })

  it("have every label that a rule goes by or shows", async () => {
    const shown = await metrics()
    const labelsOf = (name: string): ReadonlySet<string> =>
      new Set(
        [...shown.matchAll(new RegExp(`^${name}\\{([^}]*)\\}`, "gm"))].flatMap(([, inside = ""]) =>
          [...inside.matchAll(/(\w+)="/g)].map(([, label = ""]) => label),
        ),
      )
    const rules = (alerts ?? "").split("- alert: ").slice(1)
    let seen = 0
    for (const rule of rules) {
      const expression = /expr: (.*)/.exec(rule)?.[1] ?? ""
      const names = expression.match(/\bopencx_[a-z_]+/g) ?? []
      if (names.length === 0) continue
      const has = new Set(names.flatMap((name) => [...labelsOf(name)]))
      const wanted = [
        ...[...expression.matchAll(/(\w+)(?:=|!=)"/g)].map(([, label = ""]) => label),
        ...[...expression.matchAll(/by \(([^)]*)\)/g)].flatMap(([, list = ""]) => list.split(/, */)),
        ...[...rule.matchAll(/\$labels\.(\w+)/g)].map(([, label = ""]) => label),
      ]
      for (const label of wanted) assert.isTrue(has.has(label), `${rule.split("\n")[0]}: ${label}`)
      seen += wanted.length
    }
    assert.isAbove(seen, 10)
  })

  it("are scraped under the name that the alerts go by", () => {
    const job = /job_name: (\w+)/.exec(guide ?? "")?.[1]
    assert.include(alerts, `up{job="${job}"}`)
  })

  it("say what happened", async () => {
    const text = await metrics()
    const labelled = (name: string, ...labels: ReadonlyArray<string>): number => {
      const line = text
        .split("\n")
        .find((one) => one.startsWith(`${name}{`) && labels.every((label) => one.includes(label)))
      return Number(line?.split(" ").at(-1))
    }
    const org = 'organization="larkspoke"'
    assert.isAtLeast(labelled("opencx_handoff_seconds_count", 'task="OpenTicket"'), 1)
    assert.strictEqual(
      labelled("opencx_provider_errors_total", org, 'class="permanent"', 'channel="email"'),
      1,
    )
    assert.strictEqual(labelled("opencx_dead_letters", org), 1)
    assert.isAtLeast(labelled("opencx_webhook_answers_total", "zendesk_ticketing", 'status="401"'), 1)
    assert.isAtLeast(labelled("opencx_webhook_ack_seconds_count", "zendesk_ticketing"), 2)
    assert.closeTo(
      labelled("opencx_webhook_last_seen_seconds", org, "zendesk_ticketing"),
      Date.now() / 1000,
      60,
    )
    assert.isAtMost(labelled("opencx_sync_lag_seconds", org, "help-center"), 60)
    assert.isAbove(labelled("opencx_zendesk_budget_remaining", org, 'pool="support"'), 0)
    assert.strictEqual(labelled("opencx_queue_due", 'queue="out"'), 0)
    assert.deepStrictEqual(valuesOf(text, "opencx_ready"), [1])
    assert.notInclude(text, "dana@example.com")
  })
})

describe("the example files", () => {
  it("are what Prometheus and Grafana read", () => {
    const panels = JSON.parse(dashboard ?? "").panels
    assert.isAbove(panels.length, 10)
    assert.strictEqual(new Set(panels.map(({ id }: { id: number }) => id)).size, panels.length)
    const names = [...(alerts ?? "").matchAll(/- alert: (\w+)/g)].map(([, name]) => name)
    assert.strictEqual(new Set(names).size, names.length)
    for (const key of ["expr", "summary", "action"])
      assert.strictEqual((alerts ?? "").match(new RegExp(`^ +${key}:`, "gm"))?.length, names.length, key)
  })
})
