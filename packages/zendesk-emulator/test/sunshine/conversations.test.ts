import { assert, describe, it } from "@effect/vitest"
import { afterAll, beforeAll } from "vitest"
import { type Answer, arr, at, str } from "../harness.ts"
import { chat, type Chat } from "./harness.ts"

const code = (answer: Answer): readonly [number, unknown] => [answer.status, at(answer.body, "errors.0.code")]

describe("Sunshine conversations", () => {
  let acme: Chat
  let user = ""
  beforeAll(async () => {
    acme = await chat()
    user = await acme.user("c1")
  })
  afterAll(() => acme.emulator.close())

  it("takes exactly one participant, by one of two ids", async () => {
    const create = (participants: ReadonlyArray<object>, type = "personal"): Promise<Answer> =>
      acme.sc("POST", "/conversations", { type, participants })
    assert.deepStrictEqual(code(await create([])), [400, "bad_request"])
    assert.deepStrictEqual(code(await create([{ userId: user }, { userExternalId: "c1" }])), [
      400,
      "bad_request",
    ])
    assert.deepStrictEqual(code(await create([{ userId: user, userExternalId: "c1" }])), [400, "bad_request"])
    assert.deepStrictEqual(code(await create([{ userExternalId: "nobody" }])), [404, "user_not_found"])
    assert.deepStrictEqual(code(await create([{ userId: user }], "group")), [400, "bad_request"])
    const made = await create([{ userExternalId: "c1" }])
    assert.strictEqual(made.status, 201)
    assert.match(str(made.body, "conversation.id"), /^[0-9a-f]{24}$/)
    assert.strictEqual(at(made.body, "conversation.activeSwitchboardIntegration.name"), "zd-answerBot")
    const people = await acme.sc("GET", `/conversations/${str(made.body, "conversation.id")}/participants`)
    assert.strictEqual(at(people.body, "participants.0.userExternalId"), "c1")
  })

  it("merges metadata, null deletes; a setting makes it replace", async () => {
    const id = await acme.conversation(user, { metadata: { a: "1", b: 2 }, displayName: "Refund" })
    const patch = async (metadata: unknown): Promise<unknown> =>
      at((await acme.sc("PATCH", `/conversations/${id}`, { metadata })).body, "conversation.metadata")
    assert.deepStrictEqual(await patch({ b: null, c: true }), { a: "1", c: true })
    const full = await acme.sc("PATCH", `/conversations/${id}`, { metadata: { d: "x".repeat(4_090) } })
    assert.deepStrictEqual(code(full), [400, "bad_request"])
    assert.deepStrictEqual(await patch({}), { a: "1", c: true })
    acme.emulator.sunshine.configure({ metadataPatch: "replace" })
    assert.deepStrictEqual(await patch({ z: 1 }), { z: 1 })
    acme.emulator.sunshine.configure({ metadataPatch: "merge" })
    const named = await acme.sc("PATCH", `/conversations/${id}`, { displayName: null })
    assert.isUndefined(at(named.body, "conversation.displayName"))
  })

  it("pages by id in both directions, and refuses bad cursors", async () => {
    const owner = await acme.user("pager")
    const ids: Array<string> = []
    for (let i = 0; i < 7; i++) ids.push(await acme.conversation(owner))
    const base = `/conversations?filter[userId]=${owner}`
    const seen: Array<unknown> = []
    let next: string | undefined = `${base}&page[size]=3`
    while (next !== undefined) {
      const answer: Answer = next.startsWith("http")
        ? await acme.sc("GET", next.slice(next.indexOf("/conversations")))
        : await acme.sc("GET", next)
      seen.push(...arr(answer.body, "conversations").map((item) => at(item, "id")))
      const link = at(answer.body, "links.next")
      assert.strictEqual(at(answer.body, "meta.hasMore"), link !== undefined)
      next = typeof link === "string" ? link : undefined
    }
    assert.deepStrictEqual(seen, ids)
    const back = await acme.sc("GET", `${base}&page[size]=2&page[before]=${String(ids[4])}`)
    assert.deepStrictEqual(
      arr(back.body, "conversations").map((item) => at(item, "id")),
      ids.slice(2, 4),
    )
    for (const bad of [
      "page[size]=0",
      "page[size]=101",
      "page[after]=short",
      `page[after]=${ids[0]}&page[before]=${ids[1]}`,
    ])
      assert.deepStrictEqual(code(await acme.sc("GET", `${base}&${bad}`)), [400, "bad_request"], bad)
    assert.deepStrictEqual(code(await acme.sc("GET", "/conversations")), [400, "bad_request"])
    assert.deepStrictEqual(code(await acme.sc("GET", "/conversations?filter[userExternalId]=nobody")), [
      404,
      "user_not_found",
    ])
  })

  it("keeps the default conversation, deletes others", async () => {
    const owner = await acme.user("deleter")
    const first = await acme.conversation(owner)
    const second = await acme.conversation(owner)
    const kept = await acme.sc("DELETE", `/conversations/${first}`)
    assert.deepStrictEqual(code(kept), [400, "bad_request"])
    assert.strictEqual((await acme.sc("DELETE", `/conversations/${second}`)).text, "{}")
    assert.deepStrictEqual(code(await acme.sc("GET", `/conversations/${second}`)), [
      404,
      "conversation_not_found",
    ])
  })
})

describe("multi-conversations off", () => {
  it("refuses the second conversation of a user, in a way that can be chosen", async () => {
    const acme = await chat({ seed: { sunshine: { multiConvoEnabled: false } } })
    const user = await acme.user("single")
    const body = { type: "personal", participants: [{ userId: user }] }
    const first = await acme.conversation(user)
    assert.deepStrictEqual(code(await acme.sc("POST", "/conversations", body)), [400, "bad_request"])
    await acme.control("POST", "/sunshine/settings", {
      secondConversationStatus: 409,
      secondConversationCode: "conflict",
    })
    assert.deepStrictEqual(code(await acme.sc("POST", "/conversations", body)), [409, "conflict"])
    const list = await acme.sc("GET", `/conversations?filter[userExternalId]=single`)
    assert.deepStrictEqual(
      arr(list.body, "conversations").map((item) => at(item, "id")),
      [first],
    )
    await acme.conversation(await acme.user("another"))
    await acme.sc("PATCH", "", { settings: { multiConvoEnabled: true } })
    assert.strictEqual((await acme.sc("POST", "/conversations", body)).status, 201)
    const wrong = await acme.control("POST", "/sunshine/settings", { conversationControl: "maybe" })
    assert.strictEqual(wrong.status, 400)
    const unknown = await acme.control("POST", "/sunshine/settings", { nonsense: 1 })
    assert.strictEqual(unknown.status, 400)
    await acme.emulator.close()
  })
})
