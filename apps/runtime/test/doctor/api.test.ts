/** The doctor through the API: the same data as the command gives, for one organization's own people. */
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { OrgId, SessionId } from "@opencx/core"
import { type Emulator, startEmulator } from "@opencx/zendesk-emulator"
import { Effect } from "effect"
import { clientOf, fails, make, operatorToken } from "../support/api.ts"
import { isProblem } from "../support/doctorStage.ts"
import { type Server, startServer } from "../support/server.ts"
import { oauth } from "../support/zendeskStage.ts"

let emulator: Emulator
let server: Server
const acme = OrgId.make("acme")
const south = OrgId.make("south")

beforeAll(async () => {
  emulator = await startEmulator({ timeScale: 0.01 })
  const zendesk = { subdomain: "acme", baseUrl: emulator.url, auth: oauth }
  server = await startServer({ operatorToken, organizations: [{ id: "acme", name: "Acme", zendesk }] })
}, 30_000)
afterAll(async () => {
  await server.close()
  await emulator.close()
})

const look = async (org: OrgId, query: { readonly session?: SessionId; readonly ticket?: string } = {}) => {
  const client = await clientOf(server, operatorToken)
  return client.doctor.look({ params: { org }, query })
}

describe("GET /api/organizations/:org/doctor", { timeout: 60_000 }, () => {
  it("diagnoses an organization of the file, and one of the database", async () => {
    const found = await Effect.runPromise(await look(acme))
    assert.deepInclude(found, { organization: "acme", ok: false, conversation: null })
    isProblem(found, "replies.webhook", /webhook missing/, /opencx setup zendesk/)
    assert.notInclude(JSON.stringify(found), oauth.clientSecret)
    await make(await clientOf(server, operatorToken), "south")
    const other = await Effect.runPromise(await look(south))
    isProblem(other, "ticketing.connected", /not connected/, /opencx connect zendesk/)
    assert.isTrue(other.ok)
  })

  it("several callers wait for each other, and all get their answer", async () => {
    const calls = [await look(acme), await look(acme), await look(acme)]
    const all = await Effect.runPromise(Effect.all(calls, { concurrency: "unbounded" }))
    assert.deepStrictEqual(
      all.map(({ ok }) => ok),
      [false, false, false],
    )
  })

  it("a ticket that is none of ours is looked at; a session that is not there is 404", async () => {
    const found = await Effect.runPromise(await look(acme, { ticket: "1" }))
    assert.deepInclude(found.conversation, { ticketId: "1", sessionId: null })
    const session = SessionId.make("00000000-0000-4000-8000-000000000000")
    const missing = await fails(await look(acme, { session }))
    assert.strictEqual(missing._tag, "NotFound")
  })

  it("nobody without a right, and no strange number", async () => {
    const path = "/api/organizations/acme/doctor"
    assert.strictEqual((await server.ask(path)).status, 401)
    const headers = { authorization: `Bearer ${operatorToken}` }
    assert.strictEqual((await server.ask(`${path}?ticket=1%2F..`, { headers })).status, 400)
  })
})
