/** Where articles sit: category and section names, outermost first. */
import type { KnowledgeError } from "@opencx/core"
import { Effect, Result, type Schema } from "effect"
import { idText, nextCursor, type PageMeta, type WireId } from "../support/Wire.ts"
import type { HelpCenterCalls } from "./Calls.ts"
import { CategoryPage, type CategoryWire, SectionPage, type SectionWire } from "./Wire.ts"

/** Names of the sections and categories of one locale. */
export interface Structure {
  readonly sections: ReadonlyMap<string, SectionWire>
  readonly categories: ReadonlyMap<string, CategoryWire>
}

const maxPages = 100

const listAll = <Page extends { readonly meta?: PageMeta }, Item>(
  calls: HelpCenterCalls,
  schema: Schema.ConstraintDecoder<Page>,
  path: string,
  items: (page: Page) => ReadonlyArray<Item>,
): Effect.Effect<ReadonlyArray<Item>, KnowledgeError> =>
  Effect.gen(function* () {
    const all: Array<Item> = []
    let cursor: string | null = null
    for (let page = 0; page < maxPages; page++) {
      const answer: Page = yield* calls.get(schema, path, {
        "page[size]": "100",
        ...(cursor === null ? {} : { "page[after]": cursor }),
      })
      all.push(...items(answer))
      cursor = nextCursor(answer.meta)
      if (cursor === null) break
    }
    return all
  })

/** Two listings per locale, whatever the number of articles. */
const readStructure = Effect.fnUntraced(function* (calls: HelpCenterCalls, prefix: string) {
  const sections = yield* listAll(calls, SectionPage, `${prefix}/sections.json`, (page) => page.sections)
  const categories = yield* listAll(
    calls,
    CategoryPage,
    `${prefix}/categories.json`,
    (page) => page.categories,
  )
  return {
    sections: new Map(sections.map((one) => [idText(one.id), one])),
    categories: new Map(categories.map((one) => [idText(one.id), one])),
  } satisfies Structure
})

const given = (id: typeof WireId.Type | null | undefined): string | null =>
  id === null || id === undefined ? null : idText(id)

/** Up from a section. Sections can be nested; a loop in the data ends the walk. */
const walk = (structure: Structure, sectionId: typeof WireId.Type | null | undefined) => {
  const names: Array<string> = []
  const seen = new Set<string>()
  let at = given(sectionId)
  let category: string | null = null
  while (at !== null && !seen.has(at)) {
    seen.add(at)
    const section = structure.sections.get(at)
    if (section === undefined) break
    names.unshift(section.name ?? "")
    category = given(section.category_id) ?? category
    at = given(section.parent_section_id)
  }
  return { names, category }
}

/** The category that a section is in at last, or null when that is not known. */
export const categoryOf = (
  structure: Structure,
  sectionId: typeof WireId.Type | null | undefined,
): string | null => walk(structure, sectionId).category

/** Category and section names, outermost first. */
export const pathOf = (
  structure: Structure,
  sectionId: typeof WireId.Type | null | undefined,
): ReadonlyArray<string> => {
  const { category, names } = walk(structure, sectionId)
  const categoryName = category === null ? null : (structure.categories.get(category)?.name ?? null)
  return [...(categoryName === null ? [] : [categoryName]), ...names].filter((name) => name !== "")
}

/** The structure of a locale (null: of the Help Center's default one), read once per run. */
export type StructureOf = (locale: string | null) => Effect.Effect<Structure, KnowledgeError>

export const emptyStructure: Structure = { sections: new Map(), categories: new Map() }

/**
 * Reads each locale's structure when it is first asked for. Articles are worth having without their section names, so a
 * refusal gives an empty structure, unless categories decide on what is wanted.
 */
export const makeStructures = (
  calls: HelpCenterCalls,
  options: { readonly needed: boolean; readonly onRefused: (error: KnowledgeError) => void },
): StructureOf => {
  const read = new Map<string, Structure>()
  return Effect.fnUntraced(function* (locale) {
    const known = read.get(locale ?? "*")
    if (known !== undefined) return known
    const result = yield* Effect.result(readStructure(calls, locale === null ? "" : `/${locale}`))
    if (Result.isFailure(result)) {
      if (options.needed || result.failure.isRetryable) return yield* result.failure
      options.onRefused(result.failure)
    }
    const structure = Result.isSuccess(result) ? result.success : emptyStructure
    read.set(locale ?? "*", structure)
    return structure
  })
}
