/** Synthetic Help Center articles: the same ones in every run, with words as unevenly spread as in real texts. */
import type { Article } from "@opencx/core"

const subjects = "order parcel refund invoice account password bicycle wheel brake battery charger helmet delivery warranty voucher subscription payment card address return exchange receipt discount store workshop appointment frame saddle pedal chain light lock size colour".split(" ")
const verbs = "change cancel track return replace repair charge assemble register update delete print contact insure clean adjust order pay ship collect".split(" ")
const filler = "you can this page within days after please our team the settings open select confirm button email message number before usually also need when section below step first then finally".split(" ")

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

const makers = (random: () => number) => {
  // Squaring prefers the front of a list: some words are everywhere, most are rare.
  const pick = (words: ReadonlyArray<string>) => words[Math.floor(random() ** 2 * words.length)] ?? ""
  const rare = () => `${pick(subjects)}${Math.floor(random() * 3000)}`
  const word = () => (random() < 0.6 ? pick(filler) : random() < 0.85 ? pick(subjects) : random() < 0.8 ? pick(verbs) : rare())
  const sentence = () => `${Array.from({ length: 8 + Math.floor(random() * 10) }, word).join(" ")}.`
  const paragraph = () => Array.from({ length: 3 + Math.floor(random() * 3) }, sentence).join(" ")
  const title = () => `How to ${pick(verbs)} the ${pick(subjects)} of a ${pick(subjects)} ${rare()}`
  return { pick, paragraph, title }
}

export const articlesOf = (count: number): ReadonlyArray<Article> => {
  const { paragraph, pick, title } = makers(randomOf(7))
  return Array.from({ length: count }, (_, n) => ({
    sourceId: "bench",
    key: `${n}:en-us`,
    articleId: String(n),
    locale: "en-us",
    title: title(),
    path: ["Help", pick(subjects)],
    body: `${paragraph()}\n\n## ${title()}\n\n${paragraph()}\n\n## ${title()}\n\n${paragraph()}`,
    url: `https://help.example.com/articles/${n}`,
    visibility: "public",
    labels: [],
    updatedAt: 0,
    hash: String(n),
  }))
}

/** What customers ask: everyday words, and now and then a rare one. */
export const questionsOf = (count: number): ReadonlyArray<string> => {
  const { pick, title } = makers(randomOf(11))
  return Array.from({ length: count }, (_, n) =>
    n % 3 === 0 ? title() : `Hello, my ${pick(subjects)} does not work, how can I ${pick(verbs)} it or ${pick(verbs)} the ${pick(subjects)}?`,
  )
}
