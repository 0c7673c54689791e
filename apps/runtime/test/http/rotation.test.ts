/** Secrets that others show us are changed while they come: old and new are accepted, at the same URL. */
import { assert, describe, it } from "@effect/vitest"
import { sampleSunshineApp } from "@opencx/zendesk-emulator"
import { createHmac, randomUUID } from "node:crypto"
import { goodTokens } from "../../src/access/operatorTokens.ts"
import { hookUrls } from "../../src/layers/HookUrls.ts"
import { type Server, startServer } from "../support/server.ts"

/** Nothing listens there: what is asked of Zendesk fails, and the webhook is taken all the same. */
const zendesk = (secrets: object) => ({
  subdomain: "acme",
  baseUrl: "http://127.0.0.1:1",
  auth: { type: "api_token", email: "a@example.com", token: "unused-token" },
  ...secrets,
})

const withServer = async <A>(organization: object, use: (server: Server) => Promise<A>): Promise<A> => {
  const server = await startServer({
    organizations: [
      {
        id: "acme",
        name: "Acme",
        assist: { rules: [{ mode: "every_comment" }] },
        ...organization,
      },
    ],
  })
  try {
    return await use(server)
  } finally {
    await server.close()
  }
}

const statusOf = async (server: Server, what: string, secret: string | null): Promise<number> => {
  const hooks = await server.within(hookUrls)
  const url = new URL(hooks.find((hook) => hook.what === what)?.url ?? "")
  const body = JSON.stringify({ ticket_id: "1", external_id: randomUUID(), status: "open" })
  const at = new Date().toISOString()
  const signed = {
    "x-zendesk-webhook-signature-timestamp": at,
    "x-zendesk-webhook-signature": createHmac("sha256", secret ?? "")
      .update(at + body)
      .digest("base64"),
  }
  const { status } = await server.ask(url.pathname, {
    method: "POST",
    body,
    headers: {
      "content-type": "application/json",
      "x-zendesk-webhook-invocation-id": randomUUID(),
      ...(secret === null ? {} : signed),
    },
  })
  return status
}

describe("while a signing secret is rotated", () => {
  it.each([
    [
      "zendesk ticketing",
      { zendesk: zendesk({ webhookSigningSecret: "new", previousWebhookSigningSecret: "old" }) },
    ],
    [
      "zendesk assist",
      { zendesk: zendesk({}), assistSigningSecret: "new", previousAssistSigningSecret: "old" },
    ],
  ])("%s takes both, and nothing else", { timeout: 30_000 }, (what, organization) =>
    withServer(organization, async (server) => {
      const statuses = await Promise.all(
        ["new", "old", "other", null].map((secret) => statusOf(server, what, secret)),
      )
      assert.deepStrictEqual(statuses, [200, 200, 401, 401])
    }),
  )

  it("Sunshine's webhook takes both, and nothing else", { timeout: 30_000 }, () => {
    const { appId, keyId, secret } = sampleSunshineApp
    const messaging = { appId, keyId, secret, webhookSecret: "new", previousWebhookSecret: "old" }
    return withServer({ zendesk: zendesk({}), messaging }, async (server) => {
      const hooks = await server.within(hookUrls)
      const { pathname } = new URL(hooks.find(({ what }) => what === "zendesk messaging")?.url ?? "")
      const body = JSON.stringify({ app: { id: appId }, webhook: { id: "w", version: "v2" }, events: [] })
      const statuses = await Promise.all(
        ["new", "old", "other", null].map(async (key) => {
          const headers = {
            "content-type": "application/json",
            ...(key === null ? {} : { "x-api-key": key }),
          }
          return (await server.ask(pathname, { method: "POST", body, headers })).status
        }),
      )
      assert.deepStrictEqual(statuses, [200, 200, 401, 401])
    })
  })

  it("the new one alone ends the old one", { timeout: 30_000 }, () =>
    withServer({ zendesk: zendesk({ webhookSigningSecret: "new" }) }, async (server) => {
      assert.strictEqual(await statusOf(server, "zendesk ticketing", "new"), 200)
      assert.strictEqual(await statusOf(server, "zendesk ticketing", "old"), 401)
    }),
  )
})

const [now, before] = ["operator-token-now-4711", "operator-token-before-4711"]

const bearer = (server: Server, token: string) =>
  server.ask("/sessions", { headers: { authorization: `Bearer ${token}` } })

const logIn = (server: Server, token: string) =>
  server.ask("/login", {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ token }).toString(),
  })

const withTokens = async <A>(until: string, use: (server: Server) => Promise<A>): Promise<A> => {
  const server = await startServer({
    operatorToken: now,
    previousOperatorToken: { token: before, until },
  })
  try {
    return await use(server)
  } finally {
    await server.close()
  }
}

describe("while the operator token is rotated", () => {
  it("both open everything, as bearers and by a login", { timeout: 30_000 }, () =>
    withTokens("2999-12-31", async (server) => {
      for (const token of [now, before]) {
        assert.strictEqual((await bearer(server, token)).status, 200)
        const [cookie = ""] = [(await logIn(server, token)).headers["set-cookie"] ?? []].flat()
        const headers = { cookie: cookie.split(";")[0] ?? "" }
        assert.strictEqual((await server.ask("/sessions", { headers })).status, 200)
      }
      assert.strictEqual((await bearer(server, `${before}x`)).status, 303)
      assert.strictEqual((await logIn(server, `${now}x`)).status, 401)
    }),
  )

  it("the end of the previous one closes it, and nothing else", { timeout: 30_000 }, () =>
    withTokens("2020-01-01T00:00:00Z", async (server) => {
      assert.strictEqual((await bearer(server, now)).status, 200)
      assert.strictEqual((await bearer(server, before)).status, 303)
      assert.strictEqual((await logIn(server, before)).status, 401)
    }),
  )

  it("it is good up to that moment", () => {
    const until = "2026-12-31T18:00:00Z"
    const at = Date.parse(until)
    const config = { operatorToken: now, previousOperatorToken: { token: before, until } }
    assert.deepStrictEqual(goodTokens(config, at - 1), [now, before])
    assert.deepStrictEqual(goodTokens(config, at), [now])
  })
})
