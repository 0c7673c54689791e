/**
 * The list of who was erased, in a file apart from the database: an older database that takes its place learns from it whom
 * to erase again. It holds marks, which lead back to nobody. Lines are only ever added; the same one twice does no harm.
 */
import { OrgId } from "@opencx/core"
import { type ErasureMark, Erasures } from "@opencx/storage"
import { Effect, FileSystem, Option, Path, Schema } from "effect"
import { ConfigurationError } from "../config/ConfigError.ts"
import type { RuntimeConfig } from "../config/RuntimeConfig.ts"
import { Settings } from "../layers/Settings.ts"

/** Its name beside a backup. */
const besideBackups = "opencx-erasures.jsonl"

const Line = Schema.fromJsonString(
  Schema.Struct({
    orgId: OrgId,
    mark: Schema.String.check(Schema.isPattern(/^[0-9a-f]{64}$/)),
    at: Schema.Finite,
  }),
)
const decodeLine = Schema.decodeUnknownOption(Line)
const encodeLine = Schema.encodeSync(Line)

const keyOf = ({ mark, orgId }: ErasureMark): string => `${orgId} ${mark}`

const unusable = (file: string, detail: string) =>
  new ConfigurationError({
    problem: `The list of erasures ${file} cannot be used: ${detail}`,
    hint: "Whoever was erased must not come back with an older database: make the file readable and writable, or name another one in `retention.erasuresFile`.",
  })

/** Where an installation keeps its list. */
const listOf = Effect.fnUntraced(function* ({ dataDir, retention }: RuntimeConfig) {
  const path = yield* Path.Path
  return retention.erasuresFile ?? path.join(dataDir, "erasures.jsonl")
})

/** The list beside a backup. */
export const listBeside = Effect.fnUntraced(function* (backup: string) {
  const path = yield* Path.Path
  return path.join(path.dirname(backup), besideBackups)
})

/** A line that a crash has cut off is left out, and told. */
const readList = Effect.fnUntraced(function* (file: string) {
  const fs = yield* FileSystem.FileSystem
  const text = yield* fs.exists(file).pipe(
    Effect.flatMap((there) => (there ? fs.readFileString(file) : Effect.succeed(""))),
    Effect.mapError(({ message }) => unusable(file, message)),
  )
  const lines = text.split("\n").filter((line) => line.trim() !== "")
  const marks = lines.flatMap((line): ReadonlyArray<ErasureMark> => Option.toArray(decodeLine(line)))
  const broken = lines.length - marks.length
  if (broken > 0)
    yield* Effect.logWarning(`${broken} lines of the list of erasures are none; they are left out`, file)
  return { marks, isCutOff: text !== "" && !text.endsWith("\n") }
})

/** Adds what the list does not have, in one write that is on the disk when this returns. */
const addToList = Effect.fnUntraced(function* (file: string, marks: ReadonlyArray<ErasureMark>) {
  const path = yield* Path.Path
  const { isCutOff, marks: listed } = yield* readList(file)
  const there = new Set(listed.map(keyOf))
  const news = marks.filter((one) => !there.has(keyOf(one)))
  if (news.length === 0) return
  const text = (isCutOff ? "\n" : "") + news.map((one) => `${encodeLine(one)}\n`).join("")
  const fs = yield* FileSystem.FileSystem
  yield* Effect.gen(function* () {
    yield* fs.makeDirectory(path.dirname(file), { recursive: true, mode: 0o700 })
    const handle = yield* fs.open(file, { flag: "a", mode: 0o600 })
    yield* handle.writeAll(new TextEncoder().encode(text))
    yield* handle.sync
  }).pipe(
    Effect.scoped,
    Effect.mapError(({ message }) => unusable(file, message)),
  )
})

/** What the database knows, into the installation's list. */
export const listErasures = Effect.fnUntraced(function* (config: RuntimeConfig) {
  yield* addToList(yield* listOf(config), yield* (yield* Erasures).known)
})

/** Another list into the installation's own. `mustExist`: somebody named it. */
export const takeList = Effect.fnUntraced(function* (
  config: RuntimeConfig,
  file: string,
  { mustExist }: { readonly mustExist: boolean },
) {
  const fs = yield* FileSystem.FileSystem
  if (mustExist && !(yield* Effect.orElseSucceed(fs.exists(file), () => false)))
    return yield* unusable(file, "there is no such file")
  yield* addToList(yield* listOf(config), (yield* readList(file)).marks)
})

/** The installation's own list into the one beside a backup. */
export const handOutList = Effect.fnUntraced(function* (config: RuntimeConfig, backup: string) {
  yield* addToList(yield* listBeside(backup), (yield* readList(yield* listOf(config))).marks)
})

/**
 * Erases everybody whom the list names and this database has (again), and adds to the list what the database alone knows.
 * Nothing else may work on the data meanwhile. Answers with how many contacts went.
 */
export const eraseAgain = Effect.fn("eraseAgain")(function* (config: RuntimeConfig) {
  const { marks } = yield* readList(yield* listOf(config))
  const { compacted, contacts } = yield* (yield* Erasures).again(marks)
  if (contacts > 0)
    yield* Effect.logWarning(
      `${contacts} contacts that had been erased came back with an older database; they are erased again`,
    )
  if (!compacted)
    yield* Effect.logWarning("Deleted text may still lie in the database's file: opencx contacts compact")
  yield* listErasures(config)
  return contacts
})

/** At every start, before anything else works on the data. */
export const keepErased = Effect.gen(function* () {
  const { config } = yield* Settings
  yield* eraseAgain(config).pipe(
    Effect.catchTag("StoreError", ({ message }) =>
      Effect.fail(
        new ConfigurationError({
          problem: `Whether erased contacts came back cannot be looked up: ${message}`,
          hint: "Put the database right and start again.",
        }),
      ),
    ),
  )
})
