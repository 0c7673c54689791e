/** An answer as the customer reads it: one line before, the passage, the links. */
import { CustomerText, type Source } from "@opencx/core"
import type { RankedHit } from "../knowledge/hit.ts"
import { baseLanguage } from "../text/analyze.ts"
import { templatesOf } from "../agent/templates.ts"
import { extract } from "./extract.ts"

/** The only way in which text of articles becomes a customer's: the hit's type says that it is public. */
type PublicHit = RankedHit<"customer">

const linkOf = (hit: PublicHit): string =>
  hit.url === null ? hit.title : `[${hit.title.replace(/[[\]]/g, "")}](${hit.url})`

export interface Composed {
  readonly text: CustomerText
  readonly sources: ReadonlyArray<Source>
}

/** `also`: a second article close behind; it is linked, but nothing of it is shown. */
export const composeAnswer = (
  hit: PublicHit,
  also: PublicHit | null,
  question: string,
  language: string | null,
): Composed => {
  const templates = templatesOf(language)
  const own = baseLanguage(hit.locale)
  const intro = language === null || baseLanguage(language) === own ? templates.intro : templates.introForeign
  const lines = [intro, extract(hit.passage, question, own), `${templates.sources}: ${linkOf(hit)}`]
  if (also !== null) lines.push(`${templates.seeAlso}: ${linkOf(also)}`)
  return {
    text: CustomerText.make(lines.join("\n\n")),
    sources: [{ articleId: hit.articleId, title: hit.title, url: hit.url }],
  }
}
