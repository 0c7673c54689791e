/** Guessing a password: the guesser cannot become a new one by choosing other words for their own address. */
import { afterEach, assert, describe, it } from "@effect/vitest"
import { firstStart } from "../../src/access/firstStart.ts"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { type Server, startServer } from "../support/server.ts"

const box: { server?: Server } = {}
afterEach(() => box.server?.close())

const start = async (trustedProxies: ReadonlyArray<string>) => {
  box.server = await startServer({
    firstAdmin: { email: "root@acme.example", password: "a long password" },
    http: { host: "127.0.0.1", port: 0, trustedProxies },
  })
  await box.server.within(firstStart)
  return box.server
}

const guess = (server: Server, from: string, email = "nobody@acme.example") =>
  server.ask("/login", {
    method: "POST",
    headers: { "x-forwarded-for": from, "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ email, password: "wrong wrong" }).toString(),
  })

/** The first answer that is no look at the password; null within eight tries. */
const lockedAfter = async (server: Server, from: (n: number) => string, email?: string) => {
  for (let n = 0; n < 8; n++) {
    const answer = await guess(server, from(n), email)
    if (answer.text.includes("Too many failed logins")) return n
    assert.strictEqual(answer.status, 401)
  }
  return null
}

describe("a guesser is stopped after four tries", () => {
  it("who has a whole network of IPv6", async () => {
    const server = await start(["127.0.0.0/8"])
    assert.strictEqual(await lockedAfter(server, (n) => `2001:db9:1:2::${n + 1}`), 4)
    assert.isNull(await lockedAfter(server, (n) => `2001:db9:1:${n + 10}::1`, "other@acme.example"))
  })

  it("who makes up addresses, where no proxy tells them", async () => {
    const server = await start([])
    assert.strictEqual(await lockedAfter(server, (n) => `198.51.100.${n + 1}`), 4)
  })

  it("who puts made-up ones before their own", async () => {
    const server = await start(["127.0.0.0/8"])
    assert.strictEqual(await lockedAfter(server, (n) => `10.0.0.${n + 1}, 198.51.100.7`), 4)
  })

  it("and whoever gets in is no failure: a whole office comes from one address", async () => {
    const server = await start(["127.0.0.0/8"])
    const enter = () =>
      server.ask("/login", {
        method: "POST",
        headers: {
          "x-forwarded-for": "198.51.100.9",
          "content-type": "application/x-www-form-urlencoded",
        },
        body: new URLSearchParams({ email: "root@acme.example", password: "a long password" }).toString(),
      })
    await guess(server, "198.51.100.9")
    for (let n = 0; n < 3; n++) assert.strictEqual((await enter()).status, 303)
    const rows = await server.within(
      Effect.flatMap(
        SqlClient.SqlClient,
        (sql) => sql`SELECT failures FROM opencx_login_failures WHERE subject = 'login from 198.51.100.9'`,
      ),
    )
    assert.deepStrictEqual(
      rows.map(({ failures }) => Number(failures)),
      [1],
    )
  })

  it("who writes the account in other letters", async () => {
    const server = await start(["127.0.0.0/8"])
    const spellings = ["Root@acme.example", " root@ACME.example", "ROOT@acme.example ", "\troot@acme.EXAMPLE"]
    let n = 0
    for (; n < 8; n++) {
      const answer = await guess(server, "198.51.100.8", spellings[n % spellings.length])
      if (answer.status === 429) break
    }
    assert.strictEqual(n, 4)
  })
})
