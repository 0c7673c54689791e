/** Synthetic Help Center articles: the same ones in every run, with words as unevenly spread as in real texts. */
import type { Article } from "@opencx/core"

const filler =
  "you can this page within days after please our team the settings open select confirm button before usually also need when section below step first then finally".split(
    " ",
  )

const vocabularySize = 6000

/** Small, fast, and the same everywhere (mulberry32). */
export const randomOf = (seed: number): (() => number) => {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const syllables = "ba ke li mo nu ra se ti vo du fa ge hi jo ku la me ni po ru sa te wi xo za cha".split(" ")

/** Pronounceable and distinct: the number written in base 26 with syllables for digits. */
const wordOf = (rank: number): string => {
  let rest = rank + 26
  let word = ""
  while (rest > 0) {
    word += syllables[rest % 26] ?? ""
    rest = Math.floor(rest / 26)
  }
  return word
}

/** Zipf: the word of rank r comes 1/r as often as the first one. Cumulated once, then searched. */
const zipfTable = (): ReadonlyArray<number> => {
  let total = 0
  return Array.from({ length: vocabularySize }, (_, rank) => (total += 1 / (rank + 1)))
}

const makers = (random: () => number) => {
  const table = zipfTable()
  const total = table.at(-1) ?? 1
  const content = (): string => {
    const wanted = random() * total
    let low = 0
    let high = table.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if ((table[middle] ?? 0) < wanted) low = middle + 1
      else high = middle
    }
    return wordOf(low)
  }
  const small = () => filler[Math.floor(random() * filler.length)] ?? ""
  const word = () => (random() < 0.5 ? small() : content())
  const sentence = () => `${Array.from({ length: 8 + Math.floor(random() * 10) }, word).join(" ")}.`
  const paragraph = () => Array.from({ length: 3 + Math.floor(random() * 3) }, sentence).join(" ")
  const title = () => `How to ${content()} the ${content()} of a ${content()}`
  return { content, paragraph, title }
}

export const articlesOf = (count: number): ReadonlyArray<Article> => {
  const { content, paragraph, title } = makers(randomOf(7))
  return Array.from({ length: count }, (_, n) => ({
    sourceId: "bench",
    key: `${n}:en-us`,
    articleId: String(n),
    locale: "en-us",
    title: title(),
    path: ["Help", content()],
    body: `${paragraph()}\n\n## ${title()}\n\n${paragraph()}\n\n## ${title()}\n\n${paragraph()}`,
    url: `https://help.example.com/articles/${n}`,
    visibility: "public",
    labels: [],
    updatedAt: 0,
    hash: String(n),
  }))
}

/** What customers ask: a title's words, or a mail's first sentence. */
export const questionsOf = (count: number): ReadonlyArray<string> => {
  const { content, title } = makers(randomOf(11))
  return Array.from({ length: count }, (_, n) =>
    n % 3 === 0
      ? title()
      : `Hello, my ${content()} does not work, how can I ${content()} it or ${content()} the ${content()}?`,
  )
}
