/**
 * The same agent with a model that really answers. `OPENCX_LIVE_LLM` holds the settings as JSON:
 * `OPENCX_LIVE_LLM='{"provider":"anthropic","model":"…","apiKey":"…"}'`. Without it the checks run against local servers alone.
 */
import { it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { LlmSettings } from "../../src/index.ts"
import { anthropic, compatible } from "./support/agents.ts"
import { honest } from "./support/doubles.ts"
import { liveChecks } from "./support/liveChecks.ts"
import { modelServer } from "./support/ModelServer.ts"

const given = process.env["OPENCX_LIVE_LLM"] ?? ""

const local = (settingsOf: (url: string) => LlmSettings) =>
  Effect.map(modelServer(honest), ({ url }) => settingsOf(url))

liveChecks("a local OpenAI-compatible server", local(compatible))
liveChecks("a local Anthropic server", local(anthropic), 10)

if (given === "") {
  it("a live model answers, fills, drafts and gives nothing away", (context) =>
    context.skip("no live model: set OPENCX_LIVE_LLM to settings as JSON"))
} else {
  const settings = Schema.decodeUnknownSync(Schema.fromJsonString(LlmSettings))(given)
  liveChecks(`the live model ${settings.model}`, Effect.succeed(settings))
}
