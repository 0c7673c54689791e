/**
 * Things that people buy. An article about returns or deliveries speaks of items, not of each thing: in a question about
 * an order they are told for politeness and decide nothing.
 */
import { stem } from "./stem.ts"

const goods: Readonly<Record<string, string>> = {
  en: `item items article product products thing goods jacket coat shirt tshirt jersey sweater hoodie dress skirt trousers pants
    jeans shorts socks shoe shoes boots sneakers sandals gloves hat cap helmet scarf belt bag backpack wallet watch ring
    necklace glasses sunglasses lamp light chair table sofa bed mattress pillow blanket towel mug cup plate bottle toy book
    phone case cable charger headphones speaker camera laptop tablet keyboard mouse monitor tv tool knife pan pot
    ball racket tent pump clothes clothing pair present blue red green black white
    yellow grey gray brown pink orange purple small medium large`,
  de: `artikel produkt ware jacke mantel hemd tshirt trikot pullover kleid rock hose jeans shorts socken schuh schuhe stiefel
    handschuh handschuhe hut mutze helm schal gurtel tasche rucksack uhr ring kette brille lampe licht stuhl tisch sofa bett
    matratze kissen decke handtuch tasse teller flasche spielzeug buch handy hulle kabel kopfhorer kamera laptop messer
    pfanne topf ball zelt pumpe kleidung paar geschenk blau rot grun schwarz weiss gelb grau braun`,
  es: `articulo producto chaqueta abrigo camisa camiseta jersey vestido falda pantalon pantalones calcetines zapato zapatos
    zapatillas botas guantes sombrero gorra casco bufanda cinturon bolso mochila reloj anillo gafas lampara luz silla mesa
    cama almohada manta toalla taza plato botella juguete libro telefono funda cable auriculares camara cuchillo pelota
    bomba ropa par azul rojo roja verde negro
    negra blanco blanca amarillo gris marron`,
  fr: `article produit veste manteau chemise maillot pull robe jupe pantalon short chaussettes chaussures bottes gants chapeau
    bonnet casque echarpe ceinture sac montre bague lunettes lampe chaise table lit oreiller couverture serviette tasse
    assiette bouteille jouet livre telephone coque cable ecouteurs couteau ballon pompe vetements paire bleu rouge vert noir
    blanc jaune gris`,
}

/** What customers do with things that they ordered. */
const dealings: Readonly<Record<string, string>> = {
  en: `return refund exchange swap order ordered buy bought purchase deliver delivery delivered ship shipping arrive arrived
    parcel package box missing received receive cancel wrong damaged broken invoice stock sold size warranty send sent`,
  de: `zuruckschicken zurucksenden zuruckgeben ruckgabe retoure umtauschen umtausch erstattung bestellen bestellt bestellung
    gekauft kaufen liefern lieferung geliefert paket fehlt falsch beschadigt kaputt defekt rechnung grosse garantie
    stornieren erhalten`,
  es: `devolver devolucion reembolso cambiar cambio pedido comprar compre enviar envio paquete falta equivocado roto danado
    defectuoso factura talla garantia cancelar recibi recibido`,
  fr: `retourner renvoyer retour remboursement echanger echange commande commander acheter livraison livrer colis manque mauvais
    abime casse defectueux facture taille garantie annuler recu`,
}

const built = new Map<string, ReadonlySet<string>>()

const stems = (
  lists: Readonly<Record<string, string>>,
  kind: string,
  language: string,
): ReadonlySet<string> => {
  const key = `${kind}:${language}`
  let known = built.get(key)
  if (known === undefined) {
    known = new Set(
      (lists[language] ?? "").split(/\s+/).flatMap((word) => (word === "" ? [] : [stem(word, language)])),
    )
    built.set(key, known)
  }
  return known
}

/** Whether an index term names a thing that may be bought. */
export const isGoods = (term: string, language: string): boolean => stems(goods, "goods", language).has(term)

/** Whether a question is about something ordered. */
export const isAboutOrder = (terms: Iterable<string>, language: string): boolean => {
  const known = stems(dealings, "dealings", language)
  for (const term of terms) if (known.has(term)) return true
  return false
}

const anyThing = new Set(
  "item items article product products thing goods artikel produkt ware articulo producto produit".split(" "),
)

/** Whether a word of a title says no more than "thing": "How to return an item" is about returns. */
export const isAnyThing = (term: string): boolean => anyThing.has(term)
