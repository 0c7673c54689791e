/** The checked configuration, and what follows from it. */
import { Context, Layer } from "effect"
import type { RuntimeConfig } from "../config/RuntimeConfig.ts"

export interface SettingsValues {
  readonly config: RuntimeConfig
  /** Without a slash at the end. */
  readonly publicUrl: string
}

export class Settings extends Context.Service<Settings, SettingsValues>()("@opencx/runtime/layers/Settings") {
  static readonly layer = (config: RuntimeConfig): Layer.Layer<Settings> =>
    Layer.succeed(Settings, {
      config,
      publicUrl: (config.publicUrl ?? `http://${config.http.host}:${config.http.port}`).replace(/\/+$/, ""),
    })
}
