/** Finds the Markdown and HTML files below a folder, and never leaves it. */
import { Effect, FileSystem, Option, Path, type PlatformError } from "effect"

/** `path` is relative to the folder, with `/`; `real` is where the file really is. */
export interface FoundFile {
  readonly path: string
  readonly real: string
  readonly size: number
  /** Epoch milliseconds. */
  readonly modifiedAt: number
  /** Changes when a file is replaced by another one; 0 where there is none. */
  readonly inode: number | bigint
}

export interface Found {
  readonly files: ReadonlyArray<FoundFile>
  readonly problems: ReadonlyArray<{ readonly articleId: string; readonly detail: string }>
}

const isDocument = (name: string): boolean => /\.(?:md|markdown|html?)$/i.test(name)

const maxDepth = 32

/** Everything that is read of the file system here fails as the file system says. */
type Failure = PlatformError.PlatformError

interface Walk {
  readonly root: string
  readonly maxFiles: number
  readonly files: Array<FoundFile>
  readonly problems: Array<{ readonly articleId: string; readonly detail: string }>
  /** Real paths of the folders that were entered, so that links in circles end. */
  readonly entered: Set<string>
}

const visit = Effect.fnUntraced(function* (
  walk: Walk,
  folder: string,
  at: string,
  depth: number,
): Effect.fn.Return<void, Failure, FileSystem.FileSystem | Path.Path> {
  const fs = yield* FileSystem.FileSystem
  const paths = yield* Path.Path
  if (walk.entered.has(folder)) return
  walk.entered.add(folder)
  const names = (yield* fs.readDirectory(folder)).toSorted()
  for (const name of names) {
    // Hidden files are version control's, editors' and volume mounts' own.
    if (name.startsWith(".")) continue
    const path = at === "" ? name : `${at}/${name}`
    const problem = (detail: string) => void walk.problems.push({ articleId: path, detail })
    const real = yield* Effect.option(fs.realPath(paths.join(folder, name)))
    if (Option.isNone(real)) {
      problem("is a link that leads nowhere")
      continue
    }
    if (real.value !== walk.root && !real.value.startsWith(walk.root + paths.sep)) {
      problem("is a link that leads out of the folder")
      continue
    }
    const info = yield* fs.stat(real.value)
    if (info.type === "Directory") {
      if (depth >= maxDepth) problem(`is more than ${maxDepth} folders deep`)
      else yield* visit(walk, real.value, path, depth + 1)
    } else if (info.type === "File" && isDocument(name)) {
      if (walk.files.length >= walk.maxFiles) {
        problem(`is one more than the ${walk.maxFiles} files of \`maxFiles\``)
        return
      }
      const modifiedAt = Option.match(info.mtime, { onNone: () => 0, onSome: (time) => time.getTime() })
      const inode = Option.getOrElse(info.ino, () => 0)
      walk.files.push({ path, real: real.value, size: Number(info.size), modifiedAt, inode })
    }
  }
})

/** All documents, sorted by path. Fails when the folder, or one in it, cannot be read: then nothing is known to be gone. */
export const listFolder = Effect.fnUntraced(function* (folder: string, maxFiles: number) {
  const fs = yield* FileSystem.FileSystem
  const root = yield* fs.realPath(folder)
  const walk: Walk = { root, maxFiles, files: [], problems: [], entered: new Set() }
  yield* visit(walk, root, "", 0)
  return { files: walk.files, problems: walk.problems } satisfies Found
})
