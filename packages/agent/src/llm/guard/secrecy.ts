/** Talk that never belongs before a customer: our instructions, our tools, and the help desk's inside. */
import { fold } from "../../text/fold.ts"
import { toolNames } from "../tools.ts"
import { type Material, squeeze } from "./material.ts"

/** Letters in a row that nobody writes like the instructions by chance. */
const window = 40

const rot13 = (text: string): string =>
  text.replace(/[a-z]/g, (letter) => String.fromCodePoint(((letter.charCodeAt(0) - 97 + 13) % 26) + 97))

/** Whether `text` repeats a stretch of `secret`: as it is, backwards, or turned by thirteen letters. */
export const repeats = (text: string, secret: string, material: Material): boolean => {
  const said = squeeze(text)
  if (said.length < window) return false
  const hidden = squeeze(secret)
  const known = new Set<string>()
  for (let at = 0; at + window <= hidden.length; at += 1) known.add(hidden.slice(at, at + window))
  return [said, [...said].toReversed().join(""), rot13(said)].some((one) => {
    for (let at = 0; at + window <= one.length; at += 1) {
      const part = one.slice(at, at + window)
      if (known.has(part) && !material.squeezed.includes(part)) return true
    }
    return false
  })
}

const inside: ReadonlyArray<RegExp> = [
  // A list of tags or fields, set or read, and what is ours among them.
  /opencx[_ ]\w+|(?:ticket|conversation|custom|zendesk)[ -]?(?:tag|field)s?(?![\p{L}])|(?:tag|field)s? (?:of|on|to|for) (?:the|this|your) (?:ticket|conversation)|(?:tagged|untagged|retagged) (?:the|this|your) (?:ticket|conversation)/gu,
  /(?:internal|private|staff[- ]only|agents?[- ]only|confidential) (?:help ?center |knowledge ?base |support |agent )?(?:articles?|notes?|comments?|documents?|documentation|guides?|procedures?|polic(?:y|ies)|knowledge|information|instructions?|playbooks?)/gu,
  /(?:system|developer|hidden|initial|secret)[ -]?(?:prompt|message|instructions?)|my (?:instructions|prompt|guidelines|system)(?![\p{L}])|prompt injection/gu,
  /(?:intern\p{L}*|privat\p{L}*) (?:artikel|notiz\p{L}*|anweisung\p{L}*|kommentar\p{L}*|dokument\p{L}*)|ticket-?(?:feld\p{L}*|tags?)|systemanweisung\p{L}*/gu,
  /(?:nota|articulo|comentario|documento|artigo|nota|articolo|documento|commento)s? (?:intern[oaei]s?|privad[oa]s?|riservat[oaie])|(?:note|article|commentaire|document)s? (?:interne|prive|confidentiel)e?s?|(?:etiqueta|campo|etichetta|etiquette|champ)s? (?:del|de la|du|do) ticket/gu,
  /(?:interne?|prive) (?:notities|notitie|artikel\p{L}*|opmerking\p{L}*)|intern(?:a|t|e)? (?:anteckning\p{L}*|artik\p{L}*|notat\p{L}*)|(?:notatk\p{L}*|artykul\p{L}*) wewn\p{L}*|dahili (?:not|makale)\p{L}*|внутренн\p{L}* (?:стат|заметк|инструкц)\p{L}*|系统提示|内部(?:文章|备注|文档)|システムプロンプト|社内(?:記事|メモ|文書)|내부 (?:문서|메모|글)|(?:ملاحظات|مقالات|مقاله|ملاحظه) داخليه/gu,
]

/** Words about the inside that neither the found articles nor the customer's matter account for. */
export const insideTalk = (text: string, material: Material): string | null => {
  const folded = fold(text)
  const found = fold(material.found)
  const phrases = inside.flatMap((pattern) => [...folded.matchAll(pattern)].map(([one]) => one))
  const phrase = phrases.find((one) => !found.includes(one))
  if (phrase !== undefined) return phrase
  return toolNames.find((name) => /\p{Lu}/u.test(name) && text.includes(name)) ?? null
}
