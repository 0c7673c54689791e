/** What kind of answer a question waits for, and whether a passage has it. */
import { fold } from "../text/fold.ts"

export interface Cues {
  /** "How do I": steps or where to click. */
  readonly steps: boolean
  /** "How long", "when": a duration. */
  readonly duration: boolean
  /** "How much", "what does it cost": an amount of money. */
  readonly amount: boolean
}

const words = (pattern: string): RegExp => new RegExp(`(?<!\\p{L})(?:${pattern})(?!\\p{L})`, "u")

const steps = words(
  String.raw`how (?:do|can|could|should|would|may|to|must|does)|how's|where (?:do|can|could) i|(?:want|would like|'d like|need|trying|try|wish) to|can't|cannot|could not|forgot|please|wie (?:kann|muss|mache|gehe|geht|lasst|stornier\p{L}*|andere|bekomme)|wo (?:kann|finde)|(?:mochte|will|wurde)|vergessen|bitte|como|donde (?:puedo|encuentro)|quiero|quisiera|necesito|comment|ou (?:puis|trouver)|voudrais|souhaite|come (?:posso|faccio)|como (?:posso|faco)|hoe (?:kan|moet)`,
)
const duration = words(
  String.raw`how (?:long|soon|fast|many (?:days|weeks|months|years|hours))|when|wie (?:lange|schnell)|wann|cuanto (?:tarda|tiempo|se tarda)|cuando|combien de temps|quand|quanto tempo|quando|hoe (?:lang|snel)|wanneer`,
)
const amount = words(
  String.raw`how much|(?:what|which)(?:'s| is| are)? the (?:price|cost|fee|rate)s?|costs?|prices?|charges?|fees?|expensive|free|was kostet|kosten\p{L}*|wie (?:viel|teuer)|preis\p{L}*|kostenlos|cuanto (?:cuesta|vale|es)|precio|coste|gratis|combien (?:coute|ca)|prix|gratuit\p{L}*`,
)

export const cuesOf = (question: string): Cues => {
  const folded = fold(question)
  const wantsDuration = duration.test(folded)
  return { steps: !wantsDuration && steps.test(folded), duration: wantsDuration, amount: amount.test(folded) }
}

const numbered = /^\s*\d{1,3}[.)]\s/m
const path = /\S\s>\s\S|\*\*[^*]+\*\*/
const unit = String.raw`(?:minut\p{L}*|hours?|days?|weeks?|months?|years?|stunden?|tage?n?|werktage?n?|wochen?|monate?n?|jahre?n?|horas?|dias?|semanas?|mes(?:es)?|anos?|heures?|jours?|semaines?|mois|ans?|ore|giorni|settimane|mesi|dagen|uren|weken|maanden)`
const number = String.raw`(?:\d+|one|two|three|four|five|six|seven|ten|twelve|ein|eine[nmr]?|zwei|drei|vier|funf|zehn|un|una|dos|tres|cinco|diez|deux|trois|cinq|dix)`
const durations = new RegExp(
  `(?<!\\p{L})(?:${number}(?: (?:working|business|laborables|jours))?[ -]${unit}|next working day|same day)(?!\\p{L})`,
  "u",
)
const amounts =
  /[€$£¥]\s?\d|\d\s?[€$£]|(?<!\p{L})\d[\d.,]*\s?(?:euros?|eur|usd|dollars?|gbp|pounds?|chf|%)|(?<!\p{L})(?:free|kostenlos|gratis|gratuit)/u

/** 0 to 1: how much of what the question waits for a passage has. */
export const fitOf = (passage: string, cues: Cues): number => {
  const folded = fold(passage)
  let wanted = 0
  let found = 0
  if (cues.steps) {
    wanted += 1
    if (numbered.test(passage)) found += 1
    else if (path.test(passage)) found += 0.7
  }
  if (cues.duration) {
    wanted += 1
    if (durations.test(folded)) found += 1
  }
  if (cues.amount) {
    wanted += 1
    if (amounts.test(folded)) found += 1
  }
  return wanted === 0 ? 0 : found / wanted
}
