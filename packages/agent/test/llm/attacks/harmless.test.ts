/** The other side of the attacks: what only looks like one is answered, from the right article, with nothing taken off. */
import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { contextOf, report } from "../../fixtures/world.ts"
import { agentWith, compatible, groundOf } from "../support/agents.ts"
import { honest, toolsIn } from "../support/doubles.ts"
import { modelServer } from "../support/ModelServer.ts"
import { harmless } from "./harmless.ts"
import { planted } from "./planted.ts"

layer(groundOf(planted), { excludeTestServices: true })("harmless look-alikes", (it) => {
  it.effect("there are as many as there are kinds of attacks", () =>
    Effect.gen(function* () {
      assert.isAtLeast(harmless.length, 40)
      yield* report(`Harmless look-alikes: ${harmless.length}`)
    }),
  )
  for (const { articleId, lines, subject } of harmless) {
    it.effect(`${lines.at(-1)?.text.replace(/\s+/g, " ").slice(0, 90)}`, () =>
      Effect.gen(function* () {
        const server = yield* modelServer(honest)
        const agent = yield* agentWith(compatible(server.url))
        const turn = yield* agent.respond(contextOf(lines, { subject: subject ?? null }))
        const why = JSON.stringify(turn)
        if (turn._tag !== "Answer") return assert.fail(why)
        assert.strictEqual(turn.sources[0]?.articleId, articleId, why)
        assert.notInclude(toolsIn(turn.trace), "rejected", why)
        assert.strictEqual(turn.trace.agent, "llm")
      }),
    )
  }
})
