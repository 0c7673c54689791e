/** Zendesk's signing secrets are changed while webhooks come in: old and new are accepted, at the same URL. */
import { assert, describe, it } from "@effect/vitest"
import { createHmac, randomUUID } from "node:crypto"
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

  it("the new one alone ends the old one", { timeout: 30_000 }, () =>
    withServer({ zendesk: zendesk({ webhookSigningSecret: "new" }) }, async (server) => {
      assert.strictEqual(await statusOf(server, "zendesk ticketing", "new"), 200)
      assert.strictEqual(await statusOf(server, "zendesk ticketing", "old"), 401)
    }),
  )
})
