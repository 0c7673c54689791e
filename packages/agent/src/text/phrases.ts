/**
 * Several words that mean one of support's usual matters: "send it back" is a return. Only ways of speaking that mean the
 * same in every shop.
 */
import { fold } from "./fold.ts"

interface Phrase {
  readonly pattern: RegExp
  /** What articles call it; those that the articles have stand for the phrase. */
  readonly words: string
}

const one = (pattern: string, words: string): Phrase => ({
  pattern: new RegExp(`(?<!\\p{L})(?:${pattern})(?!\\p{L})`, "gu"),
  words,
})

const few = String.raw`(?: (?:it|them|this|that|these|one|(?:some|any|every)thing|items?|things?|(?:the|my|a|an|this|some|our)(?: [\p{L}-]+){1,3}))?`

const phrases: Readonly<Record<string, ReadonlyArray<Phrase>>> = {
  en: [
    one(
      String.raw`(?:get|got|want|have|receive|give|gave)(?: me)?(?: all)?(?: my| the)? (?:money|cash) back|money back`,
      "refund money back",
    ),
    one(String.raw`(?:send|sends|sent|sending|give|giving|bring|bringing|ship|take)${few} back`, "return"),
    one(String.raw`(?:does|do|did)(?:n't| not| nt) fit(?: me)?`, "return exchange size"),
    one(
      String.raw`(?:is|are|was|were)(?: (?:way|much|a bit|a little|far))? too (?:small|big|large|tight|loose)`,
      "exchange size",
    ),
    one(String.raw`(?:larger|smaller|bigger|other|another|different) size`, "exchange size"),
    one(
      String.raw`(?:can't|cannot|can not|could not|couldn't|unable to|not able to) (?:log|sign)[ -]?(?:in|on|into)`,
      "password login sign",
    ),
    one(String.raw`log(?:ging)?[ -]?(?:in|on|into)`, "login sign"),
    one(String.raw`changed (?:my|our) minds?`, "cancel return"),
    one(
      String.raw`(?:is|it's|are|was)?\s?(?:sold out|out of stock|not in stock|unavailable)|back in stock|(?:is|be|are) back(?: again)?|available again`,
      "stock sold out restock",
    ),
    one(
      String.raw`where(?:'s| is| are) my (?:order|parcel|package|delivery|shipment|stuff)`,
      "status tracking order parcel",
    ),
    one(String.raw`(?:what's|what is) (?:happening|going on|up) with (?:my|the) order`, "status order"),
    one(
      String.raw`(?:never|not|n't)(?: yet)? (?:arrive|arrived|received|receive|got|get here|come|came|turn(?:ed)? up|here)(?: yet)?`,
      "lost delivered tracking arrive",
    ),
    one(String.raw`(?:can(?:'t|not) find|lost|gone missing)(?= (?:my|the) (?:parcel|package))`, "lost"),
    one(
      String.raw`(?:turn|switch)(?:ing)? off (?:the |your )?(?:e?mails?|newsletters?)|too many (?:e?mails?|newsletters?)|opt[ -]out|no more (?:e?mails?|newsletters?)|stop (?:sending|getting|receiving)(?: me)?(?: your)?`,
      "unsubscribe newsletter",
    ),
    one(
      String.raw`pay(?:ing)? (?:monthly|later|in (?:parts|rates))|payment plan|month by month`,
      "instalment monthly financing",
    ),
    one(
      String.raw`match (?:the |your |their )?prices?|cheaper (?:elsewhere|somewhere|at|in|on)`,
      "price match cheaper",
    ),
    one(String.raw`(?:how much|what)(?: (?:money|credit))? is (?:still )?(?:left|on)`, "balance"),
    one(String.raw`put${few} together|set(?:ting)?${few} up`, "assemble"),
    one(
      String.raw`(?:how (?:long|fast|soon|quickly)|when)(?= (?:will|does|do|is|are|would|can|until|till|before)[\p{L}' -]{0,50} (?:deliver|deliver(?:ed|y)|arrives?|ship(?:s|ped|ping)?|get here|be here)(?!\p{L}))`,
      "delivery times",
    ),
    one(
      String.raw`(?:is not|isn't|was not|wasn't|not) (?:the (?:one|item|product|thing)|what)(?: that)? (?:i|we)(?: had|'d|'ve| have)? ordered|(?:something|anything) else (?:than|instead)|(?:different|another) (?:item|product|article) (?:than|from)`,
      "wrong item",
    ),
    one(String.raw`(?:stop|revoke|withdraw)(?: from)? (?:my|the|this|an) (?:order|purchase)`, "cancel order"),
    one(String.raw`(?:2|two)[ -](?:factor|step)|2fa`, "two step 2fa"),
    one(String.raw`(?:get|take) rid of`, "remove"),
    one(String.raw`by post|by mail`, "post"),
  ],
  de: [
    one(String.raw`geld (?:zuruck|wieder)\p{L}*|(?:zuruck|ruck)zahl\p{L}*`, "erstattung geld zuruck"),
    one(
      String.raw`(?:schicke|schick|sende|gebe|bringe)(?: \p{L}+){0,4} zuruck|zuruck(?:zu)?(?:schicken|senden|geben|bringen)|zuruckgeschickt|zuruckgesendet|zuruckgegeben`,
      "zurucksenden rucksendung",
    ),
    one(
      String.raw`pass(?:t|en)(?: \p{L}+){0,3} nicht|nicht passt|zu (?:klein|gross|eng|weit)`,
      "zurucksenden umtausch grosse",
    ),
    one(
      String.raw`wie lange dauert es,? bis|wann (?:kommt|kommen)(?= (?:mein|die|das|meine) (?:paket|bestellung|ware))`,
      "lieferzeit",
    ),
    one(String.raw`nicht (?:mehr )?(?:anmelden|einloggen)`, "passwort anmelden"),
    one(
      String.raw`nicht (?:das|der artikel|die ware|was|den artikel),? (?:was |das |den |die )?ich bestellt`,
      "falsch artikel",
    ),
    one(
      String.raw`wo (?:ist|bleibt) (?:mein|meine) (?:paket|bestellung|lieferung|sendung)`,
      "sendungsverfolgung status bestellung paket",
    ),
    one(
      String.raw`(?:hat|haben|habt)(?: \p{L}+){0,6} (?:offen|auf|geoffnet)|wann (?:hat|haben|offnet|schliesst)`,
      "offnungszeiten",
    ),
  ],
  es: [
    one(
      String.raw`cuanto (?:tarda|tardan|demora|demoran|tardara)(?: en)? (?:llegar|recibir\p{L}*)`,
      "plazo entrega envio",
    ),
    one(
      String.raw`(?:devuelv\p{L}+|devolver\p{L}*|recuper\p{L}+|recib\p{L}+)(?: \p{L}+){0,2} dinero`,
      "reembolso dinero",
    ),
    one(
      String.raw`(?:me )?queda(?:n)? (?:muy |demasiado |un poco )?(?:pequen\p{L}+|grande\p{L}*)|no me (?:queda|vale|sirve)n?(?: bien)?`,
      "devolver talla cambio",
    ),
    one(String.raw`no (?:puedo|consigo) (?:entrar|acceder|iniciar)`, "contrasena sesion"),
    one(String.raw`donde esta mi (?:pedido|paquete)`, "estado seguimiento pedido"),
  ],
  fr: [
    one(
      String.raw`combien de temps (?:prend|dure|faut-il)(?: pour)? (?:la livraison|livrer|recevoir)`,
      "delai livraison",
    ),
    one(String.raw`(?:recuperer|rendre|recevoir) (?:mon|l')\s?argent`, "remboursement"),
    one(String.raw`trop (?:petit|grand|serre)\p{L}*|ne (?:me )?va pas`, "echange taille retour"),
    one(String.raw`ou est (?:ma|mon) (?:commande|colis)`, "suivi commande colis"),
  ],
}

/**
 * The text with each phrase replaced by those of its words that `keep` lets through; a phrase of which nothing is kept
 * stays as it is. The result is folded: for terms, not for showing.
 */
export const withoutPhrases = (text: string, language: string, keep: (words: string) => string): string => {
  const known = phrases[language]
  if (known === undefined) return text
  return known.reduce((rest, { pattern, words }) => {
    const kept = keep(words)
    return kept === "" ? rest : rest.replace(pattern, ` ${kept} `)
  }, fold(text))
}
