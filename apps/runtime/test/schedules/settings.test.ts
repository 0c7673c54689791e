/** A schedule named through the settings API: it counts at once, and what cannot be is refused with its place. */
import { Organizations, OrgId } from "@opencx/core"
import { type Emulator, startEmulator } from "@opencx/zendesk-emulator"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Schedules } from "../../src/layers/Schedules.ts"
import { clientOf, make, operatorHeaders, operatorToken } from "../support/api.ts"
import { eventually } from "../support/run.ts"
import { type Server, startServer } from "../support/server.ts"
import { oauth } from "../support/zendeskStage.ts"

const box: { server?: Server; emulator?: Emulator } = {}
const server = (): Server => {
  if (box.server === undefined) throw new Error("not started")
  return box.server
}
const emulator = (): Emulator => {
  if (box.emulator === undefined) throw new Error("not started")
  return box.emulator
}
const stop = new AbortController()

beforeAll(async () => {
  box.emulator = await startEmulator({ timeScale: 0.01 })
  box.server = await startServer({ operatorToken, organizations: [] })
  const schedule = box.server.within(
    Effect.raceFirst(
      Schedules.use((all) => all.schedule),
      Effect.callback<void>((resume) => stop.signal.addEventListener("abort", () => resume(Effect.void))),
    ),
  )
  void schedule.catch(() => undefined)
}, 30_000)
afterAll(async () => {
  stop.abort()
  await box.server?.close()
  await box.emulator?.close()
})

const ask = (method: string, path: string, body?: unknown, version?: number) =>
  server().ask(`/api/organizations/${path}`, {
    method,
    headers: {
      ...operatorHeaders,
      "content-type": "application/json",
      ...(version === undefined ? {} : { "if-match": `"${version}"` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })

const hours = (id: string) =>
  server().within(
    Effect.map(
      Organizations.use((all) => all.get(OrgId.make(id))),
      ({ settings }) => settings.handoff.officeHours,
    ),
  )

describe("a schedule in the settings", { timeout: 60_000 }, () => {
  it("is read as soon as it is named, and gives way to written hours", async () => {
    const client = await clientOf(server(), operatorToken)
    await make(client, "acme", {
      zendesk: { subdomain: "acme", baseUrl: emulator().url, auth: oauth },
    })
    emulator().schedules.add({ name: "Tokyo", timeZone: "Osaka", intervals: [[0, 60]] })
    const named = await ask(
      "PUT",
      "acme/settings",
      { name: "Acme", handoff: { officeHours: { zendeskSchedule: "Tokyo" } } },
      1,
    )
    assert.strictEqual(named.status, 200, named.text)
    await eventually("the schedule", async () => (await hours("acme"))?.timeZone === "Asia/Tokyo")
    // Another change of the settings keeps what is known.
    const renamed = { name: "Acme Ltd", handoff: { officeHours: { zendeskSchedule: "Tokyo" } } }
    assert.strictEqual((await ask("PUT", "acme/settings", renamed, 2)).status, 200)
    assert.strictEqual((await hours("acme"))?.timeZone, "Asia/Tokyo")
    const written = { name: "Acme", handoff: { officeHours: { timeZone: "UTC", open: [] } } }
    assert.strictEqual((await ask("PUT", "acme/settings", written, 3)).status, 200)
    assert.strictEqual((await hours("acme"))?.timeZone, "UTC")
    const listed = JSON.parse((await ask("GET", "acme/schedules")).text)
    assert.isNull(listed.used)
    assert.strictEqual(listed.schedules[0].zone, "Asia/Tokyo")
  })

  it("is refused where there is no Zendesk, or where it is none", async () => {
    const client = await clientOf(server(), operatorToken)
    await make(client, "bare")
    const named = { name: "Bare", handoff: { officeHours: { zendeskSchedule: "Tokyo" } } }
    const refused = await ask("PUT", "bare/settings", named, 1)
    assert.strictEqual(refused.status, 400)
    assert.match(refused.text, /no connection to Zendesk Support/)
    const odd = { name: "Bare", handoff: { officeHours: { zendeskSchedule: true } } }
    const unreadable = await ask("PUT", "bare/settings", odd, 1)
    assert.strictEqual(unreadable.status, 400)
    assert.match(unreadable.text, /officeHours/)
    assert.strictEqual((await ask("GET", "bare/schedules")).status, 404)
    assert.strictEqual((await ask("POST", "bare/schedules/read")).status, 404)
  })
})
