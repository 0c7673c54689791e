/** What administrators do to the account's own ticket fields. */
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { type Account, account, arr, at, num } from "./harness.ts"

describe("ticket fields", () => {
  let acme: Account
  beforeAll(async () => {
    acme = await account({ invalidOption: "reject", limits: { requestsPerMinute: Number.POSITIVE_INFINITY } })
  })
  afterAll(() => acme.emulator.close())

  const made = async (field: object) => {
    const answer = await acme.call("POST", "/api/v2/ticket_fields", { ticket_field: field })
    assert.strictEqual(answer.status, 201)
    return num(answer.body, "ticket_field.id")
  }
  const options = (...values: ReadonlyArray<string>) =>
    values.map((value) => ({ name: `The ${value}`, value }))

  it("are made, listed, changed and deleted", async () => {
    const id = await made({ type: "tagger", title: "Queue", custom_field_options: options("a", "b") })
    const listed = await acme.call("GET", "/api/v2/ticket_fields")
    const row = arr(listed.body, "ticket_fields").find((field) => at(field, "id") === id)
    assert.strictEqual(at(row, "removable"), true)
    assert.deepStrictEqual(
      arr(row, "custom_field_options").map((option) => at(option, "value")),
      ["a", "b"],
    )
    const kept = num(arr(row, "custom_field_options")[1], "id")
    const changed = await acme.call("PUT", `/api/v2/ticket_fields/${id}`, {
      ticket_field: { active: false, custom_field_options: [{ id: kept, name: "The b", value: "b" }] },
    })
    assert.strictEqual(changed.status, 200)
    assert.strictEqual(at(changed.body, "ticket_field.active"), false)
    assert.strictEqual(at(changed.body, "ticket_field.title"), "Queue")
    assert.deepStrictEqual(
      arr(changed.body, "ticket_field.custom_field_options").map((option) => at(option, "id")),
      [kept],
    )
    assert.strictEqual((await acme.call("DELETE", `/api/v2/ticket_fields/${id}`)).status, 204)
    assert.strictEqual((await acme.call("GET", `/api/v2/ticket_fields/${id}`)).status, 404)
  })

  it("take their new options at once, and refuse those that are gone", async () => {
    const id = await made({ type: "tagger", title: "Queue", custom_field_options: options("a") })
    await acme.call("PUT", `/api/v2/ticket_fields/${id}`, {
      ticket_field: { custom_field_options: options("b") },
    })
    assert.isAbove(await acme.ticket({ custom_fields: [{ id, value: "b" }] }), 0)
    const refused = await acme.call("POST", "/api/v2/tickets", {
      ticket: { subject: "s", comment: { body: "c" }, custom_fields: [{ id, value: "a" }] },
    })
    assert.strictEqual(refused.status, 422)
    assert.match(refused.text, /Queue/)
  })

  it("are not made of nothing, and system fields stay", async () => {
    for (const field of [
      { type: "tagger", title: "" },
      { type: "subject", title: "S" },
      { title: "no type" },
    ])
      assert.strictEqual(
        (await acme.call("POST", "/api/v2/ticket_fields", { ticket_field: field })).status,
        422,
        JSON.stringify(field),
      )
    const broken = { type: "tagger", title: "Q", custom_field_options: [{ name: "no value" }] }
    assert.strictEqual(
      (await acme.call("POST", "/api/v2/ticket_fields", { ticket_field: broken })).status,
      422,
    )
    const listed = arr((await acme.call("GET", "/api/v2/ticket_fields")).body, "ticket_fields")
    const system = listed.find((field) => at(field, "removable") === false)
    assert.strictEqual((await acme.call("DELETE", `/api/v2/ticket_fields/${num(system, "id")}`)).status, 422)
    assert.strictEqual(
      (await acme.call("PUT", "/api/v2/ticket_fields/99999", { ticket_field: {} })).status,
      404,
    )
  })
})
