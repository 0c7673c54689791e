/** `opencx backup` and `opencx restore`: the embedded database with its key, as one file. */
import {
  Backup,
  type BackupManifest,
  ErasureMarks,
  type Erasures,
  Exclusive,
  Migrations,
  Sqlite,
} from "@opencx/storage"
import { Console, DateTime, Effect, Layer, Option } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { ConfigurationError } from "../config/ConfigError.ts"
import type { RuntimeConfig } from "../config/RuntimeConfig.ts"
import { eraseAgain, handOutList, listBeside, takeList } from "../operate/erasures.ts"
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
      yield* handOutList(checked, file)
      yield* json ? printJson({ file, ...manifest }) : Console.log(tell(`${file} holds everything`, manifest))
    }),
).pipe(
  Command.withDescription("Write the embedded database and its key to one file, while the runtime is up"),
)

/** The database alone: a backup without its key must not get a new one. */
const restored = (directory: string) =>
  ErasureMarks.layer.pipe(
    Layer.provide(Migrations.layer),
    Layer.provide(Sqlite.layer({ directory, synchronous: "FULL" })),
    Layer.catch((error): Layer.Layer<Erasures, ConfigurationError> =>
      Layer.effectContext(
        Effect.fail(
          new ConfigurationError({
            problem: `The restored database cannot be opened: ${error.message}`,
            hint: "Who was erased since the backup may be in it. The next start erases them before anything else.",
          }),
        ),
      ),
    ),
  )

/** Whom the lists name is erased before anybody can use the database. Cut off in between, the next start does the rest. */
const restoreWithout = Effect.fnUntraced(function* (
  config: RuntimeConfig,
  file: string,
  list: Option.Option<string>,
) {
  const directory = config.dataDir
  yield* takeList(config, yield* listBeside(file), { mustExist: false })
  if (Option.isSome(list)) yield* takeList(config, list.value, { mustExist: true })
  const manifest = yield* Backup.restore({ directory, file })
  const erasedAgain = yield* Effect.provide(eraseAgain(config), restored(directory))
  return { ...manifest, erasedAgain }
})

export const restore = Command.make(
  "restore",
  {
    ...flags,
    erasures: Flag.String("erasures").pipe(
      Flag.withDescription(
        "Another list of who was erased since the backup (erasures.jsonl of the old data directory)",
      ),
      Flag.optional,
    ),
  },
  ({ config, erasures, file, json }) =>
    Effect.gen(function* () {
      const checked = yield* configured(config)
      yield* embedded(checked, "pg_restore")
      const directory = checked.dataDir
      const { erasedAgain, ...manifest } = yield* Effect.provide(
        restoreWithout(checked, file, erasures),
        Exclusive.layerDirectory(directory),
      )
      if (json) return yield* printJson({ directory, ...manifest, erasedAgain })
      yield* Console.log(tell(`${directory} is restored`, manifest))
      if (erasedAgain > 0)
        yield* Console.log(`${erasedAgain} contacts that were erased since then are erased again.`)
    }),
).pipe(
  Command.withDescription("Put a backup into an empty data directory; who was erased since stays erased"),
)
