/** A verification that fails, each cause by itself: what the doctor calls it, and what it leaves unknown. */
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { Secrets } from "@opencx/core"
import { sampleSunshineApp } from "@opencx/zendesk-emulator"
import { Effect, Redacted, Schema } from "effect"
import {
  checkIn,
  type DoctorStage,
  isOk,
  isProblem,
  setDoctorStage,
  troubles,
} from "../support/doctorStage.ts"
import type { Instead } from "../support/front.ts"
import { oauth } from "../support/zendeskStage.ts"

let stage: DoctorStage
beforeAll(async () => {
  stage = await setDoctorStage({
    seed: {
      oauthClients: [
        { id: oauth.clientId, secret: oauth.clientSecret },
        { id: "plain", secret: "s", userEmail: "plain@acme.test" },
        { id: "limited", secret: "s", userEmail: "limited@acme.test" },
        { id: "no-tickets", secret: "s", userEmail: "no-tickets@acme.test" },
        { id: "no-users", secret: "s", userEmail: "no-users@acme.test" },
        { id: "customer", secret: "s", userEmail: "customer@acme.test" },
      ],
      legacyApiTokens: ["a-token"],
      agents: [
        { name: "Plain", email: "plain@acme.test", role: "agent" },
        { name: "No tickets", email: "no-tickets@acme.test", role: "agent", cannot: ["create_tickets"] },
        { name: "No users", email: "no-users@acme.test", role: "agent", cannot: ["create_users"] },
        {
          name: "Limited",
          email: "limited@acme.test",
          role: "agent",
          cannot: ["create_tickets", "create_users"],
        },
      ],
      users: [{ name: "Customer", email: "customer@acme.test" }],
    },
  })
  await stage.setUp()
}, 30_000)
afterAll(() => stage.close())

const connection = (more: object) => ({
  subdomain: "acme",
  baseUrl: stage.emulator.url,
  auth: oauth,
  ...more,
})

/** With these settings the check is that problem; with the right ones it is `ok` again. */
const wrong = async (id: string, organization: object, problem: RegExp, fix: RegExp) => {
  stage.configure({})
  isOk(await stage.look(), id)
  stage.configure(organization)
  const found = await stage.look()
  isProblem(found, id, problem, fix)
  stage.configure({})
  return found
}

const client = (clientId: string, clientSecret = "s") =>
  connection({ auth: { type: "oauth_client_credentials", clientId, clientSecret } })

describe("failed verification", { timeout: 60_000 }, () => {
  it("nothing is wrong with an account that is set up, and few calls say so", async () => {
    stage.emulator.clearCalls()
    assert.deepStrictEqual(troubles(await stage.look()), [])
    assert.isBelow(stage.emulator.calls().length, 40)
    const changes = stage.emulator
      .calls()
      .filter(({ method, path, status }) => method !== "GET" && status < 300 && path !== "/oauth/tokens")
    assert.deepStrictEqual(changes, [])
  })

  it("subdomain given as an address", async () => {
    const found = await wrong(
      "ticketing.subdomain",
      { zendesk: connection({ subdomain: "https://acme.zendesk.com" }) },
      /wrong subdomain format/,
      /acme, not acme\.zendesk\.com/,
    )
    assert.strictEqual(checkIn(found, "ticketing.credentials").status, "unknown")
    assert.strictEqual(checkIn(found, "replies.webhook").status, "unknown")
  })

  it("settings that are no settings", () =>
    wrong("ticketing.settings", { zendesk: { subdomain: "acme" } }, /not valid/, /README/))

  it("no account under this name", async () => {
    stage.answer(404)
    await wrong(
      "ticketing.account",
      { zendesk: connection({ baseUrl: stage.publicUrl }) },
      /no Zendesk account/,
      /subdomain/,
    )
    stage.answer(200)
  })

  it("token access off or token expired", () =>
    wrong(
      "ticketing.credentials",
      {
        zendesk: connection({ auth: { type: "api_token", email: "integration@acme.test", token: "gone" } }),
      },
      /expired token, or API access disabled/,
      /Token access/,
    ))

  it("wrong OAuth secret, and the secret is told nowhere", async () => {
    const found = await wrong(
      "ticketing.credentials",
      { zendesk: client("opencx", "not-the-secret-4711") },
      /id and secret/,
      /OAuth clients/,
    )
    assert.notInclude(JSON.stringify(found), "not-the-secret-4711")
    assert.notInclude(JSON.stringify(found), sampleSunshineApp.secret)
  })

  it("scope misspelt", () =>
    wrong(
      "ticketing.scopes",
      { zendesk: connection({ auth: { ...oauth, scope: "tickets:reed" } }) },
      /scope is missing or misspelt/,
      /read write/,
    ))

  it("a customer's account", () =>
    wrong("ticketing.role", { zendesk: client("customer") }, /lacks permission/, /admin or an agent/))

  it("an agent without permission to create tickets and users", async () => {
    await wrong("ticketing.create_tickets", { zendesk: client("limited") }, /create tickets/, /full access/)
    await wrong("ticketing.create_users", { zendesk: client("limited") }, /create users/, /full access/)
  })

  it("only one of the two rights is missing: that one is named, the other is good", async () => {
    const tickets = await wrong(
      "ticketing.create_tickets",
      { zendesk: client("no-tickets") },
      /lacks permission to create tickets/,
      /full access/,
    )
    isOk(tickets, "ticketing.create_users", "ticketing.read_tickets")
    const users = await wrong(
      "ticketing.create_users",
      { zendesk: client("no-users") },
      /lacks permission to create users/,
      /full access/,
    )
    isOk(users, "ticketing.create_tickets", "ticketing.read_users")
  })

  it("tickets would go to a brand or a group that is not there", async () => {
    stage.configure({ zendesk: connection({ brandId: "4711", groupId: "4712" }) })
    const found = await stage.look()
    isProblem(found, "ticketing.brand", /brand 4711.* does not exist/, /brandId.*Brand management/)
    isProblem(found, "ticketing.group", /group 4712.* does not exist/, /groupId.*Groups/)
    const Ids = Schema.Array(Schema.Struct({ id: Schema.Int }))
    const { brands } = Schema.decodeUnknownSync(Schema.Struct({ brands: Ids }))(
      await stage.support("GET", "/api/v2/brands"),
    )
    const { groups } = Schema.decodeUnknownSync(Schema.Struct({ groups: Ids }))(
      await stage.support("GET", "/api/v2/groups"),
    )
    stage.configure({
      zendesk: connection({ brandId: String(brands[0]?.id), groupId: String(groups[0]?.id) }),
    })
    isOk(await stage.look(), "ticketing.brand", "ticketing.group")
    stage.instead((path) =>
      path.startsWith("/api/v2/brands/") ? { status: 200, json: { brand: { id: 1, active: false } } } : null,
    )
    stage.configure({ zendesk: connection({ brandId: String(brands[0]?.id), baseUrl: stage.publicUrl }) })
    isProblem(await stage.look(), "ticketing.brand", /is not active/, /leave it out/)
    stage.instead(null)
    stage.configure({})
  })

  it("an agent that is no admin cannot look at webhooks: a notice, and they stay unknown", async () => {
    const found = await wrong(
      "ticketing.setup_rights",
      { zendesk: client("plain") },
      /cannot reach webhooks/,
      /admin/,
    )
    assert.isFalse(checkIn(found, "ticketing.setup_rights").needed)
    assert.strictEqual(checkIn(found, "replies.trigger").status, "unknown")
  })

  it("a right that one call alone lacks", async () => {
    const lacking =
      (path: string): Instead =>
      (asked) =>
        asked.startsWith(path)
          ? { status: 403, json: { error: "Forbidden", description: "no access" } }
          : null
    const cases = [
      ["ticketing.read_tickets", "/api/v2/tickets/count", /read tickets/, /tickets:read/],
      ["ticketing.read_users", "/api/v2/users/search", /look customers up/, /users:read/],
      ["fields.readable", "/api/v2/ticket_fields", /read ticket fields/, /tickets:read/],
      ["articles.help_center", "/api/v2/help_center", /read the Help Center/, /hc:read/],
    ] as const
    const used = {
      zendesk: connection({ baseUrl: stage.publicUrl }),
      fields: [{ id: "1" }],
      sources: [{ id: "help", type: "zendesk_help_center" }],
    }
    stage.configure(used)
    for (const [id, path, problem, fix] of cases) {
      stage.instead(() => null)
      isOk(await stage.look(), id)
      stage.instead(lacking(path))
      isProblem(await stage.look(), id, problem, fix)
    }
    stage.instead((path) =>
      path.startsWith("/api/v2/help_center") ? { status: 404, json: { error: "x" } } : null,
    )
    isProblem(await stage.look(), "articles.help_center", /no Help Center/, /Activate/)
    stage.instead(null)
    stage.configure({})
  })

  it("an agent who may write internal notes only", async () => {
    const user = { id: 1, name: "Light", role: "agent", only_private_comments: true }
    stage.configure({ zendesk: connection({ baseUrl: stage.publicUrl }) })
    stage.instead(() => null)
    isOk(await stage.look(), "ticketing.public_comments")
    stage.instead((path) => (path.startsWith("/api/v2/users/me") ? { status: 200, json: { user } } : null))
    isProblem(await stage.look(), "ticketing.public_comments", /internal notes only/, /comment publicly/)
    stage.instead(null)
    stage.configure({})
  })

  it("an API token works, and its end is told", async () => {
    const auth = { type: "api_token", email: "integration@acme.test", token: "a-token" }
    stage.configure({ zendesk: connection({ auth }) })
    const found = await stage.look()
    const check = isProblem(found, "ticketing.api_token_end", /2027-04-30/, /opencx connect zendesk/)
    assert.isFalse(check.needed)
    assert.isTrue(found.ok)
    assert.notInclude(JSON.stringify(found), "a-token")
    stage.configure({})
    assert.isUndefined((await stage.look()).checks.find(({ id }) => id === "ticketing.api_token_end"))
  })

  it("an authorization whose renewal was lost", async () => {
    const auth = { type: "oauth_authorization_code", clientId: "opencx" }
    const tokens = (renewAt: number) =>
      JSON.stringify({
        origin: new URL(stage.publicUrl).origin,
        accessToken: "access-1",
        expiresAt: 4_000_000_000_000,
        renewAt,
        refreshToken: "used",
        refreshExpiresAt: null,
      })
    const keep = (name: string, value: string) =>
      stage.within(Effect.flatMap(Secrets, (secrets) => secrets.put("acme", name, Redacted.make(value))))
    const user = { id: 1, name: "OpenCX", role: "admin" }
    stage.configure({ zendesk: connection({ auth, baseUrl: stage.publicUrl }), messaging: undefined })
    stage.instead((path) => {
      if (path.startsWith("/api/v2/users/me")) return { status: 200, json: { user } }
      if (path.startsWith("/oauth")) return { status: 400, json: { error: "invalid_grant" } }
      const isList = /webhooks|triggers/.test(path)
      return {
        status: isList || path.includes("count") || path.includes("search") ? 200 : 422,
        json: { count: 0, webhooks: [], triggers: [] },
      }
    })
    await keep("zendesk-oauth-tokens", tokens(4_000_000_000_000))
    isOk(await stage.look(), "ticketing.authorization")
    await keep("zendesk-oauth-tokens", tokens(0))
    await keep("zendesk-oauth-refresh-begun", "1700000000000")
    const found = await stage.look()
    const check = isProblem(found, "ticketing.authorization", /ends at 2096-10-02/, /opencx connect zendesk/)
    assert.isFalse(check.needed)
    assert.notInclude(JSON.stringify(found), "access-1")
    stage.instead(null)
    stage.configure({})
  })

  it("an assignee that is no agent is a notice", async () => {
    stage.configure({ zendesk: connection({ defaultAssigneeId: "999" }) })
    isProblem(await stage.look(), "ticketing.default_assignee", /cannot take tickets/, /numeric id/)
    stage.configure({ zendesk: connection({ defaultAssigneeId: String(stage.emulator.integrationUserId) }) })
    isOk(await stage.look(), "ticketing.default_assignee")
    stage.configure({})
  })

  it("Zendesk that does not answer says nothing about the settings", async () => {
    isOk(await stage.look(), "ticketing.reachable", "messaging.reachable")
    stage.emulator.addFault({ kind: "status503" })
    const link = {
      conversationId: "65b0f3a1c2d4e5f607182940",
      userId: null,
      native: true,
      control: "humans",
    } as const
    for (let n = 0; n < 12; n++)
      await stage.tell({
        channel: "whatsapp",
        session: { handoffs: 1, chat: { ...link, controlAt: null, humansHadIt: false } },
      })
    stage.emulator.clearCalls()
    const found = await stage.look()
    assert.isBelow(
      stage.emulator.calls().length,
      20,
      "what lets nobody in is not asked for each conversation",
    )
    assert.strictEqual(checkIn(found, "chat.held_by_bot").status, "unknown")
    isProblem(found, "ticketing.reachable", /did not answer/, /status\.zendesk\.com/)
    isProblem(found, "messaging.reachable", /did not answer/, /reaches Zendesk/)
    stage.emulator.clearFaults()
    isOk(await stage.look(), "ticketing.reachable", "messaging.reachable")
  })

  it("Integration key in place of an App key, wrong secret, wrong App ID", async () => {
    const { appId, keyId, secret } = sampleSunshineApp
    await wrong(
      "messaging.app_key",
      { messaging: { appId, keyId: "int_1", secret } },
      /Integration key/,
      /app_/,
    )
    await wrong("messaging.app_key", { messaging: { appId, keyId, secret: "x" } }, /key is not accepted/, /./)
    await wrong(
      "messaging.app_id",
      { messaging: { appId: "5f0000000000000000000000", keyId, secret } },
      /wrong App ID/,
      /App ID/,
    )
    await wrong("messaging.settings", { messaging: { keyId, secret } }, /not valid/, /Live chat/)
  })

  it("no credentials for the merge of users", async () => {
    isOk(await stage.look(), "contacts.user_merge")
    const { appId, keyId, secret } = sampleSunshineApp
    stage.configure({
      zendesk: undefined,
      messaging: { appId, keyId, secret, subdomain: "acme", baseUrl: stage.emulator.url },
    })
    const found = await stage.look()
    isProblem(found, "contacts.user_merge", /merge is skipped/, /Ticketing connection/)
    isProblem(found, "ticketing.connected", /not connected/, /opencx connect zendesk/)
    stage.configure({})
    isOk(await stage.look(), "ticketing.connected")
  })
})
