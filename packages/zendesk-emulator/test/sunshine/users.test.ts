import { assert, describe, it } from "@effect/vitest"
import { afterEach } from "vitest"
import { arr, at, eventually, num, str } from "../harness.ts"
import { basic, chat, type Chat, connected, eventsOf, typesOf } from "./harness.ts"

let open: Array<{ close: () => Promise<void> }> = []
afterEach(async () => {
  await Promise.all(open.map((item) => item.close()))
  open = []
})

const start = async (options: Parameters<typeof chat>[0] = {}): Promise<Chat> => {
  const acme = await chat(options)
  open.push(acme.emulator)
  return acme
}

const supportUser = async (acme: Chat, user: object): Promise<number> =>
  num((await acme.call("POST", "/api/v2/users", { user: { verified: true, ...user } })).body, "user.id")

describe("Sunshine users", () => {
  it("creates one per external id, and finds it by either id", async () => {
    const acme = await start()
    const externalId = "contact/8812 ä"
    const made = await acme.sc("POST", "/users", {
      externalId,
      profile: { givenName: "Dana", surname: "Lee", email: "dana@example.com", locale: "en-US" },
      metadata: { opencx_contact_id: "8812", vip: true, visits: 3 },
    })
    assert.strictEqual(made.status, 201)
    assert.deepStrictEqual(at(made.body, "user.identities"), [])
    assert.strictEqual(at(made.body, "user.authenticated"), false)
    const twice = await acme.sc("POST", "/users", { externalId })
    assert.deepStrictEqual(
      [twice.status, at(twice.body, "errors.0")],
      [409, { code: "conflict", title: "User already exists" }],
    )
    const path = `/users/${encodeURIComponent(externalId)}`
    assert.strictEqual(at((await acme.sc("GET", path)).body, "user.id"), at(made.body, "user.id"))
    const patched = await acme.sc("PATCH", path, {
      profile: { surname: null, email: "new@example.com" },
      metadata: { vip: null, more: "x" },
    })
    assert.deepStrictEqual(at(patched.body, "user.metadata"), {
      opencx_contact_id: "8812",
      visits: 3,
      more: "x",
    })
    assert.isUndefined(at(patched.body, "user.profile.surname"))
    assert.strictEqual(at(patched.body, "user.profile.givenName"), "Dana")
    // An address in the profile is no identity.
    const found = await acme.sc("GET", "/users?filter[identities.email]=new@example.com")
    assert.deepStrictEqual(at(found.body, "users"), [])
  })

  it("refuses what breaks its limits, before anything is written", async () => {
    const acme = await start()
    const bad: ReadonlyArray<object> = [
      { profile: { givenName: "x".repeat(129) } },
      { profile: { phone: "+15550100" } },
      { profile: { email: "not an address" } },
      { metadata: { nested: { a: 1 } } },
      { metadata: { list: ["a"] } },
      { metadata: { long: "ä".repeat(2_050) } },
      { externalId: "" },
      { externalId: "x".repeat(1_025) },
      { signedUpAt: "yesterday" },
    ]
    for (const body of bad) {
      const answer = await acme.sc("POST", "/users", body)
      assert.deepStrictEqual(
        [answer.status, at(answer.body, "errors.0.code")],
        [400, "bad_request"],
        JSON.stringify(body).slice(0, 80),
      )
    }
    assert.strictEqual(acme.emulator.counts().messagingUsers, 0)
    assert.strictEqual((await acme.sc("GET", "/users")).status, 400)
    const fits = await acme.sc("POST", "/users", {
      profile: { givenName: "x".repeat(128) },
      metadata: { a: "x".repeat(4_000) },
    })
    assert.strictEqual(fits.status, 201)
  })

  it("links to the Support user of the same external id", async () => {
    const acme = await start()
    const id = await supportUser(acme, { name: "Dana Lee", email: "dana@example.com", external_id: "c1" })
    const user = await acme.sc("POST", "/users", { externalId: "c1" })
    assert.strictEqual(at(user.body, "user.zendeskId"), String(id))
    acme.emulator.sunshine.configure({ linkByExternalId: "never" })
    await supportUser(acme, { name: "Other", external_id: "c2" })
    const second = await acme.sc("POST", "/users", { externalId: "c2" })
    assert.isUndefined(at(second.body, "user.zendeskId"))
  })

  it("deletes a user with its conversations, and forgets personal data on request", async () => {
    const { acme, hook } = await connected()
    open.push(acme.emulator, hook)
    const user = await acme.user("gone", { profile: { givenName: "Dana" }, metadata: { a: 1 } })
    const conversation = await acme.conversation(user)
    const forgotten = await acme.sc("DELETE", `/users/${user}/personalinformation`)
    assert.deepStrictEqual(
      [at(forgotten.body, "user.profile"), at(forgotten.body, "user.metadata")],
      [{}, {}],
    )
    const gone = await acme.sc("DELETE", "/users/gone")
    assert.deepStrictEqual([gone.status, gone.text], [200, "{}"])
    assert.strictEqual((await acme.sc("GET", `/users/${user}`)).status, 404)
    assert.strictEqual((await acme.sc("GET", `/conversations/${conversation}`)).status, 404)
    await eventually(() => typesOf(hook).includes("user:remove"), "user:remove")
    assert.strictEqual((await acme.sc("POST", "/users", { externalId: "gone" })).status, 201)
  })
})

describe("merged people", () => {
  it("syncs name, external id and address, as an identity", async () => {
    const acme = await start()
    const id = await supportUser(acme, {
      name: "Dana Marie Lee",
      email: "dana@example.com",
      external_id: "c1",
    })
    await acme.user("c1")
    const synced = await acme.sc("POST", `/users/${id}/sync`, {})
    assert.strictEqual(synced.status, 200)
    assert.deepStrictEqual(
      [at(synced.body, "user.profile.givenName"), at(synced.body, "user.profile.surname")],
      ["Dana", "Marie Lee"],
    )
    assert.strictEqual(at(synced.body, "user.identities.0.value"), "dana@example.com")
    const found = await acme.sc("GET", "/users?filter[identities.email]=DANA@example.com")
    assert.lengthOf(arr(found.body, "users"), 1)
    assert.strictEqual((await acme.sc("POST", "/users/99999/sync", {})).status, 404)
  })

  it("settles conflicts of a sync: merges the unlinked, takes from the linked", async () => {
    const limits = { userUpdatesPerSecond: Infinity, userUpdatesPerMinute: Infinity }
    const acme = await start({ sunshine: { linkByExternalId: "ticket" }, limits })
    const id = await supportUser(acme, { name: "Dana Lee", email: "dana@example.com", external_id: "wanted" })
    const unlinked = await acme.user("wanted")
    const { userId } = acme.emulator.sunshine.customerWrites({
      channel: "web",
      from: "b1",
      text: "hi",
      externalId: "web-dana",
      email: "dana@example.com",
    })
    const linkedTo = await supportUser(acme, { name: "Web Dana", external_id: "web-dana" })
    acme.emulator.sunshine.configure({ linkByExternalId: "creation" })
    await supportUser(acme, { name: "Third", external_id: "third" })
    const third = await acme.user("third")
    const support = String(at((await acme.sc("GET", `/users/${third}`)).body, "user.zendeskId"))
    await acme.call("PUT", `/api/v2/users/${id}`, { user: { external_id: null } })
    await acme.call("PUT", `/api/v2/users/${support}`, { user: { external_id: "wanted" } })
    const synced = await acme.sc("POST", `/users/${support}/sync`, {})
    assert.deepStrictEqual(
      [synced.status, at(synced.body, "user.id"), at(synced.body, "user.externalId")],
      [200, third, "wanted"],
    )
    assert.strictEqual((await acme.sc("GET", `/users/${unlinked}`)).status, 404, "merged")
    // Now somebody who is linked has the address that another one is to get.
    const { conversationId } = acme.emulator.sunshine.customerWrites({
      channel: "web",
      from: "b1",
      text: "human",
    })
    await acme.sc("POST", `/conversations/${conversationId}/passControl`, {
      switchboardIntegration: "zd-agentWorkspace",
    })
    await eventually(() => acme.emulator.counts().tickets === 1, "a ticket")
    assert.strictEqual(
      at((await acme.sc("GET", `/users/${userId}`)).body, "user.zendeskId"),
      String(linkedTo),
    )
    await acme.call("PUT", `/api/v2/users/${id}`, { user: { external_id: "dana" } })
    const dana = await acme.user("dana")
    const taken = await acme.sc("POST", `/users/${id}/sync`, {})
    assert.deepStrictEqual(
      [at(taken.body, "user.id"), at(taken.body, "user.identities.0.value")],
      [dana, "dana@example.com"],
    )
    assert.deepStrictEqual(at((await acme.sc("GET", `/users/${userId}`)).body, "user.identities"), [])
  })

  it("follows a merge of Support users only after it happened, once", async () => {
    const { acme, hook } = await connected()
    open.push(acme.emulator, hook)
    const survivor = await supportUser(acme, {
      name: "Dana Lee",
      email: "dana@example.com",
      external_id: "s",
    })
    const loser = await supportUser(acme, { name: "Web User", email: "web@example.com", external_id: "l" })
    const kept = await acme.user("s")
    const lost = await acme.user("l")
    const conversation = await acme.conversation(lost)
    const sync = { survivingZendeskId: String(survivor) }
    assert.strictEqual((await acme.sc("POST", `/users/${loser}/sync`, sync)).status, 400)
    const merged = await acme.control("POST", `/users/${loser}/merge`, { into: survivor })
    assert.strictEqual(merged.status, 200)
    // Until it is told, the messaging side still points at nobody.
    assert.strictEqual(at((await acme.sc("GET", `/users/${lost}`)).body, "user.zendeskId"), String(loser))
    const synced = await acme.sc("POST", `/users/${loser}/sync`, sync)
    assert.deepStrictEqual([synced.status, at(synced.body, "user.id")], [200, kept])
    assert.strictEqual((await acme.sc("GET", `/users/${lost}`)).status, 404)
    const list = await acme.sc("GET", `/conversations?filter[userId]=${kept}`)
    assert.strictEqual(at(list.body, "conversations.0.id"), conversation)
    assert.strictEqual((await acme.sc("POST", `/users/${loser}/sync`, sync)).status, 404)
    await eventually(() => typesOf(hook).includes("user:merge"), "user:merge")
    const event = eventsOf(hook).find((item) => at(item, "type") === "user:merge")
    assert.deepStrictEqual(
      [at(event, "payload.mergedUsers.surviving.id"), at(event, "payload.mergedUsers.discarded.id")],
      [kept, lost],
    )
    assert.strictEqual(at(event, "payload.reason"), "api")
  })

  it("relinks when the survivor never wrote", async () => {
    const acme = await start()
    const survivor = await supportUser(acme, { name: "Dana Lee", email: "dana@example.com" })
    const loser = await supportUser(acme, { name: "Web User", email: "w@example.com", external_id: "l" })
    const user = await acme.user("l")
    await acme.control("POST", `/users/${loser}/merge`, { into: survivor })
    const synced = await acme.sc("POST", `/users/${loser}/sync`, { survivingZendeskId: String(survivor) })
    assert.deepStrictEqual(
      [at(synced.body, "user.id"), at(synced.body, "user.zendeskId")],
      [user, String(survivor)],
    )
    assert.strictEqual(at(synced.body, "user.externalId"), "l")
  })

  it("merges by the older API, and folds conversations when there may be only one", async () => {
    const acme = await start({ seed: { sunshine: { multiConvoEnabled: false } } })
    const [a, b] = [
      await acme.user("a", { metadata: { x: 1 } }),
      await acme.user("b", { metadata: { x: 2, y: 3 } }),
    ]
    const [first, second] = [await acme.conversation(a), await acme.conversation(b)]
    const say = (id: string, text: string): Promise<unknown> =>
      acme.sc("POST", `/conversations/${id}/messages`, {
        author: { type: "business" },
        content: { type: "text", text },
      })
    await say(first, "1")
    await say(second, "2")
    await say(first, "3")
    const path = `/sc/v1.1/apps/${acme.emulator.sunshine.appId}/appusers/merge`
    const merge = (body: object) =>
      acme.call("POST", path, body, {
        anonymous: true,
        headers: basic(),
      })
    const missing = await merge({ surviving: { _id: a } })
    assert.deepStrictEqual([missing.status, at(missing.body, "error.code")], [400, "bad_request"])
    assert.strictEqual((await merge({ surviving: { _id: a }, discarded: { _id: b } })).status, 200)
    assert.strictEqual((await acme.sc("GET", `/conversations/${second}`)).status, 404)
    const messages = arr((await acme.sc("GET", `/conversations/${first}/messages`)).body, "messages")
    assert.deepStrictEqual(
      messages.map((item) => at(item, "content.text")),
      ["1", "2", "3"],
    )
    const user = (await acme.sc("GET", `/users/${a}`)).body
    assert.deepStrictEqual(at(user, "user.metadata"), { x: 1, y: 3 })
    assert.strictEqual(str(user, "user.externalId"), "a")
  })
})
