/** What a start costs without a model: nothing of the `ai` package, in a process of its own. */
import { assert, it } from "@effect/vitest"
import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"

const child = `
import { registerHooks } from "node:module"
const loaded = []
registerHooks({
  resolve(specifier, context, next) {
    const isOurs = /packages\\/agent\\/src/.test(context.parentURL ?? "")
    if (isOurs && /^(?:ai|zod|@ai-sdk\\/.*)$/.test(specifier)) loaded.push(specifier)
    return next(specifier, context)
  },
})
const { EmbeddedAgent, HybridKnowledge, LlmAgent, LlmSettings } = await import(process.argv[1])
const { Effect, Schema } = await import("effect")
const settings = Schema.decodeUnknownSync(LlmSettings)({ provider: "openai", model: "m", apiKey: "k" })
const before = [...loaded]
const agent = await Effect.runPromise(LlmAgent.makeLlmAgent({ settings, knowledge: {}, embedded: {}, ledger: {} }))
console.log(JSON.stringify({
  exports: [EmbeddedAgent, HybridKnowledge, LlmAgent].every(Boolean),
  before,
  after: [...new Set(loaded)].sort(),
  methods: Object.keys(agent).sort(),
}))
`

it("loads the ai package with the first model, not before", async () => {
  const index = fileURLToPath(new URL("../../src/index.ts", import.meta.url))
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--no-warnings", "--input-type=module", "--eval", child, index],
    { cwd: fileURLToPath(new URL("../..", import.meta.url)), timeout: 60_000 },
  )
  const said: unknown = JSON.parse(stdout)
  assert.deepStrictEqual(said, {
    exports: true,
    before: [],
    after: ["@ai-sdk/anthropic", "@ai-sdk/openai", "@ai-sdk/openai-compatible", "ai", "zod"],
    methods: ["assist", "brief", "fill", "respond"],
  })
}, 90_000)
