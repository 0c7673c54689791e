/** Reads a folder of data sets. Everything in it is foreign: each line passes a Schema, or is counted as unreadable. */
import { createHash } from "node:crypto"
import { Effect, FileSystem, Path, Schema } from "effect"

/** A data set, or what a data set was given to, is not as expected; the run ends with this sentence. */
export class UnfitData extends Schema.TaggedError<UnfitData>("@opencx/eval/UnfitData")("UnfitData", {
  detail: Schema.String,
}) {
  override get message(): string {
    return this.detail
  }
}

/** Names in a folder, sorted; none when there is no such folder. */
export const namesIn = Effect.fn("eval.namesIn")(function* (folder: string) {
  const fs = yield* FileSystem.FileSystem
  if (!(yield* fs.exists(folder))) return []
  return (yield* fs.readDirectory(folder)).toSorted()
})

/** Folders of data whose name fits, with their paths. */
export const setsIn = Effect.fn("eval.setsIn")(function* (data: string, pattern: RegExp) {
  const path = yield* Path.Path
  const fs = yield* FileSystem.FileSystem
  const out: Array<{
    readonly name: string
    readonly folder: string
    readonly files: ReadonlyArray<string>
  }> = []
  for (const name of yield* namesIn(data)) {
    const folder = path.join(data, name)
    if (!pattern.test(name) || (yield* fs.stat(folder)).type !== "Directory") continue
    out.push({ name, folder, files: yield* namesIn(folder) })
  }
  return out
})

export const readText = Effect.fn("eval.readText")(function* (...parts: ReadonlyArray<string>) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  return yield* fs.readFileString(path.join(...parts))
})

/** Objects of a JSONL file; a line that does not fit is an error that names it. */
export const readLines = Effect.fn("eval.readLines")(function* <S extends Schema.ConstraintDecoder<unknown>>(
  shape: S,
  ...parts: ReadonlyArray<string>
) {
  const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(shape))
  const text = yield* readText(...parts)
  const lines = text.split("\n").filter((line) => line.trim() !== "")
  return yield* Effect.forEach(lines, (line, at) =>
    decode(line).pipe(
      Effect.mapError(
        (error) =>
          new UnfitData({ detail: `${parts.join("/")}, line ${at + 1}: ${error.message.slice(0, 300)}` }),
      ),
    ),
  )
})

/** `query-id`, `corpus-id`, `score` with a heading line: which documents answer which question. */
export const readQrels = Effect.fn("eval.readQrels")(function* (...parts: ReadonlyArray<string>) {
  const relevant = new Map<string, Set<string>>()
  for (const line of (yield* readText(...parts)).split("\n").slice(1)) {
    const [question, document, score] = line.trim().split("\t")
    if (question === undefined || document === undefined || Number(score ?? "1") <= 0) continue
    const known = relevant.get(question)
    if (known === undefined) relevant.set(question, new Set([document]))
    else known.add(document)
  }
  return relevant
})

/** Which half an id belongs to: the same one in every run and on every machine. */
export const halfOf = (id: string): "a" | "b" =>
  (createHash("sha256").update(id).digest()[0] ?? 0) % 2 === 0 ? "a" : "b"
