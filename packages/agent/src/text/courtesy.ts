/** Sentences of a mail that carry no matter: thanks, names below, "what can I do?", "I have a question". */
import { fold } from "./fold.ts"

const name = String.raw`(?:[\s,.!:–-]+(?:[\p{L}.'-]+\s*){0,5})?`

const closing: ReadonlyArray<string> = [
  String.raw`(?:(?:with )?(?:best|kind|warm|many|kindest)? ?(?:regards|greetings|wishes)|best|all the best|cheers|sincerely(?: yours)?|yours(?: (?:sincerely|truly|faithfully))?|(?:many )?thanks|thank you|thx|bye|have a (?:nice|good|great) (?:day|evening|weekend|week))`,
  String.raw`(?:(?:mit )?(?:freundlich|best|lieb|viel|herzlich|schon)e[nr]? (?:grussen|gruessen|grusse|gruesse|gruss|dank)|gruss|grusse|mfg|lg|vg|danke(?: schon| sehr)?(?: und (?:viele )?gruss(?:e)?)?|vielen dank|besten dank)`,
  String.raw`(?:(?:un |muchos |cordiales )?(?:cordial )?saludos?(?: cordiales)?|atentamente|(?:muchas |mil )?gracias|un abrazo)`,
  String.raw`(?:(?:bien )?cordialement|bien a vous|merci(?: beaucoup| bien| d'avance)?|salutations|bonne (?:journee|soiree))`,
  String.raw`(?:(?:cordiali |distinti )?saluti|grazie(?: mille)?|atenciosamente|cumprimentos|(?:muito )?obrigad[oa]|met vriendelijke groet(?:en)?|groet(?:en|jes)?|bedankt|dank (?:je|u)(?: wel)?|mvh|hilsen|tack|tak|takk)`,
]

/** Between the words of thanks and the name. */
const toWhom = String.raw`(?: (?:a lot|so much|very much|(?:again|already)|in advance|and (?:best|kind) (?:regards|wishes|greetings)|(?:very much )?for (?:your|the|any|all) [\p{L} ]{3,40}|im voraus|schon mal|fur (?:ihre|eure|die) [\p{L} ]{3,30}|de antemano|por (?:su|tu|la) [\p{L} ]{3,30}|pour votre [\p{L} ]{3,30}|from [\p{L}]+|aus [\p{L}]+|desde [\p{L}]+))*`

const ending = new RegExp(`^(?:${closing.join("|")})${toWhom}${name}[.!]*$`, "u")

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
    .replace(/([^\n]{48,})\n(?=[\p{Ll}\p{N}])/gu, "$1 ")
    .split(/(?<=[.!?…])\s+|(?<=[。！？])|\n+/u)
    .flatMap((part) => (part.trim() === "" ? [] : [part.trim()]))

const plainOf = (sentence: string): string =>
  fold(sentence)
    .replace(/^[\s¡¿]+|[\s.!?:;,…]+$/g, "")
    .replace(/[,;:]\s*/g, " ")

const isEnding = (sentence: string): boolean =>
  ending.test(
    fold(sentence)
      .replace(/\p{Extended_Pictographic}/gu, "")
      .trim(),
  )

/** `and thanks`, `thanks, Dana` after a comma at the end of a sentence. */
const tail = new RegExp(`[,;–-]\\s*(?:and |und |y |et )?(?:${closing.join("|")})${toWhom}${name}[.!]*$`, "u")

/** Takes `, thanks Dana` off. Folding may change the length of a word, so the cut is found by its count of words. */
const withoutTail = (sentence: string): string => {
  const folded = fold(sentence)
  const found = tail.exec(folded)
  if (found === null || found.index === 0) return sentence
  const words = folded.slice(0, found.index).trim().split(/\s+/).length
  return sentence.trim().split(/\s+/).slice(0, words).join(" ")
}

/** The sentences that are neither courtesy nor a name below; empty when nothing else was written. */
export const mattersIn = (text: string): ReadonlyArray<string> => {
  const sentences = [...sentencesIn(text)]
  while (sentences.length > 1) {
    const last = sentences.at(-1) ?? ""
    const before = sentences.at(-2) ?? ""
    const closes = isEnding(last) || (bareName.test(last) && (/[.!?,]$/.test(before) || isEnding(before)))
    if (!closes) break
    sentences.pop()
  }
  return sentences
    .filter((sentence) => !isEnding(sentence) && !filler.test(plainOf(sentence)))
    .map(withoutTail)
}
