import { assert, describe, it } from "@effect/vitest"
import { afterAll, beforeAll } from "vitest"
import { type Account, account, arr, at, eventually, num, str, tokenOf } from "./harness.ts"

const relaxed = {
  requestsPerMinute: Number.POSITIVE_INFINITY,
  userUpdatesPerSecond: Number.POSITIVE_INFINITY,
}

const idsOf = (body: unknown): ReadonlyArray<unknown> => arr(body, "users").map((user) => at(user, "id"))

describe("users", () => {
  let acme: Account
  beforeAll(async () => {
    acme = await account({ limits: relaxed, searchLagMs: { users: 10_000 } })
  })
  afterAll(() => acme.emulator.close())

  const user = async (fields: object): Promise<number> => {
    const made = await acme.call("POST", "/api/v2/users.json", { user: fields })
    assert.strictEqual(made.status, 201, made.text)
    return num(made.body, "user.id")
  }

  const search = (query: string): Promise<ReadonlyArray<unknown>> =>
    acme
      .call("GET", `/api/v2/users/search.json?query=${encodeURIComponent(query)}`)
      .then((answer) => idsOf(answer.body))

  it("finds by e-mail and phone once the index has caught up, and by external id at once", async () => {
    const id = await user({
      name: "Ann",
      email: "ann@example.com",
      phone: "+15551234567",
      external_id: "c-1",
    })
    assert.deepStrictEqual(await search('email:"ann@example.com"'), [])
    assert.deepStrictEqual(idsOf((await acme.call("GET", "/api/v2/users/search?external_id=c-1")).body), [id])
    acme.emulator.advanceClock(10_000)
    assert.deepStrictEqual(await search('email:"ANN@example.com"'), [id])
    assert.deepStrictEqual(await search('phone:"+15551234567"'), [id])
    assert.deepStrictEqual(await search('phone:"555 123 4567"'), [id])
    assert.deepStrictEqual(await search('email:"nobody@example.com"'), [])
  })

  it("refuses a taken address, a taken external id, a bad address and no name, all at once", async () => {
    await user({ name: "Bob", email: "bob@example.com", external_id: "c-2" })
    const taken = await acme.call("POST", "/api/v2/users", {
      user: { name: "Bob 2", email: "BOB@example.com", external_id: "C-2" },
    })
    assert.strictEqual(taken.status, 422)
    assert.strictEqual(str(taken.body, "details.email.0.error"), "DuplicateValue")
    assert.strictEqual(str(taken.body, "details.external_id.0.error"), "DuplicateValue")
    const bad = await acme.call("POST", "/api/v2/users", { user: { email: "not an address" } })
    assert.deepStrictEqual(Object.keys(Object(at(bad.body, "details"))).sort(), ["email", "name"])
  })

  it("creates or updates: 201 then 200, overwriting, and 422 when two people match", async () => {
    const first = await acme.call("POST", "/api/v2/users/create_or_update", {
      user: { name: "Cy", email: "cy@example.com", external_id: "cy" },
    })
    const second = await acme.call("POST", "/api/v2/users/create_or_update", {
      user: { name: "Cyrus", external_id: "CY" },
    })
    assert.deepStrictEqual([first.status, second.status], [201, 200])
    assert.strictEqual(num(second.body, "user.id"), num(first.body, "user.id"))
    assert.deepStrictEqual(
      [at(second.body, "user.name"), at(second.body, "user.external_id")],
      ["Cyrus", "CY"],
    )
    await user({ name: "Di", email: "di@example.com" })
    const clash = await acme.call("POST", "/api/v2/users/create_or_update", {
      user: { name: "X", email: "di@example.com", external_id: "cy" },
    })
    assert.strictEqual(clash.status, 422)
  })

  it("limits updates of one user, and of the account", async () => {
    const strict = await account()
    const made = await strict.call("POST", "/api/v2/users", { user: { name: "Ed", email: "ed@example.com" } })
    const path = `/api/v2/users/${num(made.body, "user.id")}`
    assert.strictEqual((await strict.call("PUT", path, { user: { notes: "1" } })).status, 200)
    assert.strictEqual((await strict.call("PUT", path, { user: { notes: "2" } })).status, 429)
    for (let i = 0; i < 4; i++) {
      strict.emulator.advanceClock(1_001)
      assert.strictEqual((await strict.call("PUT", path, { user: { notes: String(i) } })).status, 200)
    }
    strict.emulator.advanceClock(1_001)
    const refused = await strict.call("PUT", path, { user: { notes: "no" } })
    assert.strictEqual(refused.status, 429)
    assert.isAbove(Number(refused.headers.get("retry-after")), 10)
    await strict.emulator.close()
  })

  it("lists, adds, edits and promotes identities, and guards addresses", async () => {
    const id = await user({ name: "Flo", email: "flo@example.com" })
    const path = `/api/v2/users/${id}/identities`
    const added = await acme.call("POST", `${path}.json`, {
      identity: { type: "email", value: "flo@work.example.com", verified: true },
    })
    assert.strictEqual(added.status, 201)
    const phone = await acme.call("POST", path, { identity: { type: "phone_number", value: "+15550009999" } })
    assert.strictEqual(at(phone.body, "identity.primary"), true)
    const taken = await acme.call("POST", path, { identity: { type: "email", value: "bob@example.com" } })
    assert.strictEqual(taken.status, 422)
    assert.strictEqual(
      (await acme.call("POST", path, { identity: { type: "messaging", value: "x" } })).status,
      422,
    )
    const promoted = await acme.call("PUT", `${path}/${num(added.body, "identity.id")}/make_primary`)
    assert.deepStrictEqual(
      arr(promoted.body, "identities")
        .filter((item) => at(item, "type") === "email")
        .map((item) => at(item, "primary")),
      [false, true],
    )
    assert.strictEqual(
      at((await acme.call("GET", `/api/v2/users/${id}`)).body, "user.email"),
      "flo@work.example.com",
    )
    const only = await acme.call("GET", `${path}.json?type[]=phone_number&page[size]=100`)
    assert.lengthOf(arr(only.body, "identities"), 1)
  })

  it("merges end users: the path user goes, its addresses stay, its external id does not", async () => {
    const loser = await user({
      name: "Gil",
      email: "gil@example.com",
      external_id: "gil",
      verified: true,
      tags: ["x"],
    })
    const survivor = await user({ name: "Gilbert", email: "gilbert@example.com", verified: true })
    const ticket = await acme.ticket({ requester: { email: "gil@example.com" } })
    const merged = await acme.call("PUT", `/api/v2/users/${loser}/merge.json`, { user: { id: survivor } })
    assert.strictEqual(merged.status, 200)
    assert.strictEqual(num(merged.body, "user.id"), survivor)
    assert.strictEqual(at(merged.body, "user.external_id"), null)
    const identities = await acme.call("GET", `/api/v2/users/${survivor}/identities`)
    assert.includeMembers(
      arr(identities.body, "identities").map((item) => at(item, "value")),
      ["gil@example.com", "gilbert@example.com"],
    )
    assert.strictEqual((await acme.call("GET", `/api/v2/users/${loser}`)).status, 404)
    assert.strictEqual(
      (await acme.call("PUT", `/api/v2/users/${loser}/merge`, { user: { id: survivor } })).status,
      404,
    )
    let requester: unknown = 0
    while (requester !== survivor)
      requester = at((await acme.call("GET", `/api/v2/tickets/${ticket}`)).body, "ticket.requester_id")
  })

  it("never merges agents, the unverified without an address, or nobody", async () => {
    const agents = await acme.call("GET", "/api/v2/users?role=agent")
    const agent = num(agents.body, "users.0.id")
    const end = await user({ name: "Hal", email: "hal@example.com", verified: true })
    const bare = await user({ name: "Ivy" })
    assert.strictEqual(
      (await acme.call("PUT", `/api/v2/users/${agent}/merge`, { user: { id: end } })).status,
      422,
    )
    assert.strictEqual(
      (await acme.call("PUT", `/api/v2/users/${end}/merge`, { user: { id: agent } })).status,
      422,
    )
    assert.strictEqual(
      (await acme.call("PUT", `/api/v2/users/${bare}/merge`, { user: { id: end } })).status,
      422,
    )
    assert.strictEqual(
      (await acme.call("PUT", `/api/v2/users/${end}/merge`, { user: { id: 1 } })).status,
      404,
    )
  })
})

describe("uploads and attachments", () => {
  it("keeps a token for 60 minutes and one comment", async () => {
    const acme = await account()
    const upload = (): ReturnType<Account["call"]> =>
      acme.call("POST", "/api/v2/uploads.json?filename=a.txt", undefined, {
        raw: "secret text",
        headers: { "content-type": "text/plain" },
      })
    const sent = await upload()
    assert.strictEqual(sent.status, 201)
    const token = str(sent.body, "upload.token")
    const more = await acme.call("POST", `/api/v2/uploads?filename=b.txt&token=${token}`, undefined, {
      raw: "b",
      headers: { "content-type": "text/plain" },
    })
    assert.lengthOf(arr(more.body, "upload.attachments"), 2)
    const id = await acme.ticket({ comment: { body: "see file", uploads: [token] } })
    const again = await acme.call("PUT", `/api/v2/tickets/${id}`, {
      ticket: { comment: { body: "again", uploads: [token] } },
    })
    assert.strictEqual(again.status, 422)
    const old = str((await upload()).body, "upload.token")
    acme.emulator.advanceClock(3_600_000)
    const authorization = `Bearer ${str((await tokenOf(acme.emulator.url)).body, "access_token")}`
    const late = await acme.call(
      "PUT",
      `/api/v2/tickets/${id}`,
      { ticket: { comment: { body: "x", uploads: [old] } } },
      { headers: { authorization } },
    )
    assert.strictEqual(late.status, 422)
    await acme.emulator.close()
  })

  it("serves private content through a redirect to another origin, and notices leaked credentials", async () => {
    const acme = await account()
    const id = await acme.ticket()
    const content_base64 = Buffer.from([0, 255, 1, 254]).toString("base64")
    await acme.control("POST", `/tickets/${id}/agent`, {
      action: "reply",
      body: "see file",
      attachments: [{ file_name: "häßlich.bin", content_type: "application/x-test", content_base64 }],
    })
    const comments = await acme.call("GET", `/api/v2/tickets/${id}/comments.json?sort=-created_at`)
    const url = str(comments.body, "comments.0.attachments.0.content_url")
    assert.strictEqual((await acme.call("GET", url, undefined, { anonymous: true })).status, 401)
    const redirect = await acme.call("GET", url)
    assert.strictEqual(redirect.status, 302)
    const target = redirect.headers.get("location") ?? ""
    assert.notStrictEqual(new URL(target).origin, acme.emulator.url)
    const content = await fetch(target)
    assert.deepStrictEqual([...new Uint8Array(await content.arrayBuffer())], [0, 255, 1, 254])
    assert.strictEqual(content.headers.get("content-type"), "application/x-test")
    const leaked = await fetch(target, { headers: { authorization: "Bearer x" } })
    assert.strictEqual(leaked.status, 400)
    await leaked.arrayBuffer()
    assert.deepStrictEqual(
      acme.emulator.cdnRequests().map((item) => item.leakedAuthorization),
      [false, true],
    )
    await eventually(() => acme.emulator.counts().pendingDeliveries === 0, "deliveries settle")
    await acme.emulator.close()
  })

  it("refuses files over the limit", async () => {
    const acme = await account({ limits: { uploadBytes: 10 } })
    const big = await acme.call("POST", "/api/v2/uploads?filename=a.bin", undefined, { raw: "x".repeat(11) })
    assert.strictEqual(big.status, 413)
    await acme.emulator.close()
  })
})
