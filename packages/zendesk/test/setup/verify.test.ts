/** Every cause of a failed verification: the emulator is made to behave so, then the finding must name it. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { isVerified, verifyAccount } from "../../src/setup/index.ts"
import { overHttp } from "../fake/http.ts"
import { scripted } from "../fake/ScriptedServer.ts"
import { oauth, legacy, zendesk, sunshine, account, verifying, badOnes, onlyBad } from "../fake/verify.ts"

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

  it.live("schedules are looked at only where office hours come from one", () =>
    Effect.gen(function* () {
      const { emulator, found } = yield* verifying((url) => ({ ticketing: zendesk(url) }))
      assert.isFalse(emulator.calls().some(({ path }) => path.includes("business_hours")))
      assert.isFalse(found.ticketing.some(({ id }) => id === "schedules"))
      const used = account({ ticketing: zendesk(emulator.url), schedules: true })
      const good = yield* verifyAccount(used)
      assert.isTrue(good.ticketing.some(({ id, ok }) => id === "schedules" && ok))
      for (const answer of [403, 404] as const) {
        emulator.schedules.plan(answer)
        const finding = onlyBad(yield* verifyAccount(used))
        assert.strictEqual(finding.id, "schedules")
        assert.include(finding.problem, "not part of this plan, or this connection's agent or scope")
        assert.include(finding.fix, "handoff.officeHours")
      }
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
