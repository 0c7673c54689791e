/** Puts questions that are nearly the same together, in whatever language and script. Pure, and bounded. */
import type { UnansweredQuestion } from "@opencx/core"
import { anonymous } from "./anonymous.ts"
import type { QuestionGroup } from "./Report.ts"

/** Share of grams in common, by Dice: one word of ten may differ. */
const nearEnough = 0.72

/** Only the beginning of a long text is read, compared and shown. */
const longest = { read: 1_000, compared: 300, shown: 280 }

const sessionsShown = 5

/** Letters and digits alone, so that punctuation, case, accents and width do not tell questions apart. */
const plain = (text: string): string =>
  text
    .slice(0, longest.compared)
    .toWellFormed()
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{M}/gu, "")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim()

/** Two letters for scripts that write a word in one or two signs, three for all others. */
const sizeFor = (text: string): number =>
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u.test(text) ? 2 : 3

const gramsOf = (text: string): ReadonlySet<string> => {
  const size = sizeFor(text)
  const signs = [...` ${text} `]
  const grams = new Set<string>()
  for (let i = 0; i + size <= signs.length; i++) grams.add(signs.slice(i, i + size).join(""))
  return grams
}

interface Group {
  readonly grams: ReadonlySet<string>
  readonly text: string
  readonly questions: Array<UnansweredQuestion>
}

const likeness = (a: ReadonlySet<string>, b: ReadonlySet<string>): number => {
  const [few, many] = a.size < b.size ? [a, b] : [b, a]
  // Sets of so different sizes cannot be near, however much they share.
  if ((2 * few.size) / (few.size + many.size || 1) < nearEnough) return 0
  let common = 0
  for (const gram of few) if (many.has(gram)) common += 1
  return (2 * common) / (few.size + many.size)
}

const nearest = (groups: ReadonlyArray<Group>, text: string, grams: ReadonlySet<string>): Group | null => {
  let best: Group | null = null
  let bestLikeness = nearEnough
  for (const group of groups) {
    if (group.text === text) return group
    const found = likeness(group.grams, grams)
    if (found >= bestLikeness) [best, bestLikeness] = [group, found]
  }
  return best
}

const distinct = (values: ReadonlyArray<string>): ReadonlyArray<string> => [...new Set(values)].sort()

/** A long text ends with a whole word: half an address would not be known for one. */
const beginning = (text: string): string =>
  text.length <= longest.read ? text : text.slice(0, longest.read).replace(/\S+$/, "")

const cut = (text: string): string =>
  text.length <= longest.shown ? text.toWellFormed() : `${text.slice(0, longest.shown).toWellFormed()}…`

const shown = ({ questions }: Group): QuestionGroup => {
  const newest = questions.toSorted((a, b) => b.at - a.at)
  return {
    question: cut(anonymous(beginning(newest[0]?.text ?? ""))),
    count: questions.length,
    channels: distinct(questions.map(({ channel }) => channel)),
    languages: distinct(questions.flatMap(({ language }) => language ?? [])),
    lastAt: newest[0]?.at ?? 0,
    sessions: [...new Set(newest.map(({ sessionId }) => sessionId))].slice(0, sessionsShown),
  }
}

/** The groups with most questions first, at most `top`; of equals the newest. Questions without a word are left out. */
export const groupQuestions = (
  questions: ReadonlyArray<UnansweredQuestion>,
  top: number,
): ReadonlyArray<QuestionGroup> => {
  const groups: Array<Group> = []
  for (const question of questions) {
    const text = plain(anonymous(beginning(question.text)))
    if (text === "") continue
    const grams = gramsOf(text)
    const group = nearest(groups, text, grams)
    if (group === null) groups.push({ grams, text, questions: [question] })
    else group.questions.push(question)
  }
  return groups
    .map(shown)
    .sort((a, b) => b.count - a.count || b.lastAt - a.lastAt)
    .slice(0, top)
}
