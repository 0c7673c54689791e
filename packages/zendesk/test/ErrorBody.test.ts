import { assert, describe, it } from "@effect/vitest"
import { readErrorBody } from "../src/client/ErrorBody.ts"

describe("error bodies", () => {
  it("reads code and description", () => {
    const body = readErrorBody('{"error":"RecordNotFound","description":"Not found"}')
    assert.strictEqual(body.code, "RecordNotFound")
    assert.strictEqual(body.text, "Not found")
  })
  it("reads field details", () => {
    const body = readErrorBody(
      '{"error":"RecordInvalid","description":"Record validation errors","details":{"status":[{"description":"closed prevents ticket update"}],"requester":[{"description":"Requester: X is suspended.","error":"UserSuspended"}]}}',
    )
    assert.deepStrictEqual(body.issues, [
      { field: "status", code: null, text: "closed prevents ticket update" },
      { field: "requester", code: "UserSuspended", text: "Requester: X is suspended." },
    ])
  })
  it("reads an error object and an error list", () => {
    assert.strictEqual(
      readErrorBody('{"error":{"title":"Forbidden","message":"No access"}}').text,
      "No access",
    )
    const listed = readErrorBody(
      '{"errors":[{"code":"InvalidPaginationDepth","title":"t","detail":"too deep"}]}',
    )
    assert.strictEqual(listed.code, "InvalidPaginationDepth")
    assert.strictEqual(listed.issues[0]?.text, "too deep")
  })
  it("survives plain text, HTML, nonsense and nothing", () => {
    assert.strictEqual(readErrorBody("Number of allowed API requests per minute exceeded").code, null)
    assert.isTrue(readErrorBody("<!DOCTYPE html><html><body>No help desk</body></html>").html)
    for (const odd of [
      "",
      "null",
      "[]",
      '"x"',
      "{",
      '{"error":5}',
      '{"details":"x"}',
      '{"details":{"a":null}}',
    ]) {
      assert.isString(readErrorBody(odd).text)
    }
  })
  it("keeps at most 500 characters, without addresses and credentials", () => {
    const body = readErrorBody(
      `dana@example.com Bearer abc.def-ghi {"access_token":"tok123"} ${"x".repeat(2_000)}`,
    )
    assert.isAtMost(body.excerpt.length, 500)
    for (const secret of ["dana@", "abc.def", "tok123"]) assert.notInclude(body.excerpt, secret)
  })
})
