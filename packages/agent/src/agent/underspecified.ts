/** Messages that say that something is the matter, but not what. */
import { analyze } from "../text/analyze.ts"
import { fold } from "../text/fold.ts"
import { stem } from "../text/stem.ts"
import { isSoft } from "../text/softWords.ts"

/** Words that name no matter alone, per language. */
const vague: Readonly<Record<string, string>> = {
  en: `order product item issue problem question error thing bike help support broken work doesnt trouble delivery account
    website app stuff inquiry enquiry request information info urgent asap assistance regarding concern purchase parcel
    package customer service something`,
  de: `bestellung produkt artikel problem frage fehler hilfe anliegen rad fahrrad konto lieferung paket kaputt defekt
    funktioniert dringend unterstutzung etwas bezuglich kauf`,
  es: `pedido producto articulo problema pregunta consulta error ayuda bicicleta cuenta envio paquete roto funciona urgente
    duda compra`,
  fr: `commande produit article probleme question erreur aide velo compte livraison colis casse fonctionne marche urgent achat`,
  it: `ordine prodotto articolo problema domanda errore aiuto bici account consegna pacco rotto funziona urgente`,
  pt: `pedido produto artigo problema pergunta duvida erro ajuda bicicleta conta entrega encomenda funciona urgente`,
  nl: `bestelling product artikel probleem vraag fout hulp fiets account levering pakket kapot werkt dringend`,
}

const stems = new Map<string, ReadonlySet<string>>()

const vagueStems = (language: string): ReadonlySet<string> => {
  let known = stems.get(language)
  if (known === undefined) {
    known = new Set((vague[language] ?? vague["en"] ?? "").split(/\s+/).map((word) => stem(word, language)))
    stems.set(language, known)
  }
  return known
}

/** With one of these the smallest matter is a question: "how long does delivery take". */
const asking =
  /(?<!\p{L})(?:how (?:long|much|many|often|far|fast|soon)|when|what (?:does|do|is|are) (?:it|the) cost|where|wie (?:lange|viel|oft|schnell)|wann|wo|was kostet|cuant[oa]s?|cuando|donde|combien|quand|ou est|quanto|quanta|quando|dove|onde|hoe (?:lang|veel|vaak|snel)|wanneer|waar)(?!\p{L})/u

const onlyVague = (text: string, language: string): boolean => {
  const terms = [...new Set(analyze(text, language))].filter((term) => !isSoft(term, language))
  const known = vagueStems(language)
  return terms.length <= 2 && terms.every((term) => known.has(term))
}

/**
 * Whether a text has at most two telling words, and both are vague. `language`: two-letter code; null (one word is often
 * too little to tell) tries all that we have words for.
 */
export const isUnderspecified = (text: string, language: string | null): boolean => {
  if (asking.test(fold(text))) return false
  return language === null
    ? Object.keys(vague).some((one) => onlyVague(text, one))
    : onlyVague(text, language)
}
