import { assert, describe, it } from "@effect/vitest"
import { Redacted } from "effect"
import { checkConfig } from "../../src/config/load.ts"
import { refusal, run } from "../support/run.ts"

const smallest = { organizations: [{ id: "acme", name: "Acme" }] }
const check = (raw: unknown, env = {}) => run(checkConfig(raw, env, "the test"))

describe("a language model", () => {
  it("is none, where nobody names one", async () => {
    assert.isUndefined((await check(smallest)).llm)
  })

  it("comes from the file, for the installation and for one organization, with the key from the environment", async () => {
    const llm = { provider: "openai", model: "a", apiKey: { $env: "KEY" } }
    const mine = { ...llm, model: "b" }
    const { organizations, ...rest } = await check(
      { llm, organizations: [{ id: "acme", name: "Acme", llm: mine }] },
      { KEY: "sk-1" },
    )
    assert.strictEqual(rest.llm?.model, "a")
    assert.strictEqual(organizations[0]?.llm?.model, "b")
    assert.strictEqual(rest.llm?.apiKey === undefined ? "" : Redacted.value(rest.llm.apiKey), "sk-1")
    assert.notInclude(JSON.stringify(rest), "sk-1")
  })

  it("comes from the environment, but the file's own wins", async () => {
    const env = {
      OPENCX_LLM_PROVIDER: "anthropic",
      OPENCX_LLM_MODEL: "m",
      OPENCX_LLM_API_KEY: "sk-2",
      OPENCX_LLM_ON_FAILURE: "escalate",
    }
    const { llm } = await check(smallest, env)
    assert.strictEqual(llm?.provider, "anthropic")
    assert.strictEqual(llm?.onFailure, "escalate")
    const llmOfFile = { provider: "openai_compatible", model: "own", baseUrl: "http://127.0.0.1:1/v1" }
    assert.strictEqual((await check({ ...smallest, llm: llmOfFile }, env)).llm?.model, "own")
  })

  it.each([
    ["a provider without a model", { OPENCX_LLM_PROVIDER: "openai", OPENCX_LLM_API_KEY: "sk-3" }],
    ["a provider that we do not know", { OPENCX_LLM_PROVIDER: "oracle", OPENCX_LLM_MODEL: "m" }],
    ["no key", { OPENCX_LLM_PROVIDER: "openai", OPENCX_LLM_MODEL: "m" }],
  ])("in the environment with %s is refused, and no key is quoted", async (_, env) => {
    const { message } = await refusal(checkConfig(smallest, env, "the test"))
    assert.include(message, "OPENCX_LLM_")
    assert.notInclude(message, "sk-3")
  })
})

describe("an embedding model", () => {
  const env = {
    OPENCX_EMBEDDING_PROVIDER: "openai",
    OPENCX_EMBEDDING_MODEL: "m",
    OPENCX_EMBEDDING_API_KEY: "sk-4",
  }

  it("is none, where nobody names one; the index is kept", async () => {
    assert.deepStrictEqual((await check(smallest)).search, { keep: true })
  })

  it("comes from the environment, but the file's own wins", async () => {
    assert.strictEqual((await check(smallest, env)).search.embedding?.model, "m")
    const embedding = { provider: "openai_compatible", model: "own", baseUrl: "http://127.0.0.1:1/v1" }
    const { search } = await check({ ...smallest, search: { embedding } }, env)
    assert.strictEqual(search.embedding?.model, "own")
    assert.isTrue(search.keep)
  })

  it.each([
    ["a provider without a model", { OPENCX_EMBEDDING_PROVIDER: "openai", OPENCX_EMBEDDING_API_KEY: "sk-5" }],
    ["a provider that has none", { ...env, OPENCX_EMBEDDING_PROVIDER: "anthropic" }],
    ["an address that is open to all", { ...env, OPENCX_EMBEDDING_BASE_URL: "http://llm.example.com/v1" }],
  ])("in the environment with %s is refused, and no key is quoted", async (_, wrong) => {
    const { message } = await refusal(checkConfig(smallest, wrong, "the test"))
    assert.include(message, "OPENCX_EMBEDDING_")
    assert.notMatch(message, /sk-[45]/)
  })

  it("in the file is checked, each key by its name", async () => {
    const problemOf = async (search: object) =>
      (await refusal(checkConfig({ ...smallest, search }, {}, "the test"))).message
    const embedding = { provider: "openai_compatible", model: "m" }
    assert.include(await problemOf({ embedding }), "openai_compatible needs a baseUrl")
    assert.include(await problemOf({ keepIndex: true }), '["keepIndex"]')
  })
})
