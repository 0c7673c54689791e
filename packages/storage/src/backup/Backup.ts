/**
 * A backup is one file: the embedded database as it was at one moment, with the master key's file in it. SQLite makes it
 * from a connection of its own (`VACUUM INTO`, https://www.sqlite.org/lang_vacuum.html), so that a runtime goes on writing
 * meanwhile. Node edge: the file system and `node:sqlite`.
 */
import { Clock, Effect, Schema } from "effect"
import { chmodSync, closeSync, copyFileSync, existsSync, fsyncSync, mkdirSync, openSync } from "node:fs"
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { allMigrations } from "../schema/migrations/all.ts"
import { parseKey } from "../secrets/cipher.ts"
import { keyFileIn, keyLines, readOrCreateKeyFile } from "../secrets/keyFile.ts"
import { databaseFileName } from "../sqlite/SqliteOptions.ts"

/** No backup was made or restored; nothing that was there has changed. `hint` says what to do. */
export class BackupFailed extends Schema.TaggedError<BackupFailed>("@opencx/storage/BackupFailed")(
  "BackupFailed",
  { detail: Schema.String, hint: Schema.String },
) {
  override get message(): string {
    return `${this.detail} ${this.hint}`
  }
}

/** What a backup says of itself. */
const Manifest = Schema.Struct({
  format: Schema.Int,
  /** Epoch milliseconds. */
  madeAt: Schema.Number,
  /** Number of the newest migration. */
  schemaVersion: Schema.Int,
  /** Whether the master key is in it. */
  withKey: Schema.Boolean,
})
export type Manifest = typeof Manifest.Type

const format = 1
const table = "opencx_backup"
/** How long to wait for a runtime that is writing, in milliseconds. */
const lockWait = 10_000

const decodeManifest = Schema.decodeUnknownSync(Schema.fromJsonString(Manifest))

const refused = (detail: string, hint: string) => new BackupFailed({ detail, hint })

const said = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))

/** Failures that we foresee pass; what the file system or SQLite says becomes one. */
const attempt = <A>(what: string, hint: string, body: () => A) =>
  Effect.try({
    try: body,
    catch: (cause) => (cause instanceof BackupFailed ? cause : refused(`${what}: ${said(cause)}.`, hint)),
  })

const withDatabase = <A>(file: string, use: (db: DatabaseSync) => A): A => {
  const db = new DatabaseSync(file, { timeout: lockWait })
  try {
    return use(db)
  } finally {
    db.close()
  }
}

const flush = (file: string): void => {
  const handle = openSync(file, "r+")
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

const keyText = (directory: string): string | null => {
  const file = keyFileIn(directory)
  if (!existsSync(file)) return null
  const found = readOrCreateKeyFile(file)
  if (found.ok) return found.text
  throw refused(`The key file ${file} has mode ${found.mode}: others may read it.`, `Run: chmod 600 ${file}`)
}

const versionOf = (db: DatabaseSync): number =>
  Number(db.prepare("SELECT max(id) AS id FROM opencx_migrations").get()?.["id"] ?? 0)

const describe = (
  db: DatabaseSync,
  { key, madeAt }: { readonly key: string | null; readonly madeAt: number },
) => {
  const manifest: Manifest = { format, madeAt, schemaVersion: versionOf(db), withKey: key !== null }
  db.exec(
    `PRAGMA journal_mode = DELETE; CREATE TABLE ${table} (name TEXT NOT NULL PRIMARY KEY, content TEXT NOT NULL)`,
  )
  const insert = db.prepare(`INSERT INTO ${table} (name, content) VALUES (?, ?)`)
  insert.run("manifest", JSON.stringify(manifest))
  if (key !== null) insert.run("master.key", key)
  return manifest
}

const inUse = (file: string) =>
  refused(`${file} exists already.`, "Name another file, or move that one away; a backup never overwrites.")

/**
 * Writes the data directory's database, as it is now, to a new file that only its owner may read. With the key, whoever has
 * the file can read the stored credentials; without it, the credentials in it are worth nothing without the key.
 */
export const backup = Effect.fn("Backup.backup")(function* (options: {
  readonly directory: string
  readonly file: string
  readonly withKey: boolean
}) {
  const madeAt = yield* Clock.currentTimeMillis
  const { directory, file } = options
  const source = join(directory, databaseFileName)
  const draft = `${file}.partial`
  return yield* attempt(`The backup ${file} was not made`, "Check the path and the free space.", () => {
    if (!existsSync(source))
      throw refused(`There is no database in ${directory}.`, "Check `dataDir` (OPENCX_DATA_DIR).")
    if (existsSync(file)) throw inUse(file)
    rmSync(draft, { force: true })
    // SQLite fills a file that is there and empty, and so keeps its mode.
    closeSync(openSync(draft, "wx", 0o600))
    try {
      withDatabase(source, (db) => db.prepare("VACUUM INTO ?").run(draft))
      const key = options.withKey ? keyText(directory) : null
      const manifest = withDatabase(draft, (db) => describe(db, { key, madeAt }))
      flush(draft)
      // A link fails where something has come meanwhile, a rename would replace it.
      linkSync(draft, file)
      return manifest
    } finally {
      rmSync(draft, { force: true })
    }
  })
})

interface Content {
  readonly manifest: Manifest
  readonly key: string | null
}

/** Looks before anything is written. */
const inspect = (file: string): Content => {
  if (!existsSync(file)) throw refused(`There is no ${file}.`, "Check the name.")
  const noBackup = () =>
    refused(`${file} is not a backup of OpenCX.`, "Name a file that `opencx backup` wrote.")
  const read = (db: DatabaseSync, name: string): string | null => {
    const content = db.prepare(`SELECT content FROM ${table} WHERE name = ?`).get(name)?.["content"]
    return typeof content === "string" ? content : null
  }
  const open = (db: DatabaseSync): Content => {
    try {
      return { manifest: decodeManifest(read(db, "manifest") ?? ""), key: read(db, "master.key") }
    } catch {
      throw noBackup()
    }
  }
  return withDatabase(file, (db) => {
    const content = open(db)
    const known = allMigrations.at(-1)?.id ?? 0
    if (content.manifest.format > format || content.manifest.schemaVersion > known)
      throw refused(`${file} was made by a newer release.`, "Restore it with that release, or a newer one.")
    const [first] = db.prepare("PRAGMA quick_check(1)").all()
    if (Object.values(first ?? {})[0] !== "ok") throw refused(`${file} is damaged.`, "Take another backup.")
    return content
  })
}

const checkTarget = (directory: string, { key }: Content): void => {
  const database = join(directory, databaseFileName)
  if (existsSync(database))
    throw refused(
      `${directory} holds a database already.`,
      "Restore into an empty directory, and move the old one away first.",
    )
  const present = existsSync(keyFileIn(directory)) ? readFileSync(keyFileIn(directory), "utf8") : null
  if (present !== null && key !== null && present.trim() !== key.trim())
    throw refused(
      `${keyFileIn(directory)} is another key than the one in the backup.`,
      "Move it away, or restore into an empty directory.",
    )
  if (key !== null && !keyLines(key).every((line) => parseKey(line) !== null))
    throw refused("The key in the backup is no key.", "Take another backup.")
}

/** The database without what made it a backup; the key's bytes are overwritten in it. */
const unpack = (file: string, draft: string): void => {
  copyFileSync(file, draft)
  chmodSync(draft, 0o600)
  withDatabase(draft, (db) => db.exec(`PRAGMA secure_delete = ON; DROP TABLE ${table}`))
  flush(draft)
}

/**
 * Puts a backup into a data directory that has no database. The database takes its place last, so that a restore that was
 * cut off is none, and can be repeated. Hold the directory's lock (`Exclusive.layerDirectory`) meanwhile.
 */
export const restore = Effect.fn("Backup.restore")(function* (options: {
  readonly directory: string
  readonly file: string
}) {
  const { directory, file } = options
  return yield* attempt(`${file} was not restored`, "Check the path and the free space.", () => {
    const content = inspect(file)
    checkTarget(directory, content)
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    const draft = join(directory, `${databaseFileName}.restoring`)
    rmSync(draft, { force: true })
    unpack(file, draft)
    if (content.key !== null && !existsSync(keyFileIn(directory)))
      writeFileSync(keyFileIn(directory), content.key, { mode: 0o600, flag: "wx", flush: true })
    renameSync(draft, join(directory, databaseFileName))
    return content.manifest
  })
})
