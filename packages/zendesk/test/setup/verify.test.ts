/** Every cause of a failed verification: the emulator is made to behave so, then the finding must name it. */
import { assert, describe, it } from "@effect/vitest"
import { type EmulatorOptions, make as startEmulator } from "@opencx/zendesk-emulator"
import { Effect } from "effect"
import {
  type AccountFindings,
  type AccountToVerify,
  applySetup,
  isVerified,
  verifyAccount,
} from "../../src/setup/index.ts"
import { overHttp } from "../fake/http.ts"
import { scripted } from "../fake/ScriptedServer.ts"
import { openSetup } from "../fake/setup.ts"
import { appId, keyId } from "../fake/sunshine.ts"

const oauth = { type: "oauth_client_credentials", clientId: "opencx", clientSecret: "opencx-secret" }
const legacy = { type: "api_token", email: "integration@acme.test", token: "legacy-1" }

const zendesk = (url: string, more: object = {}) => ({
  subdomain: "acme",
  baseUrl: url,
  auth: oauth,
  ...more,
})
const sunshine = (more: object = {}) => ({ appId, keyId, secret: "sample-sunshine-secret", ...more })

const account = (more: Partial<AccountToVerify>): AccountToVerify => ({
  ticketing: null,
  messaging: null,
  ticketFields: true,
  helpCenter: true,
  setup: null,
  ...more,
})

/** Verifies against a fresh emulator; `settings` gets its URL. */
const verifying = (settings: (url: string) => Partial<AccountToVerify>, options: EmulatorOptions = {}) =>
  Effect.gen(function* () {
    const emulator = yield* startEmulator({ timeScale: 0.01, ...options })
    const found = yield* verifyAccount(account(settings(emulator.url)))
    return { emulator, found }
  })

const badOnes = ({ messaging, ticketing }: AccountFindings) =>
  [...ticketing, ...messaging].filter(({ ok }) => !ok)

const onlyBad = (found: AccountFindings) => {
  const all = badOnes(found).filter(({ needed }) => needed)
  assert.lengthOf(all, 1, JSON.stringify(all))
  const [one] = all
  if (one === undefined) throw new Error("nothing was found")
  return { id: one.id, problem: one.problem ?? "", fix: one.fix ?? "" }
}

describe("Ticketing", () => {
  it.live("an account on which everything works: all good, and nothing was made", () =>
    Effect.gen(function* () {
      const { emulator, found } = yield* verifying((url) => ({ ticketing: zendesk(url) }))
      assert.deepStrictEqual(badOnes(found), [])
      assert.isTrue(isVerified(found))
      assert.includeMembers(
        found.ticketing.map(({ id }) => id),
        [
          "credentials",
          "role",
          "read_tickets",
          "create_tickets",
          "read_users",
          "create_users",
          "help_center",
        ],
      )
      const { tickets } = emulator.counts()
      assert.strictEqual(tickets, 0)
      const made = emulator.calls().filter(({ method, status }) => method !== "GET" && status === 201)
      assert.deepStrictEqual(
        made.map(({ path }) => path),
        ["/oauth/tokens"],
      )
    }).pipe(overHttp),
  )

  for (const subdomain of ["https://acme.zendesk.com", "acme.zendesk.com", "ACME", "acme zendesk"])
    it.live(`the subdomain given as "${subdomain}"`, () =>
      Effect.gen(function* () {
        const { emulator, found } = yield* verifying((url) => ({ ticketing: zendesk(url, { subdomain }) }))
        const { fix, id, problem } = onlyBad(found)
        assert.strictEqual(id, "subdomain")
        assert.include(problem, "wrong subdomain format")
        assert.include(fix, "acme")
        assert.lengthOf(emulator.calls(), 0)
      }).pipe(overHttp),
    )

  it.live("a subdomain at which no account is", () =>
    Effect.gen(function* () {
      const page = { status: 404, text: "<!DOCTYPE html><html>No help desk at nosuch.zendesk.com</html>" }
      const server = yield* scripted(() => page)
      const none = yield* verifyAccount(account({ ticketing: zendesk(server.url) }))
      assert.strictEqual(onlyBad(none).id, "account")
      assert.include(onlyBad(none).fix, "the part before .zendesk.com")
      const { emulator } = yield* verifying(() => ({}))
      emulator.addFault({ kind: "status500html", times: 9 })
      const down = yield* verifyAccount(account({ ticketing: zendesk(emulator.url) }))
      assert.strictEqual(onlyBad(down).id, "reachable")
    }).pipe(overHttp),
  )

  it.live("token access off, and an expired token", () =>
    Effect.gen(function* () {
      const off = yield* verifying((url) => ({ ticketing: zendesk(url, { auth: legacy }) }))
      const finding = onlyBad(off.found)
      assert.strictEqual(finding.id, "credentials")
      assert.include(finding.problem, "expired token, or API access disabled")
      assert.include(finding.fix, "Token access is toggled on")
      const expired = yield* verifying(
        (url) => ({ ticketing: zendesk(url, { auth: { ...legacy, token: "gone" } }) }),
        {
          seed: { legacyApiTokens: ["legacy-1"] },
        },
      )
      assert.include(onlyBad(expired.found).fix, "none can be created since 2026-10-27")
    }).pipe(overHttp),
  )

  it.live("a working API token is good, with its end date", () =>
    Effect.gen(function* () {
      const { found } = yield* verifying((url) => ({ ticketing: zendesk(url, { auth: legacy }) }), {
        seed: { legacyApiTokens: ["legacy-1"] },
      })
      assert.isTrue(isVerified(found))
      const [end] = badOnes(found)
      assert.strictEqual(end?.id, "api_token_end")
      assert.include(end?.problem, "2027-04-30")
    }).pipe(overHttp),
  )

  it.live("a wrong OAuth client, and a secret that was replaced", () =>
    Effect.gen(function* () {
      for (const wrong of [{ clientSecret: "old" }, { clientId: "nobody" }]) {
        const { found } = yield* verifying((url) => ({
          ticketing: zendesk(url, { auth: { ...oauth, ...wrong } }),
        }))
        assert.strictEqual(onlyBad(found).id, "credentials")
        assert.include(onlyBad(found).problem, "OAuth client's id and secret")
      }
    }).pipe(overHttp),
  )

  it.live("the user behind the credentials is an end user", () =>
    Effect.gen(function* () {
      const { found } = yield* verifying((url) => ({ ticketing: zendesk(url) }), {
        seed: {
          users: [{ name: "Eve", email: "eve@acme.test" }],
          oauthClients: [{ id: "opencx", secret: "opencx-secret", userEmail: "eve@acme.test" }],
        },
      })
      assert.strictEqual(onlyBad(found).id, "role")
      assert.include(onlyBad(found).problem, "lacks permission to create users and tickets")
    }).pipe(overHttp),
  )

  it.live("an agent without permission to create users and tickets", () =>
    Effect.gen(function* () {
      const { found } = yield* verifying((url) => ({ ticketing: zendesk(url) }), {
        seed: {
          agents: [{ name: "Lia", email: "lia@acme.test", cannot: ["create_tickets", "create_users"] }],
          oauthClients: [{ id: "opencx", secret: "opencx-secret", userEmail: "lia@acme.test" }],
        },
      })
      const needed = badOnes(found).filter((one) => one.needed)
      assert.deepStrictEqual(
        needed.map(({ id }) => id),
        ["create_tickets", "create_users"],
      )
      for (const { fix, problem } of needed) {
        assert.include(problem, "lacks permission to create")
        assert.include(fix, "an admin or an agent with full access")
      }
      // An agent cannot reach webhooks and triggers either, which only setting up needs.
      assert.isTrue(badOnes(found).some(({ id, needed: isNeeded }) => id === "setup_rights" && !isNeeded))
    }).pipe(overHttp),
  )

  it.live("missing and misspelt scopes: granted, and refused capability by capability", () =>
    Effect.gen(function* () {
      const withScope = (scope: string) =>
        verifying((url) => ({ ticketing: zendesk(url, { auth: { ...oauth, scope } }) }))
      const reading = yield* withScope("read")
      assert.deepStrictEqual(
        badOnes(reading.found).map(({ id }) => id),
        ["create_tickets", "create_users"],
      )
      const narrow = yield* withScope("tickets:read tickets:write users:read users:write")
      assert.includeMembers(
        badOnes(narrow.found).map(({ id }) => id),
        ["help_center", "setup_rights"],
      )
      const misspelt = yield* withScope("raed write")
      assert.include(JSON.stringify(badOnes(misspelt.found)), "a misspelt scope is granted")
    }).pipe(overHttp),
  )

  it.live("no Help Center, and answers that nobody foresaw, are told as what they are", () =>
    Effect.gen(function* () {
      const me = { json: { user: { id: 1, name: "OpenCX", role: "admin" } } }
      const answers = (path: string) => {
        if (path === "/oauth/tokens") return { json: { access_token: "t" } }
        if (path === "/api/v2/users/me") return me
        if (path.startsWith("/api/v2/help_center")) return { status: 404, json: { error: "InvalidEndpoint" } }
        if (path === "/api/v2/ticket_fields") return { status: 400, json: { error: "Odd" } }
        return { json: { count: 0 } }
      }
      const server = yield* scripted(({ path }) => answers(path))
      const found = badOnes(yield* verifyAccount(account({ ticketing: zendesk(server.url) })))
      assert.include(found.find(({ id }) => id === "help_center")?.problem, "no Help Center")
      assert.include(found.find(({ id }) => id === "ticket_fields")?.problem, "refused the check")
    }).pipe(overHttp),
  )

  it.live("a probe that Zendesk takes for a real ticket or user is taken back at once", () =>
    Effect.gen(function* () {
      const me = { json: { user: { id: 1, name: "OpenCX", role: "admin" } } }
      const server = yield* scripted(({ method, path }) => {
        if (path === "/oauth/tokens") return { json: { access_token: "t" } }
        if (path === "/api/v2/users/me") return me
        if (method === "POST")
          return { status: 201, json: { [path.includes("tickets") ? "ticket" : "user"]: { id: 77 } } }
        return { json: { count: 0 } }
      })
      const found = yield* verifyAccount(account({ ticketing: zendesk(server.url) }))
      assert.isTrue(isVerified(found))
      assert.lengthOf(server.to("DELETE /api/v2/tickets/77"), 1)
      assert.lengthOf(server.to("DELETE /api/v2/users/77"), 1)
    }).pipe(overHttp),
  )

  it.live("a Default Agent ID that cannot take tickets", () =>
    Effect.gen(function* () {
      const { found } = yield* verifying((url) => ({ ticketing: zendesk(url, { defaultAssigneeId: 4711 }) }))
      assert.isTrue(isVerified(found))
      assert.include(
        badOnes(found)[0]?.problem,
        "Default Agent ID cannot take tickets: there is no such user",
      )
    }).pipe(overHttp),
  )

  it.live("no secret appears in what is found", () =>
    Effect.gen(function* () {
      const { found } = yield* verifying((url) => ({
        ticketing: zendesk(url, { auth: { ...oauth, clientSecret: "s3cret-value" } }),
        messaging: sunshine({ secret: "s3cret-value", baseUrl: url }),
      }))
      assert.notInclude(JSON.stringify(found), "s3cret-value")
    }).pipe(overHttp),
  )
})

describe("Messaging", () => {
  it.live("an Integration key: refused by its id, before any call", () =>
    Effect.gen(function* () {
      const { emulator, found } = yield* verifying((url) => ({
        ticketing: zendesk(url),
        messaging: sunshine({ keyId: "int_65b0f3a1" }),
      }))
      const { fix, id, problem } = onlyBad(found)
      assert.strictEqual(id, "app_key")
      assert.include(problem, "wrong key type (Integration key, not App key)")
      assert.include(fix, "app_")
      assert.lengthOf(
        emulator.calls().filter(({ path }) => path.startsWith("/sc/")),
        0,
      )
    }).pipe(overHttp),
  )

  it.live("a wrong App ID, and a lost secret", () =>
    Effect.gen(function* () {
      const wrongApp = yield* verifying((url) => ({
        ticketing: zendesk(url),
        messaging: sunshine({ appId: "0123456789abcdef01234567" }),
      }))
      assert.strictEqual(onlyBad(wrongApp.found).id, "app_id")
      assert.include(onlyBad(wrongApp.found).problem, "wrong App ID")
      const lost = yield* verifying((url) => ({
        ticketing: zendesk(url),
        messaging: sunshine({ secret: "x" }),
      }))
      assert.strictEqual(onlyBad(lost.found).id, "app_key")
      assert.include(onlyBad(lost.found).fix, "shows a secret only once")
    }).pipe(overHttp),
  )

  it.live("multi-conversations off, no integration of the exact name, somebody else answers first", () =>
    Effect.gen(function* () {
      const { found } = yield* verifying((url) => ({ ticketing: zendesk(url), messaging: sunshine() }))
      const ids = badOnes(found).map(({ id }) => id)
      assert.includeMembers(ids, ["multi_conversations", "integration_name"])
      assert.include(JSON.stringify(badOnes(found)), 'no integration named exactly \\"opencx\\"')
    }).pipe(overHttp),
  )

  it.live("an integration that is spelt differently", () =>
    Effect.gen(function* () {
      const world = yield* openSetup({ messaging: { integrationName: "OpenCX" } })
      yield* applySetup(world.input(), { irreversible: true })
      const found = yield* verifyAccount(
        account({ ticketing: zendesk(world.emulator.url), messaging: sunshine() }),
      )
      assert.include(JSON.stringify(badOnes(found)), 'There is \\"OpenCX\\", which is spelt differently')
    }).pipe(overHttp),
  )

  it.live("no API credentials for the user merge", () =>
    Effect.gen(function* () {
      const { found } = yield* verifying((url) => ({
        messaging: sunshine({ subdomain: "acme", baseUrl: url }),
      }))
      const merge = badOnes(found).find(({ id }) => id === "user_merge")
      assert.include(merge?.problem, "API credentials are missing from the Messaging integration")
      const broken = yield* verifying((url) => ({
        ticketing: zendesk(url, { auth: { ...oauth, clientSecret: "old" } }),
        messaging: sunshine({ subdomain: "acme", baseUrl: url }),
      }))
      assert.include(
        badOnes(broken.found).find(({ id }) => id === "user_merge")?.problem,
        "the user merge cannot work",
      )
    }).pipe(overHttp),
  )

  it.live("neither subdomain nor Ticketing connection, or one that is wrong", () =>
    Effect.gen(function* () {
      const { found } = yield* verifying(() => ({ messaging: sunshine() }))
      assert.include(onlyBad(found).problem, "name no subdomain")
      const wrong = yield* verifying((url) => ({
        ticketing: zendesk(url, { subdomain: "https://acme.zendesk.com" }),
        messaging: sunshine(),
      }))
      assert.include(JSON.stringify(badOnes(wrong.found)), "wrong subdomain format")
    }).pipe(overHttp),
  )
})

describe("what was set up", () => {
  it.live("after setting up everything is good; each thing that breaks is found", () =>
    Effect.gen(function* () {
      const world = yield* openSetup({ messaging: { choose: ["whatsapp", "web", "messenger", "instagram"] } })
      const look = (more: Parameters<typeof world.input>[0] = {}) =>
        verifyAccount(
          account({
            ticketing: zendesk(world.emulator.url),
            messaging: sunshine(),
            setup: world.input(more),
          }),
        )
      const before = badOnes(yield* look()).map(({ id }) => id)
      assert.includeMembers(before, [
        "ticketing_webhook",
        "ticketing_trigger",
        "requester_mail",
        "integration",
      ])
      yield* applySetup(world.input(), { irreversible: true })
      assert.deepStrictEqual(badOnes(yield* look()), [])
      world.kept.set("zendesk-ticketing-signing-secret", "an old one")
      const [secret] = badOnes(yield* look())
      assert.strictEqual(secret?.id, "ticketing_secret")
      assert.isTrue(secret?.needed)
      yield* applySetup(world.input(), { irreversible: true })
      const triggers = JSON.parse(
        new TextDecoder().decode(
          (yield* world.support.request({ method: "GET", path: "/api/v2/triggers" })).bytes,
        ),
      ).triggers
      const ours = triggers.find(({ title }: { readonly title: string }) => title.includes("public replies"))
      yield* world.support.request({
        method: "PUT",
        path: `/api/v2/triggers/${ours.id}`,
        json: JSON.stringify({ trigger: { active: false } }),
      })
      const [inactive] = badOnes(yield* look())
      assert.strictEqual(inactive?.id, "ticketing_trigger")
      assert.include(inactive?.problem, "Agent public replies don't reach the contact")
      assert.include(inactive?.problem, "not active")
    }).pipe(overHttp),
  )

  it.live("an authorization whose refresh was lost works, and says until when", () =>
    Effect.gen(function* () {
      const server = yield* scripted(({ method, path }) => {
        if (path === "/oauth/tokens") return { status: 400, json: { error: "invalid_grant" } }
        if (path === "/api/v2/users/me") return { json: { user: { id: 1, name: "OpenCX", role: "admin" } } }
        if (method === "POST") return { status: 422, json: { error: "RecordInvalid" } }
        return { json: { count: 0 } }
      })
      const tokens = {
        accessToken: "access-1",
        expiresAt: 4_000_000_000_000,
        renewAt: 0,
        refreshToken: "used",
        refreshExpiresAt: null,
      }
      const vault = {
        read: Effect.succeed(tokens),
        write: () => Effect.void,
        begun: Effect.succeed(1_700_000_000_000),
        noteBegun: () => Effect.void,
      }
      const consent = { type: "oauth_authorization_code", clientId: "opencx" }
      const found = yield* verifyAccount(
        account({ ticketing: zendesk(server.url, { auth: consent }), vault, helpCenter: false }),
      )
      assert.isTrue(isVerified(found))
      const lost = badOnes(found).find(({ id }) => id === "authorization")
      assert.include(lost?.problem, "ends at 2096-10-02")
      assert.include(lost?.fix, "opencx connect zendesk")
    }).pipe(overHttp),
  )

  it.live("the vault of an authorization is asked, and says to connect when it is empty", () =>
    Effect.gen(function* () {
      const { found } = yield* verifying((url) => ({
        ticketing: zendesk(url, { auth: { type: "oauth_authorization_code", clientId: "opencx" } }),
        vault: {
          read: Effect.succeed(null),
          write: () => Effect.void,
          begun: Effect.succeed(null),
          noteBegun: () => Effect.void,
        },
      }))
      assert.strictEqual(onlyBad(found).id, "credentials")
      assert.include(onlyBad(found).fix, "opencx connect zendesk")
    }).pipe(overHttp),
  )
})
