/** What a mail asks, apart from what it tells around the question. */
import { analyze } from "../text/analyze.ts"
import { mattersIn } from "../text/courtesy.ts"
import { fold } from "../text/fold.ts"
import { isSoft } from "../text/softWords.ts"

export interface Said {
  readonly asks: string
  /** The other sentences: they help to find, but nobody expects an article to repeat them. */
  readonly story: string
}

const requests: ReadonlyArray<string> = [
  String.raw`(?:i|we)(?:'d| would)? (?:really |just |also |still )?(?:want|need|wish|must|forgot|have forgotten|lost|can't|cannot|can not|could not|couldn't|am unable|am not able)|(?:i|we)(?:'d| would) (?:really |also |just )?(?:like|love|prefer)|i'm (?:unable|not able|trying)|please (?!find)|how (?:to|do|can|long|much)|can i|could i|may i|is it possible`,
  String.raw`(?:ich|wir) (?:mochte|mochten|will|wollen|wurde|brauche|brauchen|kann|konnte|muss|hatte gern)|(?:mochte|wurde|kann|muss) (?:ich|man)|vergessen|bitte|wie (?:kann|lange|viel)`,
  String.raw`(?:quiero|quisiera|necesito|querria|deseo|me gustaria|no puedo|he olvidado|olvide|por favor|como puedo)`,
  String.raw`je (?:veux|voudrais|souhaite|souhaiterais|ne peux|n'arrive|dois)|j'(?:aimerais|ai besoin|ai oublie)|s'il vous plait|comment`,
]
const request = new RegExp(`(?<!\\p{L})(?:${requests.join("|")})(?!\\p{L})`, "u")

const asks = (sentence: string): boolean => /[?？]/.test(sentence) || request.test(fold(sentence))

/** With fewer telling words a question points back: "When will it arrive?" */
const fewest = 2

const telling = (text: string, language: string): number =>
  new Set(analyze(text, language).filter((term) => !isSoft(term, language))).size

/** `text`: without quotes and greeting; `language`: for counting telling words only. */
export const saidIn = (text: string, language: string): Said => {
  const sentences = mattersIn(text)
  if (sentences.length === 0) return { asks: text, story: "" }
  const asking = sentences.filter(asks)
  if (telling(asking.join("\n"), language) < fewest) return { asks: sentences.join("\n"), story: "" }
  return { asks: asking.join("\n"), story: sentences.filter((one) => !asking.includes(one)).join("\n") }
}
