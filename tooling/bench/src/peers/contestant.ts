/** Starts a contestant with an outside world of its own. */
import type { Scope } from "effect"
import { Effect } from "effect"
import { startChild } from "../process/children.ts"
import { temporaryDir } from "../process/temporary.ts"
import { type Outside, openOutside } from "./outside.ts"
import { Ready } from "./setup.ts"

export interface Contestant extends Ready {
  readonly name: string
  readonly outside: Outside
}

const scripts = {
  ours: new URL("ours.ts", import.meta.url),
  "chat SDK": new URL("chatSdk.ts", import.meta.url),
}

export const startContestant = (
  name: keyof typeof scripts,
  from: { readonly packages: string; readonly zendesk: string },
): Effect.Effect<Contestant, Error, Scope.Scope> =>
  Effect.gen(function* () {
    const outside = yield* openOutside
    const dataDir = yield* temporaryDir
    const ready = yield* startChild(
      {
        what: name,
        script: scripts[name],
        args: [JSON.stringify({ ...outside.accounts, ...from, dataDir })],
        env: { OPENCX_LOG_LEVEL: "Error" },
        within: "30 seconds",
      },
      Ready,
    )
    return { ...ready, name, outside }
  })
