/** Names in a question: a name that no article knows is a strong sign that the question belongs elsewhere. */
import { analyze } from "../text/analyze.ts"
import { isSoft } from "../text/softWords.ts"

/** German writes every noun large; scripts without case have no such sign. */
const withoutSign = new Set(["de", "lb"])

const introduced =
  /\b(?:my name is|this is|i am|i'm|me llamo|mi nombre es|soy|je m'appelle|je suis|mi chiamo|sono|meu nome e|me chamo|sou|ik ben|mijn naam is|jag heter|jeg heter|nazywam sie)\s+(?:\p{Lu}[\p{L}'-]+\s*){1,3}/giu
const inside = /(?<=[\p{Ll}\p{N}][,;:]?\s)\p{Lu}[\p{L}\p{N}'-]{2,}/gu

/** How many words are written as names inside a sentence and are in no article. `missing`: index terms. */
export const unknownNames = (text: string, missing: ReadonlyArray<string>, language: string): number => {
  if (withoutSign.has(language) || missing.length === 0) return 0
  const absent = new Set(missing)
  const names = text.replace(introduced, " ").match(inside) ?? []
  const capitals = text.match(/\p{Lu}/gu)?.length ?? 0
  // In shouted text capitals say nothing.
  if (capitals > text.length / 3) return 0
  return new Set(names.flatMap((name) => analyze(name, language)).filter((term) => absent.has(term))).size
}

const owned =
  /(?<!\p{L})(?:my|mein(?:e[nmrs]?)?|mis?|mon|ma|mes|mio|mia|meu|minha|mijn)\s+([\p{L}\p{N}'-]+(?:\s+[\p{L}\p{N}'-]+)?)/giu

/** Words that follow "my" and are in no article: "the password of my router". Somebody else's matter, mostly. */
export const unknownOwned = (text: string, missing: ReadonlyArray<string>, language: string): number => {
  if (missing.length === 0) return 0
  const absent = new Set(missing)
  const named = [...text.matchAll(owned)].flatMap(([, words]) =>
    analyze(words ?? "", language)
      .filter((term) => !isSoft(term, language))
      .slice(0, 1),
  )
  return new Set(named.filter((term) => absent.has(term))).size
}
