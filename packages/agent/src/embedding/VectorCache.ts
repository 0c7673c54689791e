/** Vectors by the text that they are of, kept in a file: an unchanged passage is never paid for twice. */
import { createHash } from "node:crypto"
import { Effect, Option, Schema } from "effect"
import type { IndexFiles } from "../knowledge/snapshot/IndexFiles.ts"
import type { Packed } from "./Vectors.ts"

const Head = Schema.Struct({
  format: Schema.Literal(1),
  model: Schema.String,
  size: Schema.Int.check(Schema.isGreaterThan(0)),
  count: Schema.Int.check(Schema.isGreaterThanOrEqualTo(0)),
  sha256: Schema.String,
})
const headOf = Schema.decodeUnknownOption(Schema.fromJsonString(Head))

const keyBytes = 16
const newline = 10

/** Names a text, and hides it. */
export const textKey = (text: string): string =>
  createHash("sha256")
    .update(text)
    .digest("hex")
    .slice(0, keyBytes * 2)

const digest = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex")

const toBytes = (model: string, vectors: ReadonlyMap<string, Packed>): Uint8Array => {
  const size = [...vectors.values()][0]?.length ?? 1
  const fitting = [...vectors].filter(([, vector]) => vector.length === size)
  const body = Buffer.concat(
    fitting.flatMap(([key, vector]) => [Buffer.from(key, "hex"), Buffer.from(vector)]),
  )
  const head: typeof Head.Type = { format: 1, model, size, count: fitting.length, sha256: digest(body) }
  return Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), body])
}

const fromBytes = (bytes: Uint8Array, model: string): Map<string, Packed> => {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = all.indexOf(newline)
  const head = Option.getOrNull(headOf(end < 0 ? "" : all.toString("utf8", 0, end)))
  const out = new Map<string, Packed>()
  const body = all.subarray(end + 1)
  if (head === null || head.model !== model || digest(body) !== head.sha256) return out
  const record = keyBytes + head.size
  for (let at = 0; at + record <= body.length; at += record) {
    out.set(
      body.toString("hex", at, at + keyBytes),
      Int8Array.from(body.subarray(at + keyBytes, at + record), (byte) => (byte << 24) >> 24),
    )
  }
  return out
}

export interface VectorCache {
  load(orgId: string): Effect.Effect<Map<string, Packed>>
  save(orgId: string, vectors: ReadonlyMap<string, Packed>): Effect.Effect<void>
}

/** Null files: nothing is kept. Failures cost new vectors, nothing else. */
export const makeVectorCache = (files: IndexFiles | null, model: string): VectorCache => {
  const nameOf = (orgId: string): string => `vectors\n${model}\n${orgId}`
  return {
    load: (orgId) =>
      files === null
        ? Effect.succeed(new Map<string, Packed>())
        : files.read(nameOf(orgId)).pipe(
            Effect.map((bytes) => (bytes === null ? new Map<string, Packed>() : fromBytes(bytes, model))),
            Effect.catch((error) =>
              Effect.as(
                Effect.logWarning("kept vectors could not be read", error),
                new Map<string, Packed>(),
              ),
            ),
          ),
    save: (orgId, vectors) =>
      files === null || vectors.size === 0
        ? Effect.void
        : files
            .write(nameOf(orgId), toBytes(model, vectors))
            .pipe(Effect.catch((error) => Effect.logWarning("vectors could not be kept", error))),
  }
}
