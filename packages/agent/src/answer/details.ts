/** The sentences of a conversation that tell most beyond what has been quoted already. */
import { analyze } from "../text/analyze.ts"
import { sentencesIn } from "../text/courtesy.ts"
import { isSoft } from "../text/softWords.ts"

/** Order numbers, names of accounts, dates, amounts: a human needs them first. */
const identifier = /(?=\S*\d)\S{3,}/gu
const identifierWorth = 3
/** A sentence with less news than this is courtesy. */
const leastNews = 2

/** Nobody reads more than what is said in so many sentences; the newest count. */
const mostSentences = 80

interface Sentence {
  readonly at: number
  readonly text: string
  readonly words: number
  readonly news: ReadonlySet<string>
}

const newsIn = (text: string, language: string): ReadonlySet<string> =>
  new Set([
    ...analyze(text, language).filter((term) => !isSoft(term, language)),
    ...[...text.matchAll(identifier)].map(([one]) => `#${one.replace(/[.,;:!?)]+$/, "")}`),
  ])

const worthOf = (news: Iterable<string>): number => {
  let worth = 0
  for (const one of news) worth += one.startsWith("#") ? identifierWorth : 1
  return worth
}

/**
 * Sentences of `texts`, in their order, of at most `room` words together, each with something that neither `told` nor a
 * sentence before it has. `language`: two-letter code.
 */
export const detailsIn = (
  texts: ReadonlyArray<string>,
  told: ReadonlyArray<string>,
  language: string,
  room: number,
): ReadonlyArray<string> => {
  const known = new Set(told.flatMap((text) => [...newsIn(text, language)]))
  const sentences = texts.flatMap(sentencesIn).slice(-mostSentences)
  const open: Array<Sentence> = sentences.map((text, at) => ({
    at,
    text,
    words: text.split(/\s+/).length,
    news: newsIn(text, language),
  }))
  const chosen: Array<Sentence> = []
  let left = room
  while (left > 0) {
    const fitting = open
      .filter((one) => one.words <= left)
      .map((one) => ({
        one,
        worth: worthOf([...one.news].filter((news) => !known.has(news))),
      }))
      .filter(({ worth }) => worth >= leastNews)
      .sort((a, b) => b.worth / (b.one.words + 4) - a.worth / (a.one.words + 4) || a.one.at - b.one.at)
    const [best] = fitting
    if (best === undefined) break
    chosen.push(best.one)
    open.splice(open.indexOf(best.one), 1)
    left -= best.one.words
    for (const news of best.one.news) known.add(news)
  }
  return chosen.sort((a, b) => a.at - b.at).map((one) => one.text)
}
