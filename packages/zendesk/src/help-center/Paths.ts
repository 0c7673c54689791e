/** Where articles sit: category and section names, outermost first. */
import type { KnowledgeError } from "@opencx/core"
import { Effect, type Schema } from "effect"
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
export const readStructure = Effect.fnUntraced(function* (calls: HelpCenterCalls, prefix: string) {
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

/** Sections can be nested; a loop in the data ends the walk. */
export const pathOf = (
  structure: Structure,
  sectionId: typeof WireId.Type | null | undefined,
): ReadonlyArray<string> => {
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
  const categoryName = category === null ? null : (structure.categories.get(category)?.name ?? null)
  return [...(categoryName === null ? [] : [categoryName]), ...names].filter((name) => name !== "")
}
