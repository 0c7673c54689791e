/** Flags that several commands share. */
import { Flag } from "effect/cli"
import { Option } from "effect"

export const configFlag = Flag.String("config").pipe(
  Flag.withAlias("c"),
  Flag.withDescription("Configuration file (default: OPENCX_CONFIG, or opencx.config.{ts,js,json} here)"),
  Flag.optional,
)

export const jsonFlag = Flag.Boolean("json").pipe(
  Flag.withDescription("Print JSON for programs"),
  Flag.withDefault(false),
)

const portFlag = (name: string, what: string) =>
  Flag.Int(name).pipe(Flag.withDescription(`${what} (0: any free port)`), Flag.optional)

export const worldFlags = {
  port: portFlag("port", "Port of the runtime"),
  emulatorPort: portFlag("emulator-port", "Port of the emulated Zendesk"),
  smtpPort: portFlag("smtp-port", "Port that takes customers' mail"),
  sinkPort: portFlag("sink-port", "Port of the mail server that keeps what customers get"),
  dataDir: Flag.String("data-dir").pipe(
    Flag.withDescription("Directory for data; the demonstration empties its own folder in it"),
    Flag.withDefault(".opencx"),
  ),
  json: jsonFlag,
}

interface PortFlags {
  readonly port: Option.Option<number>
  readonly emulatorPort: Option.Option<number>
  readonly smtpPort: Option.Option<number>
  readonly sinkPort: Option.Option<number>
}

/** The ports that were asked for; `fallback` for all others, or nothing to take the usual ones. */
export const portsOf = (flags: PortFlags, fallback?: number) => {
  const entry = (name: string, flag: Option.Option<number>) => {
    const value = Option.getOrElse(flag, () => fallback)
    return value === undefined ? {} : { [name]: value }
  }
  return {
    ...entry("http", flags.port),
    ...entry("emulator", flags.emulatorPort),
    ...entry("smtp", flags.smtpPort),
    ...entry("sink", flags.sinkPort),
  }
}

export const orgFlag = Flag.String("org").pipe(
  Flag.withDescription("Only this organization (default: all that are connected, or the only one)"),
  Flag.optional,
)

export const yesFlag = Flag.Boolean("yes").pipe(
  Flag.withAlias("y"),
  Flag.withDescription("Do it without asking; what cannot be undone needs a flag of its own"),
  Flag.withDefault(false),
)

export const dryRunFlag = Flag.Boolean("dry-run").pipe(
  Flag.withDescription("Say what would be done, and do nothing"),
  Flag.withDefault(false),
)
