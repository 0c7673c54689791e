/**
 * Fills ticket fields from what the customer wrote, without a model: options by their words, values by the words that
 * announce them. Whatever is not said plainly stays blank; a wrong value sends a ticket to the wrong people.
 */
import type { FieldRequest, FilledField, TicketFieldValue, TurnContext } from "@opencx/core"
import { asksForHuman } from "../intents/humanRequest.ts"
import { smallTalkOf } from "../intents/smallTalk.ts"
import { detectLanguage } from "../language/detect.ts"
import { analyze, baseLanguage } from "../text/analyze.ts"
import { matterOf } from "../text/clean.ts"
import { fold } from "../text/fold.ts"
import { alone, announced, cuesOf, nearest, wide, wideCuesOf } from "./cues.ts"
import { rankOptions } from "./options.ts"
import { dates, emails, identifiers, numberIn, numbers, phones } from "./spans.ts"

/** What the customer wrote, and in which language (two letters). */
interface Said {
  readonly text: string
  readonly matters: ReadonlyArray<string>
  readonly language: string
}

interface Found {
  readonly value: TicketFieldValue
  readonly confidence: number
}

/** From here on an option is chosen, when it is this far ahead of the next. Measured, see AGENTS.md. */
const chosenFrom = 0.4
const ahead = 0.05
/** Several may be true at once: each must be spoken of more plainly. */
const eachFrom = 0.5

const found = (value: TicketFieldValue | null, confidence: number): Found | null =>
  value === null ? null : { value, confidence }

const aboutOf = ({ field, instruction }: FieldRequest): string =>
  `${field.title}\n${instruction ?? field.description}`

const rankedFor = ({ field, instruction }: FieldRequest, { language, text }: Said) =>
  rankOptions(field.options, text, language, instruction ?? field.description)

const dropdown = (request: FieldRequest, said: Said): Found | null => {
  const [best, second] = rankedFor(request, said)
  if (best === undefined || best.score < chosenFrom) return null
  return best.score - (second?.score ?? 0) < ahead ? null : found(best.option.value, best.score)
}

const multiselect = (request: FieldRequest, said: Said): Found | null => {
  const chosen = rankedFor(request, said).filter(({ score }) => score >= eachFrom)
  const weakest = chosen.at(-1)
  return weakest === undefined
    ? null
    : found(
        chosen.map(({ option }) => option.value),
        weakest.score,
      )
}

const isEmail = /e-?mail/
const isPhone = /(?<!\p{L})(?:tele)?(?:phone|fon)|mobile|handy|movil/u
const isIdentifier =
  /(?<!\p{L})(?:numbers?|no|nr|id|code|reference|ref|serial|tracking|sku|nummer|kennung|numero|codigo|referencia|reference)(?!\p{L})/u
const isSummary =
  /(?<!\p{L})(?:summary|issue|problem|question|request|inquiry|matter|concern|zusammenfassung|anliegen|frage|resumen|consulta|resume|demande)(?!\p{L})/u

/** Characters of the customer's own words that stand for a summary. */
const shortWords = 160

const summary = ({ matters }: Said): Found | null => {
  const telling = matters.filter((one) => !(asksForHuman(one) && one.split(/\s+/).length <= 8))
  const flat = (telling[0] ?? "").replace(/\s+/g, " ").trim()
  if (flat === "") return null
  const letters = [...flat]
  const cut =
    letters.length <= shortWords
      ? flat
      : `${letters
          .slice(0, shortWords)
          .join("")
          .replace(/\s+\S*$/, "")}…`
  return found(cut, 0.5)
}

/** A title that names nothing ("Reference") takes the only identifier there is. */
const identifier = ({ field }: FieldRequest, said: Said): string | null => {
  const cues = cuesOf(field.title, said.language)
  const spans = identifiers(said.text)
  return cues.size === 0 ? alone(spans) : announced(spans, cues, said.text, said.language)
}

const text = (request: FieldRequest, said: Said): Found | null => {
  const title = fold(request.field.title)
  if (isEmail.test(title)) return found(alone(emails(said.text)), 0.7)
  if (isPhone.test(title)) return found(alone(phones(said.text)), 0.6)
  if (isIdentifier.test(fold(aboutOf(request)))) return found(identifier(request, said), 0.8)
  return isSummary.test(title) ? summary(said) : null
}

const number = (request: FieldRequest, said: Said, whole: boolean): Found | null => {
  const cues = cuesOf(request.field.title, said.language)
  // A number without a word that announces it may be anything.
  if (cues.size === 0) return null
  const value = nearest(numbers(said.text), cues, said.text, said.language)
  const read = value === null ? null : numberIn(value)
  return whole && read !== null && !Number.isInteger(read) ? null : found(read, 0.7)
}

const date = ({ field }: FieldRequest, said: Said): Found | null => {
  const spans = dates(said.text)
  const cues = wideCuesOf(field.title, said.language)
  // "Date" alone is any date, when there is but one.
  if (cues.size === 0) return found(alone(spans), 0.6)
  return found(nearest(spans, cues, fold(said.text), said.language, wide), 0.7)
}

/** Pieces of the customer's words that the pattern takes as a whole; letters alone prove nothing. */
const pattern = (request: FieldRequest, said: Said): Found | null => {
  const source = (request.field.pattern ?? "").replace(/\\A|^\^/g, "").replace(/\\[zZ]$|\$$/g, "")
  if (source === "") return null
  try {
    const whole = new RegExp(`^(?:${source.replace(/\\h/g, "[0-9a-fA-F]")})$`, "u")
    const words = said.text.split(/[\s,;:!?()"'<>]+/).map((word) => word.replace(/\.+$/, "").slice(0, 60))
    const fitting = new Set(words.filter((word) => /\d/.test(word) && whole.test(word)))
    const [only] = fitting
    return fitting.size === 1 && only !== undefined ? found(only, 0.8) : null
  } catch {
    return null
  }
}

const negation =
  /(?<!\p{L})(?:not|no|never|without|isn't|don't|doesn't|can't|won't|nicht|kein\p{L}*|nie|ohne|pas|jamais|sans|nunca|sin|non|mai|senza|nao|niet|geen)(?!\p{L})/u

/** Ticked when one sentence says all of its title and denies nothing; never unticked, because silence is no "no". */
const checkbox = ({ field }: FieldRequest, { language, text: words }: Said): Found | null => {
  const wanted = [...new Set(analyze(field.title, language))]
  if (wanted.length === 0) return null
  const says = words.split(/[.!?\n]+/).some((sentence) => {
    const terms = new Set(analyze(sentence, language))
    return wanted.every((term) => terms.has(term)) && !negation.test(fold(sentence))
  })
  return says ? found(true, 0.7) : null
}

const fillOne = (request: FieldRequest, said: Said): Found | null => {
  switch (request.field.kind) {
    case "dropdown":
      return dropdown(request, said)
    case "multiselect":
      return multiselect(request, said)
    case "text":
    case "textarea":
      return text(request, said)
    case "integer":
      return number(request, said, true)
    case "decimal":
      return number(request, said, false)
    case "date":
      return date(request, said)
    case "regexp":
      return pattern(request, said)
    case "checkbox":
      return checkbox(request, said)
    case "other":
      return null
  }
}

/** Nobody says more about a matter than this; in characters. */
const longest = 8000

const saidIn = ({ language, lines, subject }: TurnContext): Said => {
  const written = lines.filter((line) => line.role === "customer").map((line) => matterOf(line.text))
  const matters = written.filter((matter) => matter.trim() !== "" && smallTalkOf(matter) === null)
  // The newest words count when there are too many.
  const all = [subject ?? "", ...matters]
    .filter((part) => part.trim() !== "")
    .join("\n")
    .slice(-longest)
  return { text: all, matters, language: baseLanguage(detectLanguage(all, language) ?? "en") }
}

/** The same conversation and fields always give the same values. */
export const fillFields = (
  requests: ReadonlyArray<FieldRequest>,
  context: TurnContext,
): ReadonlyArray<FilledField> => {
  const said = saidIn(context)
  return requests.flatMap((request): ReadonlyArray<FilledField> => {
    const one = fillOne(request, said)
    return one === null ? [] : [{ id: request.field.id, ...one }]
  })
}
