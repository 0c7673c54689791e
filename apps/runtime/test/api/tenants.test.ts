/**
 * Every endpoint of the API, found by walking its description: across organizations nobody sees or changes anything, and
 * within one everybody may do exactly what the table of roles says.
 */
import { Users } from "@opencx/storage"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { Context, Effect, Option, Schema } from "effect"
import { HttpApi } from "effect/http-api"
import { openSession } from "../../src/access/logIn.ts"
import { type Action, Action as ActionSchema, table } from "../../src/access/roles.ts"
import { Api } from "../../src/api/contract/Api.ts"
import { Needs } from "../../src/api/contract/Guard.ts"
import { clientOf, keyFor, make, operatorToken } from "../support/api.ts"
import { type Server, startServer } from "../support/server.ts"

/** What a key can be for. */
const ofKeys = Object.keys(table).filter((name) => !name.startsWith("installation."))
const scopes = Schema.decodeUnknownSync(Schema.NonEmptyArray(ActionSchema))

interface Endpoint {
  readonly name: string
  readonly method: string
  readonly path: string
  readonly needs: Action | "anybody" | null
}

const endpoints: Array<Endpoint> = []
HttpApi.reflect(Api, {
  onGroup: () => undefined,
  onEndpoint: ({ endpoint, group, mergedAnnotations }) =>
    void endpoints.push({
      name: `${group.identifier}.${endpoint.identifier}`,
      method: endpoint.method,
      path: endpoint.path,
      needs: Option.getOrNull(Context.getOption(mergedAnnotations, Needs)),
    }),
})
const ofOrganizations = endpoints.filter(({ path }) => path.includes("/:org"))
const ofInstallation = endpoints.filter(({ needs, path }) => !path.includes("/:org") && needs !== "anybody")

const uuid = "00000000-0000-4000-8000-000000000000"

/** A path with something believable in each place. */
const pathIn = ({ path }: Endpoint, org: string): string =>
  path
    .replace(":org", org)
    .replace(":integration", "zendesk")
    .replace(":account", "support")
    .replace(":source", "help")
    .replace(/:(?:session|work|user|key)/, uuid)

const box: { server?: Server } = {}
const server = (): Server => {
  if (box.server === undefined) throw new Error("not started")
  return box.server
}

/** Asks with a body and a version that come to nothing: what is let in fails later, in another way. */
const ask = (endpoint: Endpoint, org: string, headers: Readonly<Record<string, string>>) =>
  server().ask(pathIn(endpoint, org), {
    method: endpoint.method,
    headers: { "content-type": "application/json", "if-match": '"999999"', ...headers },
    ...(endpoint.method === "GET" || endpoint.method === "DELETE" ? {} : { body: "{}" }),
  })

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

const roles = ["owner", "admin", "agent", "viewer"] as const
const cookies = new Map<string, Readonly<Record<string, string>>>()
const keys = new Map<string, string>()

const userWith = async (orgId: string, role: string) => {
  const users = await server().within(Users)
  const audit = { orgId, actor: "test", actorName: "test", action: "user.create", target: "x", changes: [] }
  const email = `${role}@${orgId === "*" ? "installation" : orgId}.example`
  const user = await Effect.runPromise(
    users.create({ email, name: role, password: null, memberships: [{ orgId, role }] }, audit),
  )
  const token = await server().within(openSession(user.id))
  cookies.set(`${role} of ${orgId}`, { cookie: `opencx_session=${token}`, "sec-fetch-site": "same-origin" })
}
const as = (who: string) => cookies.get(who) ?? {}

beforeAll(async () => {
  // Some hundreds of refusals come from this one address, which is what is tested here.
  const http = { refusalsPerMinute: 100_000 }
  box.server = await startServer({ operatorToken, http, organizations: [] })
  const operator = await clientOf(box.server, operatorToken)
  for (const org of ["north", "south"]) await make(operator, org)
  for (const role of roles) for (const org of ["north", "south", "*"]) await userWith(org, role)
  keys.set("north", await keyFor(operator, "north", scopes(ofKeys)))
})
afterAll(() => box.server?.close())

describe("the description", () => {
  it("says of every endpoint who may call it, and names each path once", () => {
    assert.isAbove(endpoints.length, 30)
    assert.deepStrictEqual(
      endpoints.filter(({ needs }) => needs === null),
      [],
    )
  })

  it("is served as OpenAPI, with every path", async () => {
    const { paths } = JSON.parse((await server().ask("/api/openapi.json")).text)
    for (const { path } of endpoints) assert.property(paths, path.replace(/:(\w+)/g, "{$1}"))
  })
})

describe("strangers", () => {
  it.each(endpoints)("$name: 401 for all who show nothing good", async (endpoint) => {
    const nobodies = [
      {},
      bearer("x"),
      bearer(`opencx_key_${"a".repeat(43)}`),
      { cookie: "opencx_session=abc" },
      { cookie: "opencx_operator=abc" },
      { authorization: `Basic ${Buffer.from(`operator:${operatorToken}`).toString("base64")}` },
    ]
    for (const headers of nobodies) assert.strictEqual((await ask(endpoint, "north", headers)).status, 401)
  })
})

describe("across organizations", () => {
  it.each(ofOrganizations)(
    "$name: 404, as if there were none, for everybody of another one",
    async (endpoint) => {
      for (const role of roles) {
        const theirs = await ask(endpoint, "south", as(`${role} of north`))
        const none = await ask(endpoint, "nowhere", as(`${role} of north`))
        assert.deepStrictEqual([theirs.status, none.status], [404, 404])
        // Not even the words differ.
        assert.strictEqual(theirs.text.replaceAll("south", "?"), none.text.replaceAll("nowhere", "?"))
      }
      assert.strictEqual((await ask(endpoint, "south", bearer(keys.get("north") ?? ""))).status, 404)
    },
  )

  it.each(["*", "%2A", "SOUTH", "south%00", "..", "south%2f..%2fnorth"])(
    "%s is no organization",
    async (org) => {
      for (const endpoint of ofOrganizations) {
        const { status } = await ask(endpoint, org, as("owner of north"))
        assert.include([401, 404], status, endpoint.name)
      }
    },
  )

  it("lists show what is theirs alone", async () => {
    const mine = await server().ask("/api/organizations", { headers: as("viewer of south") })
    assert.deepStrictEqual(
      JSON.parse(mine.text).map(({ id }: { readonly id: string }) => id),
      ["south"],
    )
  })

  it.each(ofInstallation)("$name: 403 for owners of organizations", async (endpoint) => {
    assert.strictEqual((await ask(endpoint, "north", as("owner of north"))).status, 403)
    assert.strictEqual((await ask(endpoint, "north", bearer(keys.get("north") ?? ""))).status, 403)
  })
})

describe("roles", () => {
  const mayDo = (role: (typeof roles)[number], needs: Endpoint["needs"]): boolean =>
    needs === "anybody" || (needs !== null && [...table[needs]].some((one) => one === role))

  it.each(ofOrganizations)("$name is for whom the table says", async (endpoint) => {
    for (const role of roles) {
      const { status } = await ask(endpoint, "north", as(`${role} of north`))
      if (mayDo(role, endpoint.needs)) assert.notInclude([401, 403, 500], status, role)
      else assert.strictEqual(status, 403, role)
    }
  })

  it.each([...ofOrganizations, ...ofInstallation])(
    "$name: a role in the installation counts everywhere",
    async (endpoint) => {
      for (const role of roles) {
        const { status } = await ask(endpoint, "south", as(`${role} of *`))
        if (mayDo(role, endpoint.needs)) assert.notInclude([401, 403, 500], status, role)
        else assert.strictEqual(status, 403, role)
      }
    },
  )

  it.each(ofOrganizations)("$name: a key does what its scopes say, and nothing else", async (endpoint) => {
    const operator = await clientOf(server(), operatorToken)
    const others = ofKeys.filter((name) => name !== endpoint.needs)
    const without = await keyFor(operator, "north", scopes(others))
    assert.strictEqual((await ask(endpoint, "north", bearer(without))).status, 403)
    const within = await keyFor(operator, "north", scopes([endpoint.needs]))
    assert.notInclude([401, 403, 500], (await ask(endpoint, "north", bearer(within))).status)
  })
})

describe("a browser's cookie", () => {
  it.each(endpoints.filter(({ method }) => method !== "GET"))(
    "$name: no change without a sign that our own page sent it",
    async (endpoint) => {
      const { cookie = "" } = as("owner of north")
      const foreign = [
        {},
        { "sec-fetch-site": "cross-site" },
        { "sec-fetch-site": "same-site" },
        { origin: "https://evil.example" },
        { origin: "null" },
        { "x-csrf-token": "a".repeat(64) },
      ]
      for (const headers of foreign)
        assert.strictEqual((await ask(endpoint, "north", { cookie, ...headers })).status, 403)
    },
  )
})

describe("the pages over all organizations", () => {
  const post = (path: string, who: string) =>
    server().ask(path, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded", ...as(who) },
      body: "reason=old&mode=full",
    })
  it.each([
    `/dead-letters/north/${uuid}/replay`,
    `/dead-letters/north/${uuid}/discard`,
    "/sources/north/none/sync",
  ])("%s: for agents of the installation", async (path) => {
    for (const who of ["owner of north", "viewer of *"])
      assert.strictEqual((await post(path, who)).status, 403)
    assert.strictEqual((await post(path, "agent of *")).status, 404)
    const { cookie = "" } = as("agent of *")
    const bare = await server().ask(path, { method: "POST", headers: { cookie } })
    assert.strictEqual(bare.status, 403)
  })

  it("pages show each user what is theirs", async () => {
    assert.strictEqual((await server().ask("/sessions", { headers: as("viewer of north") })).status, 200)
    assert.strictEqual((await server().ask("/dead-letters", { headers: as("owner of north") })).status, 403)
    assert.strictEqual((await server().ask("/metrics", { headers: as("owner of north") })).status, 401)
    assert.strictEqual((await server().ask("/metrics", { headers: as("viewer of *") })).status, 200)
  })
})
