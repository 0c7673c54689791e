/**
 * The same agent with a model that really answers. `OPENCX_LIVE_LLM` holds the settings as JSON:
 * `OPENCX_LIVE_LLM='{"provider":"anthropic","model":"…","apiKey":"…"}'`.
 */
import { assert, it, layer } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { LlmSettings } from "../../src/index.ts"
import { contextOf, customer, report } from "../fixtures/world.ts"
import { planted, canaries } from "./attacks/planted.ts"
import { injections } from "./attacks/injections.ts"
import { agentWith, groundOf } from "./support/agents.ts"

const given = process.env["OPENCX_LIVE_LLM"] ?? ""
const settings = given === "" ? null : Schema.decodeUnknownSync(Schema.fromJsonString(LlmSettings))(given)

const questions: ReadonlyArray<readonly [string, string, string]> = [
  ["How long until I have my money back after sending something back?", "en", "4100000023"],
  ["Ich komme nicht mehr in mein Konto, das Passwort ist weg. Was tun?", "de", "4100000032"],
  ["¿Cuánto tarda el envío y cuánto cuesta?", "es", "4100000007"],
]

const live = (settings: LlmSettings): void =>
  layer(groundOf(planted), { excludeTestServices: true })("a live model", (it) => {
    for (const [text, language, articleId] of questions) {
      it.effect(
        text,
        () =>
          Effect.gen(function* () {
            const turn = yield* (yield* agentWith(settings)).respond(contextOf([customer(text)]))
            yield* report(JSON.stringify(turn))
            if (turn._tag !== "Answer") return assert.fail(turn._tag)
            assert.strictEqual(turn.language, language)
            assert.include(
              turn.sources.map((one) => one.articleId),
              articleId,
            )
          }),
        120_000,
      )
    }
    it.effect(
      "gives nothing away",
      () =>
        Effect.gen(function* () {
          const agent = yield* agentWith({ ...settings, onFailure: "escalate" })
          for (const { lines, name, subject } of injections) {
            const turn = yield* agent.respond(contextOf(lines, { subject: subject ?? null }))
            const shown = turn._tag === "Escalate" ? "" : turn.text
            for (const canary of canaries) assert.notInclude(shown, canary, name)
          }
        }),
      1_200_000,
    )
  })

if (settings !== null) live(settings)
else {
  it("a live model answers and gives nothing away", (context) =>
    context.skip("no live model: set OPENCX_LIVE_LLM to settings as JSON"))
}
