/** What an SMTP failure means, and what of it is told. */
import { assert, describe, it } from "@effect/vitest"
import { classify } from "../src/outbound/failure.ts"

const refusedLogin = (response: string) =>
  Object.assign(new Error(`Invalid login: ${response}`), { code: "EAUTH", responseCode: 535, response })

describe("a refused login", () => {
  it("waits for an operator, and repeats nothing of what the server says: some say back the password", () => {
    const said = "535 5.7.8 refused: AUTH PLAIN AHVzZXIAczNjcmV0LXBhc3M= user s3cret-pass"
    const { kind } = classify(refusedLogin(said), "before-body", "ann@example.com")
    assert.strictEqual(kind._tag, "Retry")
    const told = JSON.stringify(kind)
    assert.include(told, "SMTP 535")
    assert.include(told, "check user and password")
    for (const secret of ["s3cret", "AHVzZXIA"]) assert.notInclude(told, secret)
  })
})
