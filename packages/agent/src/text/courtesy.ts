/** Sentences of a mail that carry no matter: thanks, names below, "what can I do?", "I have a question". */
import { fold } from "./fold.ts"

const closing: ReadonlyArray<string> = [
  String.raw`(?:(?:with )?(?:best|kind|warm|many|kindest)? ?(?:regards|greetings|wishes)|best|all the best|cheers|sincerely(?: yours)?|yours(?: (?:sincerely|truly|faithfully))?|(?:many )?thanks|thank you|thx|bye|have a (?:nice|good|great) (?:day|evening|weekend|week))`,
  String.raw`(?:(?:mit )?(?:freundlich|best|lieb|viel|herzlich|schon)e[nr]? (?:grussen|gruessen|grusse|gruesse|gruss|dank)|gruss|grusse|mfg|lg|vg|danke(?: schon| sehr)?(?: und (?:viele )?gruss(?:e)?)?|vielen dank|besten dank)`,
  String.raw`(?:(?:un |muchos |cordiales )?(?:cordial )?saludos?(?: cordiales)?|atentamente|(?:muchas |mil )?gracias|un abrazo)`,
  String.raw`(?:(?:bien )?cordialement|bien a vous|merci(?: beaucoup| bien| d'avance)?|salutations|bonne (?:journee|soiree))`,
  String.raw`(?:(?:cordiali |distinti )?saluti|grazie(?: mille)?|atenciosamente|cumprimentos|(?:muito )?obrigad[oa]|met vriendelijke groet(?:en)?|groet(?:en|jes)?|bedankt|dank (?:je|u)(?: wel)?|mvh|hilsen|tack|tak|takk)`,
]

/** Between the words of thanks and the name. */
const toWhom = String.raw`(?: (?:a lot|so much|very much|(?:again|already)|in advance|and (?:best|kind) (?:regards|wishes|greetings)|(?:very much )?for (?:your|the|any|all) [\p{L} ]{3,40}|im voraus|und (?:viele |liebe |beste |schone )?gr(?:u|ue)(?:ss|sse)|schon mal|fur (?:ihre|eure|die) [\p{L} ]{3,30}|de antemano|por (?:su|tu|la) [\p{L} ]{3,30}|pour votre [\p{L} ]{3,30}|from [\p{L}]+|aus [\p{L}]+|desde [\p{L}]+))*`

const ending = new RegExp(`^(?:${closing.join("|")})${toWhom}(?![\\p{L}\\p{N}])`, "u")
/** The same after a comma: "What can I do, thanks Dana". */
const tail = new RegExp(
  `[,;–-]\\s*(?:and |und |y |et )?(?:${closing.join("|")})${toWhom}(?![\\p{L}\\p{N}])`,
  "gu",
)

const link = /^(?:von|van|der|de|del|la|and|und|y|e|et|the|team|aus|from|desde)$/i

const wordsOf = (text: string): ReadonlyArray<string> =>
  text.split(/[\s,]+/).filter((word) => /[\p{L}\p{N}]/u.test(word))

/** What may follow thanks: nothing, a name of some words, or after a comma one or two words in small letters. */
const isName = (rest: string): boolean => {
  if (/[?？]/.test(rest)) return false
  const words = wordsOf(rest)
  if (words.length > 6) return false
  if (words.every((word) => /^[^\p{Ll}]/u.test(word) || link.test(word))) return true
  return /^\s*[,.!\n–-]/.test(rest) && words.length <= 1
}

const fillers: ReadonlyArray<string> = [
  // English
  String.raw`(?:i )?hope (?:you|this|all|everything|that you)\b.*|how are you.*|(?:i am |i'm )?looking forward to .*|(?:please )?let me know(?: (?:please|soon|asap|as soon as possible|what (?:to do|i (?:can|should) do)))?|any (?:ideas?|help|advice)(?: (?:is|would be) (?:very |much |greatly )?appreciated)?|(?:please |kindly )(?:help|advise|assist|reply)(?: me| us)?(?: please| with (?:this|that|it)| as soon as possible)?|(?:can|could|would|will) (?:you|someone|anyone) (?:please |kindly )?(?:help|assist|advise)(?: me| us)?(?: out)?(?: please| here| with (?:this|that|it))*|what (?:should|can|shall|must|do|am) i (?:need to |have to |got to |supposed to )?do(?: now| here| next| about (?:it|this|that))?|what (?:now|next|to do(?: now)?|happens (?:now|next))|how (?:does|do|can|should|would) (?:(?:that|this|it) work|i (?:do|go about) (?:that|this|it))(?: exactly)?|is (?:that|this|it) (?:still )?possible|why(?: is that)?|(?:i(?:'ve| have)?|just|a|one)(?: got| had)?(?: just)?(?: a| an| one)? ?(?:quick |short |small |little |brief |general )*(?:question|inquiry|enquiry|request|problem)(?: for you)?|i need (?:your |some )?help(?: please)?|sorry (?:to|for) (?:bother|disturb)\w*.*|great (?:shop|store|service)|keep up the good work|(?:one|another) (?:more |quick )*question`,
  // German
  String.raw`(?:ich )?hoffe .*|(?:ich freue mich|freue mich|uber) (?:auf|uber) .*|(?:konnen|konnten|kannst|konntest) (?:sie|du|ihr) mir (?:bitte |dabei |da |hier )*(?:weiter)?helfen|was (?:kann|soll|muss|konnte) ich (?:jetzt |nun |da |hier )*(?:tun|machen)|was (?:jetzt|nun|tun)|wie (?:geht|funktioniert) das(?: genau)?|wie (?:mache|gehe) ich das|ist das (?:noch )?moglich|(?:ich )?(?:habe|hatte|hab) (?:da |mal |noch )*(?:eine?|ne) (?:kurze |kleine )?(?:frage|problem|anliegen)|bitte (?:um )?(?:hilfe|helfen sie mir)|um (?:ruckmeldung|antwort) (?:wird gebeten|ware ich dankbar)`,
  // Spanish
  String.raw`espero .*|(?:me )?(?:pueden|puede|podeis|puedes|podrian|podria) ayudar(?:me)?|(?:que|como) (?:puedo|debo|tengo que|lo) (?:hacer|hago)(?: ahora)?|como (?:lo hago|funciona|se hace)|es posible|tengo una (?:pregunta|duda|consulta)|quedo a la espera.*|(?:ayuda|ayudenme) por favor`,
  // French
  String.raw`j'espere .*|(?:pouvez|pourriez)[- ]vous m'aider.*|que (?:dois|puis|faut)[- ](?:je|il) faire|comment (?:faire|ca marche)|j'ai une (?:petite )?question|est-ce possible|dans l'attente .*`,
]
const filler = new RegExp(`^(?:(?:and|so|but|und|also|y|et) )?(?:${fillers.join("|")})$`, "u")

const bareName = /^(?:(?:\p{Lu}[\p{L}'’-]*\.?)\s*){1,3}$/u

/**
 * Sentences as written. Plain mails break lines at some 70 characters: such a break ends no sentence, the end of a
 * shorter line does.
 */
export const sentencesIn = (text: string): ReadonlyArray<string> =>
  text
    .replace(/(?<=[^\n]{48})\n(?=[\p{Ll}\p{N}])/gu, " ")
    .split(/(?<=[.!?…])\s+|(?<=[。！？])|\n+/u)
    .flatMap((part) => (part.trim() === "" ? [] : [part.trim()]))

const plainOf = (sentence: string): string =>
  fold(sentence)
    .replace(/^[\s¡¿]+|[\s.!?:;,…]+$/g, "")
    .replace(/[,;:]\s*/g, " ")

/** The part of `text` after so many words: folding may change the length of a word, but not how many there are. */
const afterWords = (text: string, folded: string): string => {
  const count = wordsOf(folded).length
  const words = [...text.matchAll(/[^\s,]*[\p{L}\p{N}][^\s,.!?:;]*/gu)]
  const last = words[count - 1]
  return last === undefined ? "" : text.slice(last.index + last[0].length)
}

/** Longer than this, in characters, are neither thanks nor a name; foreign text must not cost time. */
const longestCourtesy = 160

const isEnding = (sentence: string): boolean => {
  if (sentence.length > longestCourtesy) return false
  const plain = sentence.replace(/\p{Extended_Pictographic}/gu, "").trim()
  const found = ending.exec(fold(plain))
  return found !== null && isName(afterWords(plain, found[0]))
}

const withoutTail = (whole: string): string => {
  const from = Math.max(0, whole.length - longestCourtesy)
  const sentence = whole.slice(from)
  const folded = fold(sentence)
  for (const found of folded.matchAll(tail)) {
    const before = folded.slice(0, found.index)
    const count = wordsOf(before).length
    if (count === 0 || !isName(afterWords(sentence, before + found[0]))) continue
    const rest = afterWords(sentence, before)
    return whole.slice(0, whole.length - rest.length)
  }
  return whole
}

const isFiller = (sentence: string): boolean =>
  sentence.length <= longestCourtesy && filler.test(plainOf(sentence))

/** Nobody needs more to say what the matter is. In characters. */
const longestText = 6000

/** The sentences that are neither courtesy nor a name below; empty when nothing else was written. */
export const mattersIn = (text: string): ReadonlyArray<string> => {
  const sentences = [...sentencesIn(text.slice(0, longestText))]
  while (sentences.length > 1) {
    const last = sentences.at(-1) ?? ""
    const before = sentences.at(-2) ?? ""
    const closes =
      isEnding(last) ||
      (last.length <= longestCourtesy &&
        bareName.test(last) &&
        (/[.!?,]$/.test(before) || isEnding(before) || isFiller(before)))
    if (!closes) break
    sentences.pop()
  }
  return sentences.filter((sentence) => !isEnding(sentence) && !isFiller(sentence)).map(withoutTail)
}
