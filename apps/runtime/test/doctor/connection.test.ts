/** A verification that fails, each cause by itself: what the doctor calls it, and what it leaves unknown. */
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { sampleSunshineApp } from "@opencx/zendesk-emulator"
import {
  checkIn,
  type DoctorStage,
  isOk,
  isProblem,
  setDoctorStage,
  troubles,
} from "../support/doctorStage.ts"
import { oauth } from "../support/zendeskStage.ts"

let stage: DoctorStage
beforeAll(async () => {
  stage = await setDoctorStage({
    seed: {
      oauthClients: [
        { id: oauth.clientId, secret: oauth.clientSecret },
        { id: "plain", secret: "s", userEmail: "plain@acme.test" },
        { id: "limited", secret: "s", userEmail: "limited@acme.test" },
        { id: "customer", secret: "s", userEmail: "customer@acme.test" },
      ],
      agents: [
        { name: "Plain", email: "plain@acme.test", role: "agent" },
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
  it("nothing is wrong with an account that is set up", async () => {
    assert.deepStrictEqual(troubles(await stage.look()), [])
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
    const found = await stage.look()
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
