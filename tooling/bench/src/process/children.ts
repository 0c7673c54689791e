/** Child processes that speak JSON lines on stdout. They end with their scope, whatever happens to the bench. */
import { spawn, type ChildProcess } from "node:child_process"
import { createInterface } from "node:readline"
import { Duration, Effect, Schema, type Scope } from "effect"

/** A child did not do what it was started for. */
export class ChildFailed extends Schema.TaggedError<ChildFailed>("@opencx-tooling/bench/ChildFailed")(
  "ChildFailed",
  {
    what: Schema.String,
    detail: Schema.String,
  },
) {
  override get message(): string {
    return `${this.what}: ${this.detail}`
  }
}

export interface ChildOptions {
  /** For messages: "the load generator". */
  readonly what: string
  readonly script: URL
  readonly args?: ReadonlyArray<string>
  readonly nodeArgs?: ReadonlyArray<string>
  readonly env?: Readonly<Record<string, string>>
  /** Longest wait for the line. */
  readonly within: Duration.Input
}

const keptErrorChars = 4000

interface Running {
  readonly child: ChildProcess
  readonly said: () => string
}

const launch = (options: ChildOptions): Running => {
  const child = spawn(
    process.execPath,
    [...(options.nodeArgs ?? []), options.script.pathname, ...(options.args ?? [])],
    // Stdin stays open as long as we live: our own children end when it closes.
    { stdio: ["pipe", "pipe", "pipe"], env: { ...process.env, ...options.env } },
  )
  let errors = ""
  child.stderr?.on("data", (chunk: Buffer) => {
    errors = (errors + chunk.toString("utf8")).slice(-keptErrorChars)
  })
  child.stdin?.on("error", () => undefined)
  return { child, said: () => errors }
}

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null

/** Asks politely, then insists. */
const end = ({ child }: Running): Effect.Effect<void> =>
  Effect.callback<void>((resume) => {
    if (hasEnded(child)) return resume(Effect.void)
    const insist = setTimeout(() => child.kill("SIGKILL"), 10_000)
    child.once("exit", () => {
      clearTimeout(insist)
      resume(Effect.void)
    })
    child.kill("SIGTERM")
  })

const firstLine = (options: ChildOptions, { child, said }: Running): Effect.Effect<string, ChildFailed> =>
  Effect.callback<string, ChildFailed>((resume) => {
    const fail = (detail: string) => resume(Effect.fail(new ChildFailed({ what: options.what, detail })))
    const lines = createInterface({ input: child.stdout ?? process.stdin })
    lines.on("line", (line) => {
      if (line.startsWith("{")) resume(Effect.succeed(line))
    })
    child.once("error", (error) => fail(error.message))
    child.once("exit", (code) => fail(`ended with code ${code} before it said anything. ${said()}`))
    return Effect.sync(() => lines.close())
  }).pipe(
    Effect.timeoutOrElse({
      duration: options.within,
      orElse: () =>
        Effect.fail(new ChildFailed({ what: options.what, detail: `said nothing in time. ${said()}` })),
    }),
  )

/** Starts a child and waits for its first JSON line: "I am ready, here", or "this is the result". */
export const startChild = <A>(
  options: ChildOptions,
  shape: Schema.Codec<A, unknown>,
): Effect.Effect<A, ChildFailed, Scope.Scope> =>
  Effect.gen(function* () {
    const running = yield* Effect.acquireRelease(
      Effect.sync(() => launch(options)),
      end,
    )
    const line = yield* firstLine(options, running)
    return yield* Schema.decodeEffect(Schema.fromJsonString(shape))(line).pipe(
      Effect.mapError((error) => new ChildFailed({ what: options.what, detail: error.message })),
    )
  })

/** The same for a child that ends after its line. */
export const runChild = <A>(options: ChildOptions, shape: Schema.Codec<A, unknown>) =>
  Effect.scoped(startChild(options, shape))
