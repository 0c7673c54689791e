/** Questions about "this" and "it" by someone who has not said yet what that is. */
import { analyze } from "../text/analyze.ts"
import { fold } from "../text/fold.ts"
import { isSoft } from "../text/softWords.ts"

const word = String.raw`\p{L}+`
const end = String.raw`(?=[\s?!.]*$)`

/** A thing that is pointed at, or a bare pronoun where the thing should be; not a time ("this week"). */
const pointers: ReadonlyArray<string> = [
  String.raw`(?:this|these|those)(?! (?:time|morning|afternoon|evening|week|weekend|month|year|is|are|was|were|to|in|the|a|an|my|your)(?!\p{L})) (${word})`,
  String.raw`(?:it|this|that|them|these|those|one)${end}`,
  String.raw`(?:dieser|diese|dieses|diesen|diesem)(?! (?:woche|monat|jahr|zeit|tage)(?!\p{L})) (${word})`,
  String.raw`(?:es|das|dies|diese|sie|ihn|damit|davon)${end}`,
  String.raw`(?:este|esta|estos|estas|ese|esa|esos|esas)(?! (?:semana|mes|ano|vez|manana|tarde|noche)(?!\p{L})) (${word})`,
  String.raw`(?:esto|eso|lo|la)${end}`,
  String.raw`(?:cet|cette|ces)(?! (?:semaine|annee|fois|apres|nuit)(?!\p{L})) (${word})`,
  String.raw`(?:ca|cela|celui-ci|celle-ci)${end}`,
  String.raw`(?:questo|questa|questi|queste)(?! (?:settimana|mese|anno|volta)(?!\p{L})) (${word})`,
  String.raw`(?:isto|isso|esse|essa)${end}`,
  String.raw`(?:deze|dit)(?! (?:week|maand|jaar|keer)(?!\p{L})) (${word})`,
  String.raw`(?:het|dit|dat|ze)${end}`,
]
const pointing = new RegExp(`(?<!\\p{L})(?:${pointers.join("|")})`, "u")

/** Whether a question needs what was said before: it points at something, or is hardly a sentence ("And in black?"). */
export const pointsBack = (text: string): boolean =>
  pointing.test(fold(text.trim())) || text.trim().split(/\s+/).length < fewestWords

const fewestWords = 4

/** With more to go by, the matter is there even when one thing in it is not. */
const mostTelling = 6

/**
 * Whether a question points at something that neither it nor `talk` (what was said before, "" at the beginning) names.
 * `language`: two-letter code, for comparing words.
 */
export const pointsNowhere = (text: string, talk: string, language: string): boolean => {
  const telling = new Set(analyze(text, language).filter((term) => !isSoft(term, language)))
  if (telling.size > mostTelling) return false
  const found = pointing.exec(fold(text.trim()))
  if (found === null) return false
  const thing = found.slice(1).find((group) => group !== undefined)
  if (thing === undefined) return talk.trim() === ""
  const known = new Set(analyze(talk, language))
  return analyze(thing, language).every((term) => !known.has(term))
}
