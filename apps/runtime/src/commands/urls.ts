/** `opencx urls`: the signed webhook URLs to paste into Zendesk and into providers' consoles. */
import { Console, Effect, Layer, Option } from "effect"
import { Command } from "effect/cli"
import { loadConfig } from "../config/load.ts"
import { DatabaseLive } from "../layers/Database.ts"
import { hookUrls } from "../layers/HookUrls.ts"
import { Settings } from "../layers/Settings.ts"
import { Signing } from "../layers/Signing.ts"
import { environment } from "./environment.ts"
import { configFlag, jsonFlag } from "./flags.ts"
import { printJson } from "./output.ts"

export const urls = Command.make("urls", { config: configFlag, json: jsonFlag }, ({ config: file, json }) =>
  Effect.gen(function* () {
    const config = yield* loadConfig(Option.getOrUndefined(file), environment)
    const layer = Signing.layer.pipe(
      Layer.provideMerge(DatabaseLive),
      Layer.provideMerge(Settings.layer(config)),
    )
    const found = yield* Effect.provide(hookUrls, layer)
    if (json) return yield* printJson(found)
    for (const hook of found) yield* Console.log(`${hook.organization}  ${hook.what}\n  ${hook.url}`)
  }),
).pipe(Command.withDescription("Print the signed webhook URLs of this installation"))
