/** What is kept of one customer: found, handed out, erased here and in Zendesk. */
import { NodeServices } from "@effect/platform-node"
import { Blobs, type ContactRecord, ContactRecords, type Erasure, type OrgId } from "@opencx/core"
import type { ErasedInZendesk } from "@opencx/zendesk"
import { Effect, FileSystem, Path } from "effect"
import { ConfigurationError } from "../config/ConfigError.ts"
import { Settings } from "../layers/Settings.ts"
import { listErasures } from "./erasures.ts"
import { eraseFromZendesk } from "./zendeskErasure.ts"

const unknown = (orgId: OrgId, who: string) =>
  new ConfigurationError({
    problem: `${orgId} has no contact with the id or address "${who}".`,
    hint: "Give the whole address, or the contact's id as `opencx sessions show` prints it.",
  })

/** The record of the one contact that is meant. Several people may claim an address that nobody has proved. */
export const recordOf = Effect.fnUntraced(function* (orgId: OrgId, who: string) {
  const records = yield* ContactRecords
  const [contact, ...others] = yield* records.find(orgId, who)
  if (contact === undefined) return yield* unknown(orgId, who)
  if (others.length > 0)
    return yield* new ConfigurationError({
      problem: `Several contacts of ${orgId} have the address "${who}": ${[contact, ...others].map(({ id }) => id).join(", ")}.`,
      hint: "Name one of them by its id.",
    })
  return (yield* records.read(orgId, contact.id)) ?? (yield* unknown(orgId, who))
})

const unwritable = (target: string, detail: string) =>
  new ConfigurationError({
    problem: `${target} cannot be written: ${detail}`,
    hint: "Name a directory that does not exist yet; nothing is ever written over.",
  })

/**
 * Writes `contact.json` and every file of the contact into a new directory that only its owner may read. Answers with how
 * many files there are; one whose bytes are gone is left out.
 */
export const exportRecord = Effect.fnUntraced(function* (record: ContactRecord, directory: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const blobs = yield* Blobs
  const write = Effect.gen(function* () {
    yield* fs.makeDirectory(path.join(directory, "files"), { recursive: true, mode: 0o700 })
    // @effect-diagnostics-next-line preferSchemaOverJson:off -- indented, because people read it
    const text = JSON.stringify(record, null, 2)
    yield* fs.writeFileString(path.join(directory, "contact.json"), text, { flag: "wx", mode: 0o600 })
    let written = 0
    for (const { blobId, fileName } of record.files) {
      const bytes = yield* blobs.get(record.contact.orgId, blobId)
      if (bytes === null) continue
      const file = path.join(directory, "files", `${blobId.slice(0, 12)}-${fileName}`)
      yield* fs.writeFile(file, bytes, { flag: "wx", mode: 0o600 })
      written += 1
    }
    return written
  })
  if (yield* Effect.orElseSucceed(fs.exists(directory), () => false))
    return yield* unwritable(directory, "it exists")
  return yield* write.pipe(
    Effect.catchTag("PlatformError", ({ message }) => Effect.fail(unwritable(directory, message))),
  )
})

export interface ErasedContact extends Erasure {
  /** Null when Zendesk was left alone. */
  readonly inZendesk: ReadonlyArray<ErasedInZendesk> | null
  /** False when deleted text may still lie in free pages of the database file: `opencx contacts compact` repeats it. */
  readonly compacted: boolean
  /** False when the list of erasures could not be written: it is at the next erasure, and at the next start. */
  readonly listed: boolean
}

/** Erases here, and nothing in Zendesk. */
export const eraseHere = Effect.fnUntraced(function* (
  { contact }: ContactRecord,
  deleted: ReadonlyArray<ErasedInZendesk> | null,
) {
  const records = yield* ContactRecords
  const erasure = yield* records.erase(contact.orgId, contact.id)
  if (erasure === null) return yield* unknown(contact.orgId, contact.id)
  const listed = yield* listErasures((yield* Settings).config).pipe(
    // A request to the API brings a file system that is none.
    Effect.provide(NodeServices.layer),
    Effect.as(true),
    Effect.catchTag("ConfigurationError", ({ message }) =>
      Effect.as(Effect.logWarning("The list of erasures was not written", message), false),
    ),
  )
  return { ...erasure, inZendesk: deleted, compacted: yield* records.compact, listed } satisfies ErasedContact
})

/** Erases in Zendesk first, and here when all of it is gone there. */
export const eraseEverywhere = (record: ContactRecord) =>
  Effect.flatMap(eraseFromZendesk(record), (deleted) => eraseHere(record, deleted))
