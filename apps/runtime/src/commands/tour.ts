/** `opencx tour`: drives the main job from end to end against the emulator, step by step, and says what it saw. */
import { Cause, Console, Duration, Effect, Exit } from "effect"
import { Command, Flag } from "effect/cli"
import { FetchHttpClient } from "effect/http"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { ConfigurationError } from "../config/ConfigError.ts"
import { startWorld } from "../demo/world.ts"
import { background } from "../Runtime.ts"
import { steps } from "../tour/steps.ts"
import { newStory, type Step } from "../tour/Story.ts"
import { jsonFlag } from "./flags.ts"
import { printJson } from "./output.ts"

interface StepResult {
  readonly name: string
  readonly ok: boolean
  readonly ms: number
  readonly error?: string
}

const temporaryDir = Effect.acquireRelease(
  Effect.promise(() => mkdtemp(join(tmpdir(), "opencx-tour-"))),
  (dir) => Effect.promise(() => rm(dir, { recursive: true, force: true })),
)

type Say = (line: string) => Effect.Effect<void>

const shown = Effect.fnUntraced(function* (
  say: Say,
  name: string,
  took: Duration.Duration,
  exit: Exit.Exit<unknown, unknown>,
) {
  const ms = Math.round(Duration.toMillis(took))
  const ok = Exit.isSuccess(exit)
  const result: StepResult = ok
    ? { name, ok, ms }
    : { name, ok, ms, error: Cause.pretty(exit.cause).split("\n")[0] ?? "" }
  yield* say(
    `${ok ? "ok  " : "FAIL"} ${name} (${ms} ms)${result.error === undefined ? "" : `\n     ${result.error}`}`,
  )
  return result
})

/** Steps build on each other: after the first failure the rest is not tried. */
const walk = Effect.fnUntraced(function* (say: Say, all: ReadonlyArray<Step>, dataDir: string) {
  const results: Array<StepResult> = []
  const ports = { http: 0, emulator: 0, smtp: 0, sink: 0 }
  const starting = Effect.exit(startWorld({ dataDir, ports, isWhole: true, tuning: { reconcileSeconds: 2 } }))
  const [took, world] = yield* Effect.timed(starting)
  results.push(yield* shown(say, "everything starts and the Help Center is synced", took, world))
  if (Exit.isFailure(world)) return results
  yield* Effect.forkScoped(Effect.provide(background, world.value.services))
  const story = newStory(world.value)
  for (const step of all) {
    const [took, exit] = yield* Effect.timed(Effect.exit(step.run(story)))
    results.push(yield* shown(say, step.name, took, exit))
    if (results.at(-1)?.ok === false) break
  }
  return results
})

export const tour = Command.make(
  "tour",
  { json: jsonFlag, only: Flag.Int("steps").pipe(Flag.withDefault(steps.length)) },
  ({ json, only }) =>
    Effect.scoped(
      Effect.gen(function* () {
        const results = yield* walk(
          json ? Console.error : Console.log,
          steps.slice(0, only),
          yield* temporaryDir,
        )
        const ok = results.length === only + 1 && results.every((step) => step.ok)
        yield* json
          ? printJson({ ok, steps: results })
          : Console.log(ok ? "The tour went well." : "The tour failed.")
        if (!ok)
          return yield* new ConfigurationError({
            problem: "The tour did not come to its end.",
            hint: "The failed step is named above.",
          })
      }),
    ).pipe(Effect.provide(FetchHttpClient.layer)),
).pipe(Command.withDescription("Drive the main job end to end against the emulator"))
