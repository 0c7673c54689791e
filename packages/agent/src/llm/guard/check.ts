/** Everything that a text passes before a customer sees it. The first that is wrong is told; nothing is explained away. */
import type { Hit, Knowledge, KnowledgeError, OrgId, Surface } from "@opencx/core"
import { Effect } from "effect"
import { echoes } from "./echo.ts"
import { unsupportedFacts } from "./facts.ts"
import { groundedFrom, groundingOf } from "./grounding.ts"
import { repeatsInternalText } from "./internalText.ts"
import { cleanLinks, withoutTargets } from "./links.ts"
import type { Material } from "./material.ts"
import { insideTalk, repeats } from "./secrecy.ts"

export type Rejection =
  | "empty"
  | "no_source"
  | "foreign_link"
  | "unsupported_fact"
  | "inside_talk"
  | "instructions"
  | "internal_text"
  | "not_in_source"
  | "other_language"
  | "echo"

export type Checked =
  | { readonly ok: true; readonly text: string; readonly removed: number; readonly grounding: number | null }
  | { readonly ok: false; readonly why: Rejection }

/** What a text is held against. `secrets`: our instructions of this turn. */
export interface Against {
  readonly knowledge: Knowledge["Service"]
  readonly orgId: OrgId
  readonly material: Material
  readonly secrets: { readonly instructions: string; readonly nonce: string }
}

/** What a draft for agents is held against. `theirs`: the customer's own words. */
export interface AgainstDraft extends Against {
  readonly theirs: string
}

const rejected = (why: Rejection): Checked => ({ ok: false, why })

/** The checks that need no search. `links` false: no link at all. */
const checkWords = (text: string, { material, secrets }: Against, links: boolean): Checked => {
  const clean = cleanLinks(text, links ? material.urls : new Set())
  if (!/[\p{L}\p{N}]/u.test(clean.text)) return rejected("empty")
  if (clean.foreign.length > 0) return rejected("foreign_link")
  const words = withoutTargets(clean.text)
  if (words.includes(secrets.nonce) || repeats(words, secrets.instructions, material)) {
    return rejected("instructions")
  }
  if (insideTalk(words, material) !== null) return rejected("inside_talk")
  if (unsupportedFacts(words, material).length > 0) return rejected("unsupported_fact")
  return { ok: true, text: clean.text, removed: clean.removed, grounding: null }
}

/** For questions back and for the beginning of an answer that is still being written. */
export const checkText = Effect.fnUntraced(function* (
  text: string,
  against: Against,
  links: boolean,
): Effect.fn.Return<Checked, KnowledgeError> {
  const checked = checkWords(text, against, links)
  if (!checked.ok) return checked
  const { knowledge, material, orgId } = against
  const isInternal = yield* repeatsInternalText(knowledge, orgId, checked.text, material)
  return isInternal ? rejected("internal_text") : checked
})

const grounded = (
  checked: Extract<Checked, { ok: true }>,
  cited: ReadonlyArray<Hit<Surface>>,
  language: string | null,
): Checked => {
  const grounding = groundingOf(checked.text, cited, language)
  return grounding !== null && grounding < groundedFrom
    ? rejected("not_in_source")
    : { ...checked, grounding }
}

/** `cited`: articles that were found in this turn and that the answer names; without one it is no answer. */
export const checkAnswer = Effect.fnUntraced(function* (
  text: string,
  cited: ReadonlyArray<Hit<"customer">>,
  language: string | null,
  against: Against,
): Effect.fn.Return<Checked, KnowledgeError> {
  if (cited.length === 0) return rejected("no_source")
  const checked = yield* checkText(text, against, true)
  return checked.ok ? grounded(checked, cited, language) : checked
})

/**
 * For drafts: internal articles may be used, as long as they were found in this turn, so that the draft names them; and
 * nothing is written because the customer wants it written.
 */
export const checkDraft = Effect.fnUntraced(function* (
  text: string,
  cited: ReadonlyArray<Hit<"agent">>,
  language: string | null,
  against: AgainstDraft,
): Effect.fn.Return<Checked, KnowledgeError> {
  if (cited.length === 0) return rejected("no_source")
  const checked = yield* checkText(text, against, true)
  if (!checked.ok) return checked
  if (echoes(checked.text, against.theirs, against.material)) return rejected("echo")
  return grounded(checked, cited, language)
})
