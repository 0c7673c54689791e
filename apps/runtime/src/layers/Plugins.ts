/** The channel plugins of this runtime, by their id. */
import { emailPlugin } from "@opencx/channel-email"
import type { ChannelPlugin } from "@opencx/core"
import { Effect } from "effect"
import { ConfigurationError } from "../config/ConfigError.ts"

export const plugins: ReadonlyArray<ChannelPlugin> = [emailPlugin]

/** The plugin of this id; an unknown id fails with the ids that there are. */
export const pluginNamed = (id: string, known: ReadonlyArray<ChannelPlugin> = plugins) => {
  const found = known.find((plugin) => plugin.id === id)
  return found === undefined
    ? Effect.fail(
        new ConfigurationError({
          problem: `There is no channel plugin "${id}".`,
          hint: `Known channels: ${known.map((plugin) => plugin.id).join(", ")}.`,
        }),
      )
    : Effect.succeed(found)
}
