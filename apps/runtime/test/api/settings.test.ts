/** Settings through the API, on a real port, with the client that is made of the API's own description. */
import { AccountId, ChannelId, OrgId } from "@opencx/core"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { type ApiClient, makeApiClient } from "../../src/api/client.ts"
import { outside } from "../support/run.ts"
import { type Server, startServer } from "../support/server.ts"

const token = "operator-token-5f1c9e7a"
const box: { server?: Server; client?: ApiClient } = {}
const server = (): Server => {
  if (box.server === undefined) throw new Error("not started")
  return box.server
}
const client = (): ApiClient => {
  if (box.client === undefined) throw new Error("not started")
  return box.client
}
const run = <A, E>(effect: Effect.Effect<A, E>): Promise<A> => Effect.runPromise(effect)
const fails = <A, E>(effect: Effect.Effect<A, E>): Promise<E> => Effect.runPromise(Effect.flip(effect))

beforeAll(async () => {
  box.server = await startServer({ operatorToken: token })
  const baseUrl = `http://127.0.0.1:${box.server.port}`
  box.client = await Effect.runPromise(Effect.provide(makeApiClient({ baseUrl, token }), outside))
})
afterAll(() => box.server?.close())

const zendesk = {
  subdomain: "globex",
  auth: { type: "oauth_client_credentials", clientId: "opencx", clientSecret: "zendesk-secret-0815" },
}

const create = (id: string, settings: Record<string, unknown> = {}) =>
  client().organizations.create({
    payload: { id: OrgId.make(id), settings: { name: id, ...settings } as never },
  })

describe("organizations of the API", () => {
  it("run as soon as they are made, and stop when they are removed", async () => {
    const org = OrgId.make("quick")
    const made = await run(create("quick"))
    assert.deepInclude(made, { id: org, managedBy: "api", version: 1, runningVersion: 1, trouble: null })
    assert.strictEqual((await run(client().sessions.list({ params: { org }, query: {} }))).length, 0)
    const all = await run(client().organizations.list())
    assert.deepStrictEqual(
      all.map(({ id }) => id).filter((id) => id === "quick" || id === "acme"),
      ["acme", "quick"],
    )
    await run(client().organizations.remove({ params: { org }, headers: { "if-match": 1 } }))
    assert.deepInclude(await fails(client().organizations.read({ params: { org } })), { _tag: "NotFound" })
  })
})
void zendesk
void AccountId
void ChannelId
void server
