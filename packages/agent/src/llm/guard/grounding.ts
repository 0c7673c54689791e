/** How much of a reply's words stands in what it cites. Only within one language: a translation shares no words. */
import type { Hit, Surface } from "@opencx/core"
import { analyze, baseLanguage } from "../../text/analyze.ts"
import { isSoft } from "../../text/softWords.ts"

/** Fewer telling words say nothing. */
const fewest = 8
/** Below, the reply speaks of something else. Free retellings of a passage have 0.35 and more. */
export const groundedFrom = 0.2

/** 0 to 1, or null where it cannot be told. `language`: what the reply is written in. */
export const groundingOf = (
  text: string,
  cited: ReadonlyArray<Hit<Surface>>,
  language: string | null,
): number | null => {
  if (language === null || cited.length === 0) return null
  const own = baseLanguage(language)
  if (cited.some((hit) => baseLanguage(hit.locale) !== own)) return null
  const terms = [...new Set(analyze(text, own))].filter((term) => !isSoft(term, own))
  if (terms.length < fewest) return null
  const known = new Set(
    cited.flatMap(({ headings, passage, title }) => analyze([title, ...headings, passage].join("\n"), own)),
  )
  return terms.filter((term) => known.has(term)).length / terms.length
}
