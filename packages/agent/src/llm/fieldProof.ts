/**
 * Whether a value that a model proposes for a ticket field may stand there: it is of the field's kind, and the customer's
 * words show it. A wrong value sends a ticket to the wrong people, so that whatever is not shown stays blank.
 */
import { type TicketField, type TicketFieldValue, validValue } from "@opencx/core"
import { dates, numberIn, numbers } from "../fields/spans.ts"
import { fold } from "../text/fold.ts"
import { unsupportedFacts } from "./guard/facts.ts"
import { cleanLinks } from "./guard/links.ts"
import { type Material, squeeze } from "./guard/material.ts"
import { insideTalk, repeats } from "./guard/secrecy.ts"

/** What a model proposes for one field. `evidence`: the customer's words that show it. */
export interface Proposed {
  readonly values: ReadonlyArray<string>
  readonly evidence: string
}

/** `said`: the customer's words alone. `instructions`: what the model was told. */
export interface Proof {
  readonly said: Material
  readonly instructions: string
}

/** Up to here people write numbers as words. */
const largestInWords = 20
/** Share of a free text's words that are the customer's own. */
const ownShare = 0.6

const nothing: Material = { found: "", all: "", folded: "", squeezed: "", urls: new Set() }

/** The customer wrote it, and it is no wish about fields and tags themselves. */
const isEvidence = (evidence: string, { said }: Proof): boolean => {
  const words = squeeze(evidence)
  return words.length > 1 && said.squeezed.includes(words) && insideTalk(evidence, nothing) === null
}

const isNumberSaid = (value: number, evidence: string, { said }: Proof): boolean => {
  const read = numbers(fold(said.all)).map((span) => numberIn(span.text))
  if (read.includes(value)) return true
  return Number.isInteger(value) && value >= 0 && value <= largestInWords && !/\d/.test(evidence)
}

/** "Yesterday" has no figures and needs a model; what has figures must have the day's own. */
const isDaySaid = (value: string, evidence: string, { said }: Proof): boolean => {
  if (dates(said.all).some((span) => span.text === value)) return true
  const figures = evidence.match(/\d+/g) ?? []
  return figures.length === 0 || figures.some((one) => Number(one) === Number(value.slice(8)))
}

const wordsOf = (text: string): ReadonlyArray<string> => fold(text).match(/[\p{L}\p{N}]+/gu) ?? []

/** The customer's own words, or nearly so, and nothing that only looks like them. */
const isTextSaid = (value: string, { instructions, said }: Proof): boolean => {
  if (said.squeezed.includes(squeeze(value))) return true
  const clean = cleanLinks(value, said.urls)
  if (clean.foreign.length > 0 || clean.removed > 0) return false
  if (unsupportedFacts(value, said).length > 0 || repeats(value, instructions, said)) return false
  const known = new Set(wordsOf(said.all))
  const words = wordsOf(value)
  return words.filter((one) => known.has(one)).length >= ownShare * words.length
}

const isSaid = (field: TicketField, value: TicketFieldValue, evidence: string, proof: Proof): boolean => {
  switch (field.kind) {
    case "dropdown":
    case "multiselect":
      return true
    case "integer":
    case "decimal":
      return typeof value === "number" && isNumberSaid(value, evidence, proof)
    case "date":
      return typeof value === "string" && isDaySaid(value, evidence, proof)
    case "regexp":
      return typeof value === "string" && proof.said.squeezed.includes(squeeze(value))
    case "text":
    case "textarea":
      return typeof value === "string" && isTextSaid(value, proof)
    case "checkbox":
      // Silence is no "no", and an untouched box is not ticked anyway.
      return value === true
    case "other":
      return false
  }
}

const read = ({ kind }: TicketField, values: ReadonlyArray<string>): TicketFieldValue | null => {
  const [only] = values
  if (kind === "multiselect") return values.length === 0 ? null : values
  if (only === undefined || values.length > 1) return null
  return kind === "checkbox" ? only === "true" : only
}

/** The value as the field takes it; null when it may not stand there. */
export const provenValue = (
  field: TicketField,
  { evidence, values }: Proposed,
  proof: Proof,
): TicketFieldValue | null => {
  const given = read(field, values)
  const value = given === null ? null : validValue(field, given)
  if (value === null || !isEvidence(evidence, proof)) return null
  return isSaid(field, value, evidence, proof) ? value : null
}
