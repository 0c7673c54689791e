/** `serve`, `sync` and `urls` against a Zendesk that stays, and stops while work is in flight. */
import { afterAll, afterEach, assert, beforeAll, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { mailsTo, tickets, users } from "../../src/tour/observe.ts"
import { readyOf, runCli, type Started, startCli, stopped } from "../support/cli.ts"
import { eventually } from "../support/run.ts"
import { Hooks, setStage, type Stage, urlsOf } from "../support/stage.ts"

const timeout = 45_000

let stage: Stage
let running: Started | null = null

const serve = async () => {
  const started = startCli(["serve", "--config", stage.configFile, "--json"])
  running = started
  const ready = await readyOf(started)
  return { started, ready }
}

beforeAll(async () => {
  stage = await setStage()
}, 30_000)
afterEach(async () => {
  running?.send("SIGKILL")
  await running?.ended
  running = null
  stage.emulator.clearFaults()
})
afterAll(() => stage.close())

const Report = Schema.fromJsonString(
  Schema.Struct({
    event: Schema.Literal("finished"),
    kind: Schema.Literals(["full", "incremental"]),
    organization: Schema.Literal("larkspoke"),
    sourceId: Schema.Literal("help-center"),
    seen: Schema.Int,
    changed: Schema.Int,
    removed: Schema.Int,
    errors: Schema.Array(Schema.Unknown),
  }),
)
const Ready = Schema.Struct({
  ready: Schema.Literal(true),
  setupUrl: Schema.String,
  runtime: Schema.String,
  publicUrl: Schema.String,
  listening: Schema.Struct({ smtp: Schema.String }),
  hooks: Hooks,
})

describe("opencx urls and sync", { timeout }, () => {
  it("prints the same signed URLs each time", async () => {
    assert.deepStrictEqual(
      stage.hooks.map(({ what }) => what),
      ["zendesk ticketing", "zendesk assist", "email account support"],
    )
    assert.deepStrictEqual(await urlsOf(stage.configFile), stage.hooks)
  })

  it("syncs the Help Center, and finds nothing changed the second time", async () => {
    const sync = async (...more: ReadonlyArray<string>) => {
      const { code, err, out } = await runCli(["sync", "--config", stage.configFile, "--json", ...more])
      assert.strictEqual(code, 0, err)
      const events = out.split("\n").map((line) => JSON.parse(line).event)
      assert.strictEqual(events[0], "started")
      return Schema.decodeUnknownSync(Report)(out.split("\n").at(-1))
    }
    const first = await sync()
    assert.strictEqual(first.kind, "full")
    assert.isAbove(first.seen, 10)
    assert.strictEqual(first.changed, first.seen)
    const second = await sync()
    assert.deepInclude(second, { kind: "incremental", seen: 0, changed: 0, errors: [] })
    const third = await sync("--full", "--source", "help-center")
    assert.deepInclude(third, { kind: "full", seen: first.seen, changed: 0, errors: [] })
  })

  it("names the sources that there are when asked for another", async () => {
    const { code, err } = await runCli(["sync", "--config", stage.configFile, "--source", "wiki"])
    assert.strictEqual(code, 1)
    assert.include(err, '"wiki"')
    assert.include(err, "help-center")
  })

  it("fails with a sentence when Zendesk refuses the credentials", async () => {
    stage.emulator.addFault({ kind: "status500html", match: { path: "/oauth/tokens" } })
    const { code, err } = await runCli(["sync", "--config", stage.configFile])
    assert.strictEqual(code, 1)
    assert.notStrictEqual(err.trim(), "")
    assert.notInclude(err, "opencx-secret")
  })
})

describe("opencx serve --json", { timeout }, () => {
  it("prints one line when it is ready, logs JSON without secrets, and stops at Ctrl+C without a complaint", async () => {
    const { ready, started } = await serve()
    const { hooks, runtime, setupUrl } = Schema.decodeUnknownSync(Ready)(ready)
    assert.match(setupUrl, /\/login\/link\?token=[\w-]{43}$/)
    assert.strictEqual(runtime, stage.runtimeUrl)
    assert.deepStrictEqual(hooks, stage.hooks)
    assert.strictEqual((await fetch(`${runtime}/readyz`)).status, 200)
    await eventually("the account in the log", () =>
      started.err.some((line) => line.includes("connected as")),
    )
    const { code, seconds } = await stopped(started, "SIGINT")
    assert.strictEqual(code, 0, started.err.join("\n"))
    assert.isBelow(seconds, 15)
    assert.strictEqual(started.out.length, 1)
    for (const line of started.err) {
      const { level, message, timestamp } = JSON.parse(line)
      assert.include(["INFO", "DEBUG"], level, line)
      assert.isDefined(message)
      assert.isString(timestamp)
    }
    assert.notInclude(started.err.join("\n"), "opencx-secret")
  })
})

const Faults = Schema.Struct({ faults: Schema.Array(Schema.Struct({ struck: Schema.Int })) })
const Health = Schema.Struct({ backlog: Schema.Struct({ waiting: Schema.Int, running: Schema.Int }) })

const jsonAt = async <S extends Schema.Decoder<unknown>>(schema: S, url: string): Promise<S["Type"]> =>
  Schema.decodeUnknownSync(schema)(await (await fetch(url)).json())

const ticketsOf = (customer: string) => {
  const ids = users(stage).flatMap((user) => (user.email === customer ? [user.id] : []))
  return tickets(stage).filter((ticket) => ids.includes(ticket.requester_id))
}

/** After everything: one ticket and one message about it, and no work left that could make more. */
const handedOffOnce = async (customer: string) => {
  await eventually("the ticket", () => ticketsOf(customer)[0])
  await eventually("the handoff message", () => mailsTo(stage, customer)[0])
  await eventually("no work is left", async () => {
    const { backlog } = await jsonAt(Health, `${stage.runtimeUrl}/readyz`)
    const metrics = await (await fetch(`${stage.runtimeUrl}/metrics`)).text()
    return backlog.waiting + backlog.running === 0 && /^opencx_work_pending(?:\{[^}]*\})? 0$/m.test(metrics)
  })
  assert.strictEqual(ticketsOf(customer).length, 1, "one ticket")
  assert.strictEqual(mailsTo(stage, customer).length, 1, "one message, sent once")
}

describe("a stop while work is in flight", { timeout }, () => {
  it("leaves everything to be finished once after the next start", async () => {
    const faults = [
      // Answers while the runtime is still waiting for it.
      { kind: "latency", ms: 1_500 },
      // The ticket is there, and nobody ever says so.
      { kind: "hang", phase: "after" },
      // Held before anything is done.
      { kind: "hang" },
    ] as const
    const customers = ["ada@example.com", "ben@example.com", "cleo@example.com"]
    const { started } = await serve()
    for (const fault of faults) {
      stage.emulator.addFault({ ...fault, times: 1, match: { method: "POST", path: "/api/v2/tickets" } })
    }
    for (const customer of customers) await stage.write(customer, "I want to talk to a human, please.")
    await eventually("Zendesk has all three requests for tickets", async () => {
      const armed = await jsonAt(Faults, `${stage.emulator.url}/__emulator/faults`)
      return armed.faults.every(({ struck }) => struck > 0)
    })
    const { code, seconds } = await stopped(started)
    assert.strictEqual(code, 0, started.err.join("\n"))
    assert.isBelow(seconds, 15)
    await serve()
    for (const customer of customers) await handedOffOnce(customer)
    assert.strictEqual(tickets(stage).length, customers.length)
  })
})
