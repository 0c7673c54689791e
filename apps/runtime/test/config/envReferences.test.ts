import { assert, describe, it } from "@effect/vitest"
import { resolveEnv } from "../../src/config/envReferences.ts"
import { refusal, run } from "../support/run.ts"

const env = { TOKEN: "t-1", HOST: "mail.example", EMPTY: "" }

describe("references to the environment", () => {
  it("are replaced at any depth, in objects and in lists", async () => {
    const raw = {
      a: { $env: "TOKEN" },
      list: [{ $env: "HOST" }, "plain", [{ deep: { $env: "TOKEN" } }]],
      untouched: { number: 1, none: null, yes: true, text: "$env" },
    }
    assert.deepStrictEqual(await run(resolveEnv(raw, env)), {
      a: "t-1",
      list: ["mail.example", "plain", [{ deep: "t-1" }]],
      untouched: { number: 1, none: null, yes: true, text: "$env" },
    })
    assert.strictEqual(await run(resolveEnv({ $env: "TOKEN" }, env)), "t-1")
  })

  it("that lead nowhere name the variable and the place", async () => {
    const raw = { organizations: [{}, { zendesk: { auth: { clientSecret: { $env: "ACME_SECRET" } } } }] }
    const error = await refusal(resolveEnv(raw, env))
    assert.include(error.message, "organizations[1].zendesk.auth.clientSecret")
    assert.include(error.message, "export ACME_SECRET=")
  })

  it("to an empty variable are refused: an empty secret is none", async () => {
    assert.include((await refusal(resolveEnv({ key: { $env: "EMPTY" } }, env))).message, "EMPTY")
  })

  it.each(["toString", "constructor", "__proto__", "hasOwnProperty"])(
    "never read %s from JavaScript itself",
    async (name) => {
      assert.include((await refusal(resolveEnv({ key: { $env: name } }, env))).message, name)
    },
  )

  it("do not resolve what a value says: the environment is not read twice", async () => {
    const twice = { OUTER: '{"$env":"TOKEN"}', TOKEN: "t-1" }
    assert.deepStrictEqual(await run(resolveEnv({ a: { $env: "OUTER" } }, twice)), { a: '{"$env":"TOKEN"}' })
  })

  it("drop keys that would change JavaScript's own objects", async () => {
    const raw: unknown = JSON.parse(
      '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"a":{"__proto__":{"x":1},"b":2}}',
    )
    const resolved = await run(resolveEnv(raw, env))
    assert.deepStrictEqual(resolved, { a: { b: 2 } })
    assert.notProperty(resolved, "polluted")
    assert.notProperty({}, "polluted")
  })
})
