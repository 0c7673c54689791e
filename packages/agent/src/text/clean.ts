/** Takes off what a customer's mail carries besides the matter: quotes, greetings, signatures, addresses, numbers. */
import { fold } from "./fold.ts"

const greeting =
  /^(?:hi|hello|hey|hiya|dear|good (?:morning|afternoon|evening|day)|greetings|hallo|guten (?:tag|morgen|abend)|moin|servus|sehr geehrte[rns]?|liebe[rs]?|hola|buenos dias|buenas(?: tardes| noches)?|estimad[oa]s?|bonjour|bonsoir|salut|cher|chere|madame|ciao|salve|buongiorno|buonasera|gentile|ola|bom dia|boa tarde|boa noite|prezad[oa]s?|hoi|goedemorgen|goedemiddag|goedenavond|beste|geachte|hej|hejsan|god dag|goddag|kjaere|kaere|dzien dobry|czesc|witam|szanowni panstwo|merhaba|iyi gunler|selam|здравствуйте|добрый (?:день|вечер)|привет|добрыи день|مرحبا|السلام عليكم|שלום|こんにちは|お世話になっております|您好|你好|안녕하세요)(?![\p{L}\p{N}])/u

const signOff =
  /^(?:(?:best|kind|warm|many)? ?regards|best(?: wishes)?|cheers|sincerely|yours (?:sincerely|truly|faithfully)|thanks(?: (?:a lot|so much|in advance|again))?|many thanks|thank you(?: (?:so much|very much|in advance))?|(?:mit )?(?:freundlichen|besten|lieben|vielen|herzlichen) (?:grussen|gruessen|dank)|viele gruße|(?:viele|liebe|beste|schone) (?:grusse|gruesse)|mfg|lg|vielen dank(?: im voraus)?|danke(?: schon)?|(?:un )?(?:cordial )?saludos?(?: cordiales)?|atentamente|(?:muchas )?gracias(?: de antemano)?|(?:bien )?cordialement|bien a vous|merci(?: d'avance| beaucoup)?|cordiali saluti|distinti saluti|saluti|grazie(?: mille)?|atenciosamente|cumprimentos|obrigad[oa]|met vriendelijke groet(?:en)?|(?:vriendelijke )?groet(?:en|jes)?|bedankt|(?:med )?vanliga halsningar|mvh|(?:med )?vennlig hilsen|(?:med )?venlig hilsen|pozdrawiam|z powazaniem|saygilarimla|с уважением|спасибо|sent from my .*|von meinem .* gesendet|enviado desde mi .*|envoye de mon .*|get outlook for .*)[\s,.!]*$/u

const quotedFrom =
  /^(?:on .{5,120} wrote:|am .{5,120} schrieb.*:|el .{5,120} escribio:|le .{5,120} a ecrit ?:|il .{5,120} ha scritto:|-{2,} ?original message ?-{2,})$/u

const isSignOff = (line: string): boolean => signOff.test(fold(line.trim()))

/**
 * Only a line, or the start of a line up to its comma, is a greeting: "Hi, where is my parcel" keeps its question. Some
 * greet twice: "Hola, buenos días:".
 */
const withoutGreeting = (line: string): string => {
  const plain = line.trim()
  if (!greeting.test(fold(plain))) return line
  const comma = /^[^,!.:\n]{1,40}[,!.:]+\s*/u.exec(plain)
  if (comma !== null && comma[0].split(/\s+/).length <= 6)
    return withoutGreeting(plain.slice(comma[0].length))
  return plain.split(/\s+/).length <= 4 && !plain.includes("?") ? "" : line
}

/**
 * What the customer newly says: no quoted mail, greeting, sign-off and signature. When nothing would be left (a lone
 * "Thanks!"), the text comes back as it was, trimmed.
 */
export const matterOf = (text: string): string => {
  const lines = text.replace(/\r\n?/g, "\n").slice(0, 20_000).split("\n")
  const kept: Array<string> = []
  for (const [at, line] of lines.entries()) {
    if (/^-- ?$/.test(line) || quotedFrom.test(fold(line.trim()))) break
    if (/^\s*>/.test(line)) continue
    // After a sign-off there is a name and an address; a long rest is not a signature.
    if (
      kept.length > 0 &&
      isSignOff(line) &&
      lines
        .slice(at + 1)
        .join(" ")
        .split(/\s+/).length <= 40
    )
      break
    kept.push(kept.every((one) => one.trim() === "") ? withoutGreeting(line) : line)
  }
  const matter = kept.join("\n").trim()
  return matter === "" ? text.trim().slice(0, 20_000) : matter
}

const addresses: ReadonlyArray<RegExp> = [
  /https?:\/\/\S+|www\.\S+/gi,
  /(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g,
  /#\s?\w*\d\w*/g,
  /(?<![\p{L}\p{N}.-])(?:\+\d|\(?0\d)[\d ()/.-]{5,}\d/gu,
  /\p{Extended_Pictographic}|\uFE0F|\u200D/gu,
]
const numbers: ReadonlyArray<RegExp> = [/\b[A-Z]{1,5}[-_ ]?\d{4,}[\w-]*/g, /\+?\d[\d ()/.-]{5,}\d/g]

const without = (text: string, patterns: ReadonlyArray<RegExp>): string =>
  patterns.reduce((rest, pattern) => rest.replace(pattern, " "), text)

/** Without URLs, mail addresses, phone numbers, "#123", emoji: an article has none of them. Versions and codes stay. */
export const withoutAddresses = (text: string): string => without(text, addresses)

/** The same without codes and numbers: none of them is a word of any language. */
export const withoutNoise = (text: string): string => without(withoutAddresses(text), numbers)

/** Markdown without link targets and image addresses: they are no words of the text. */
export const plainText = (markdown: string): string =>
  markdown.replace(/!?\[([^\]]*)\]\([^)\s]*(?:\s+"[^"]*")?\)/g, "$1").replace(/https?:\/\/\S+/g, " ")
