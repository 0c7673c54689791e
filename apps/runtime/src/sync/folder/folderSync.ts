/** A folder of Markdown and HTML files as a source, for people without a Help Center. */
import { KnowledgeError, type OrgId, PermissionDenied, type SyncProgress, Unavailable } from "@opencx/core"
import { Effect, FileSystem, Path, type PlatformError, Schema, Stream } from "effect"
import type { FolderSourceConfig } from "../../config/SourceConfig.ts"
import { asUnreadable, type Entry, type Loaded, makeListedSync } from "../listed/listedSync.ts"
import { type FoundFile, listFolder } from "./listFolder.ts"
import { readDocument } from "./readDocument.ts"

interface FolderInput {
  readonly orgId: OrgId
  readonly source: FolderSourceConfig
  readonly onProgress: (progress: SyncProgress) => Effect.Effect<void>
}

/** A folder that is not there may only not be mounted yet. */
const failure = (folder: string) => (error: PlatformError.PlatformError) => {
  const tag = error.reason._tag
  const detail =
    tag === "NotFound" ? `there is no folder ${folder}` : `the folder ${folder} cannot be read: ${tag}`
  const reason =
    tag === "PermissionDenied"
      ? new PermissionDenied({ hint: `The folder ${folder} may not be read by this process.` })
      : new Unavailable({ detail, retryAfterMs: null })
  return new KnowledgeError({ operation: "sync", reason })
}

const decoder = new TextDecoder("utf-8", { fatal: true })

/** This file cannot be read; others may. */
class FileRefused extends Schema.TaggedError<FileRefused>("@opencx/runtime/sync/FileRefused")("FileRefused", {
  detail: Schema.String,
}) {
  override get message(): string {
    return this.detail
  }
}

/** Reads at most `most` bytes: a file may grow between the look and the reading. */
const readText = Effect.fnUntraced(function* (fs: FileSystem.FileSystem, file: FoundFile, most: number) {
  if (file.size > most) return yield* new FileRefused({ detail: `has ${file.size} bytes, more than ${most}` })
  const chunks = yield* Stream.runCollect(fs.stream(file.real, { bytesToRead: most + 1 }))
  const bytes = Buffer.concat([...chunks])
  if (bytes.byteLength > most) return yield* new FileRefused({ detail: `has more than ${most} bytes` })
  return yield* Effect.try({
    try: () => decoder.decode(bytes),
    catch: () => new FileRefused({ detail: "is not UTF-8 text" }),
  })
})

/** The sync of one folder. The folder itself is looked at in every run: it may be mounted later. */
export const makeFolderSync = Effect.fnUntraced(function* ({ onProgress, orgId, source }: FolderInput) {
  const fs = yield* FileSystem.FileSystem
  const paths = yield* Path.Path
  const folder = paths.resolve(source.path)
  const loadOf = (file: FoundFile): Effect.Effect<Loaded> =>
    asUnreadable(
      Effect.map(readText(fs, file, source.maxFileBytes), (text) =>
        readDocument(file.path, text, file.modifiedAt, source),
      ),
    )
  const entryOf = (file: FoundFile): Entry => ({
    key: file.path,
    mark: `${file.size}:${file.modifiedAt}:${file.inode}:${source.locale}:${source.visibility}`,
    updatedAt: file.modifiedAt,
    load: loadOf(file),
  })
  const list = listFolder(folder, source.maxFiles).pipe(
    Effect.map(({ files, problems }) => ({ entries: files.map(entryOf), problems })),
    Effect.mapError(failure(folder)),
    Effect.provideService(FileSystem.FileSystem, fs),
    Effect.provideService(Path.Path, paths),
  )
  return yield* makeListedSync({
    orgId,
    sourceId: source.id,
    shelf: paths.basename(folder),
    list,
    calls: () => 0,
    onProgress,
  })
})
