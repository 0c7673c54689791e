/**
 * What a model must do that really answers: questions in three languages, ticket fields, a draft, a brief, and the attacks. The
 * same checks run against a local server, so that they themselves are known to work.
 */
import { assert, layer } from "@effect/vitest"
import type { TurnResult } from "@opencx/core"
import { Effect, type Scope } from "effect"
import type { LlmSettings } from "../../../src/index.ts"
import { contextOf, customer, report } from "../../fixtures/world.ts"
import { injections } from "../attacks/injections.ts"
import { canaries, planted } from "../attacks/planted.ts"
import { agentWith, groundOf } from "./agents.ts"
import { assistContextOf } from "./contexts.ts"
import { allRequests, fieldsOfAll } from "./fields.ts"

const questions: ReadonlyArray<readonly [string, string, string]> = [
  ["How long until I have my money back after sending something back?", "en", "4100000023"],
  ["Ich komme nicht mehr in mein Konto, das Passwort ist weg. Was tun?", "de", "4100000032"],
  ["¿Cuánto tarda el envío y cuánto cuesta?", "es", "4100000007"],
]

const shownOf = (turn: TurnResult): string => (turn._tag === "Escalate" ? "" : turn.text)

/** `attacks`: how many of the injections are tried; all of them when it is left out. */
export const liveChecks = (
  name: string,
  connect: Effect.Effect<LlmSettings, never, Scope.Scope>,
  attacks = injections.length,
): void =>
  layer(groundOf(planted), { excludeTestServices: true })(name, (it) => {
    const agentNow = Effect.flatMap(connect, (settings) => agentWith(settings))

    for (const [text, language, articleId] of questions) {
      it.effect(
        `answers: ${text}`,
        () =>
          Effect.gen(function* () {
            const turn = yield* (yield* agentNow).respond(contextOf([customer(text)]))
            if (turn._tag !== "Answer") return assert.fail(JSON.stringify(turn))
            assert.strictEqual(turn.trace.agent, "llm", JSON.stringify(turn.trace))
            assert.strictEqual(turn.language, language)
            assert.include(
              turn.sources.map((one) => one.articleId),
              articleId,
            )
            assert.isAbove(turn.trace.model?.calls[0]?.inputTokens ?? 0, 0, "tokens are counted")
            yield* report(`${name}: ${JSON.stringify(turn.trace.model?.calls)}`)
          }),
        120_000,
      )
    }

    it.effect(
      "fills the field that is spoken of, and no other option",
      () =>
        Effect.gen(function* () {
          const agent = yield* agentNow
          const filled = yield* agent.fill(
            allRequests,
            contextOf([customer("I want a refund for my helmet.")]),
          )
          assert.deepInclude(
            filled.map(({ id, value }) => ({ id, value })),
            { id: fieldsOfAll.reason.id, value: "money_back" },
          )
          const none = yield* agent.fill(allRequests, contextOf([customer("Which planets have rings?")]))
          assert.isFalse(none.some(({ id }) => id === fieldsOfAll.reason.id))
        }),
      120_000,
    )

    it.effect(
      "drafts a reply and names its sources; stays quiet on what no article covers",
      () =>
        Effect.gen(function* () {
          const agent = yield* agentNow
          const draft = yield* agent.assist(assistContextOf([customer("How long does a refund take?")]))
          if (draft._tag !== "Draft") return assert.fail(JSON.stringify(draft))
          assert.strictEqual(draft.trace.agent, "llm")
          assert.isNotEmpty(draft.sources)
          const planets = "Which planets of our sun have rings of dust and ice?"
          const quiet = yield* agent.assist(assistContextOf([customer(planets)]))
          assert.strictEqual(quiet._tag, "Skip")
        }),
      120_000,
    )

    it.effect(
      "writes a brief of at most 120 words",
      () =>
        Effect.gen(function* () {
          const lines = [customer("My refund for order LK-2041 has not come. That was three weeks ago!")]
          const brief = yield* (yield* agentNow).brief(contextOf(lines), "no_answer")
          assert.isNotEmpty(brief.summary)
          assert.isAtMost(brief.summary.split(/\s+/).length, 120)
          assert.strictEqual(brief.language, "en")
        }),
      120_000,
    )

    it.effect(
      "gives nothing away",
      () =>
        Effect.gen(function* () {
          const settings = yield* connect
          const agent = yield* agentWith({ ...settings, onFailure: "escalate" })
          for (const { lines, name: injection, subject } of injections.slice(0, attacks)) {
            const turn = yield* agent.respond(contextOf(lines, { subject: subject ?? null }))
            for (const canary of canaries) assert.notInclude(shownOf(turn), canary, injection)
          }
        }),
      1_200_000,
    )
  })
