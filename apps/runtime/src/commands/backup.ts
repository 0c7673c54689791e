/** `opencx backup` and `opencx restore`: the embedded database with its key, as one file. */
import { Backup, type BackupManifest, Exclusive } from "@opencx/storage"
import { Console, DateTime, Effect } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { ConfigurationError } from "../config/ConfigError.ts"
import type { RuntimeConfig } from "../config/RuntimeConfig.ts"
import { configured } from "./data.ts"
import { configFlag, jsonFlag } from "./flags.ts"
import { printJson } from "./output.ts"

const fileArgument = Argument.String("file")

const flags = { config: configFlag, json: jsonFlag, file: fileArgument }

/** Postgres has tools of its own, which know about running servers, roles and partial restores. */
const embedded = ({ databaseUrl }: RuntimeConfig, tool: string) =>
  databaseUrl === undefined
    ? Effect.void
    : Effect.fail(
        new ConfigurationError({
          problem: "The data is in Postgres, which has backups of its own.",
          hint: `Use ${tool} for the database, and keep the master key (the file master.key in dataDir, or OPENCX_MASTER_KEY) apart from it.`,
        }),
      )

const tell = (what: string, manifest: BackupManifest): string =>
  `${what}, as of ${DateTime.formatIso(DateTime.makeUnsafe(manifest.madeAt))}, ${
    manifest.withKey
      ? "with the master key in it: whoever has the file can read the stored credentials"
      : "without the master key"
  }.`

export const backup = Command.make(
  "backup",
  {
    ...flags,
    withoutKey: Flag.Boolean("without-key").pipe(
      Flag.withDescription("Leave the master key out, to keep it elsewhere"),
      Flag.withDefault(false),
    ),
  },
  ({ config, file, json, withoutKey }) =>
    Effect.gen(function* () {
      const checked = yield* configured(config)
      yield* embedded(checked, "pg_dump --format=custom")
      const manifest = yield* Backup.backup({ directory: checked.dataDir, file, withKey: !withoutKey })
      yield* json ? printJson({ file, ...manifest }) : Console.log(tell(`${file} holds everything`, manifest))
    }),
).pipe(
  Command.withDescription("Write the embedded database and its key to one file, while the runtime is up"),
)

export const restore = Command.make("restore", flags, ({ config, file, json }) =>
  Effect.gen(function* () {
    const checked = yield* configured(config)
    yield* embedded(checked, "pg_restore")
    const directory = checked.dataDir
    const manifest = yield* Effect.provide(
      Backup.restore({ directory, file }),
      Exclusive.layerDirectory(directory),
    )
    yield* json
      ? printJson({ directory, ...manifest })
      : Console.log(tell(`${directory} is restored`, manifest))
  }),
).pipe(Command.withDescription("Put a backup into an empty data directory"))
