/** What goes along when the humans get a conversation: tags, ticket fields, requester and where the history begins. */
import type { PassDraft } from "@opencx/core"
import { byteLength } from "../../text/MarkdownToHtml.ts"
import { jsonText } from "../../client/Json.ts"
import { normalTags } from "../../support/Tags.ts"
import type { Metadata } from "../wire/ApiWire.ts"

/** Zendesk: 4 kB. Whether that means 4,000 or 4,096 bytes of JSON is not said; the smaller one is right either way. */
const metadataLimit = 4_000

export interface PassMetadata {
  readonly metadata: Metadata
  /** What did not fit: ids of fields in the order of the draft, before them `requester.email` and `requester.name`. */
  readonly dropped: ReadonlyArray<string>
  /** Bytes over the limit that nothing could be dropped for; 0 when all is well. */
  readonly excess: number
}

type Entry = { readonly name: string; readonly key: string; readonly value: string | number | boolean }

/** A list goes as text, its items apart by commas; metadata takes no lists. */
const scalar = (value: PassDraft["fields"][number]["value"]): string | number | boolean =>
  typeof value === "object" ? value.join(",") : value

const fieldEntries = (draft: PassDraft): ReadonlyArray<Entry> =>
  draft.fields.map((field) => ({
    name: field.id,
    key: `dataCapture.ticketField.${field.id}`,
    value: scalar(field.value),
  }))

const requesterEntries = ({ requester }: PassDraft): ReadonlyArray<Entry> =>
  (["email", "name"] as const).flatMap((part) => {
    const value = requester[part]?.trim() ?? ""
    return value === ""
      ? []
      : [{ name: `requester.${part}`, key: `dataCapture.systemField.requester.${part}`, value }]
  })

const firm = (draft: PassDraft): Metadata => {
  // Tags are apart by commas, without blanks: the form of the help pages and the SDKs.
  const tags = normalTags(draft.tags).join(",")
  return {
    ...(tags === "" ? {} : { "dataCapture.systemField.tags": tags }),
    ...(draft.firstMessageId === null ? {} : { first_message_id: draft.firstMessageId }),
    origin_source_type: "api",
  }
}

const withEntries = (base: Metadata, entries: ReadonlyArray<Entry>): Metadata => ({
  ...base,
  ...Object.fromEntries(entries.map((entry) => [entry.key, entry.value])),
})

/**
 * Fits the draft into one metadata object. Fields are dropped from the end, then the requester's name and address; tags
 * and the start of the history never are.
 */
export const passMetadata = (draft: PassDraft): PassMetadata => {
  const base = firm(draft)
  const entries = [...requesterEntries(draft), ...fieldEntries(draft)]
  let kept = entries.length
  const sizeWith = (count: number): number => byteLength(jsonText(withEntries(base, entries.slice(0, count))))
  while (kept > 0 && sizeWith(kept) > metadataLimit) kept -= 1
  return {
    metadata: withEntries(base, entries.slice(0, kept)),
    dropped: entries.slice(kept).map((entry) => entry.name),
    excess: Math.max(0, sizeWith(kept) - metadataLimit),
  }
}
