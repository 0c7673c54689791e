/** The checked configuration, and what follows from it. */
import { Context, Layer } from "effect"
import type { RuntimeConfig } from "../config/RuntimeConfig.ts"

const originOf = ({ host, port }: RuntimeConfig["http"]): string =>
  `http://${host.includes(":") ? `[${host}]` : host}:${port}`

export interface SettingsValues {
  readonly config: RuntimeConfig
  /** Without a slash at the end. */
  readonly publicUrl: string
}

export class Settings extends Context.Service<Settings, SettingsValues>()("@opencx/runtime/layers/Settings") {
  static readonly layer = (config: RuntimeConfig): Layer.Layer<Settings> =>
    Layer.succeed(Settings, {
      config,
      publicUrl: (config.publicUrl ?? originOf(config.http)).replace(/\/+$/, ""),
    })
}
