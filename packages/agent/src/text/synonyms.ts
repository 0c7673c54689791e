/**
 * Words that customers use for what articles call otherwise. Only pairs that mean the same in every shop; each line is
 * one meaning. A word's synonyms count less than the word itself.
 */
import { stem } from "./stem.ts"

const groups: Readonly<Record<string, string>> = {
  en: `refund reimburse reimbursement moneyback
    return send-back
    parcel package shipment
    ship deliver send dispatch
    delivery shipping
    arrive come reach
    buy purchase order
    cancel stop terminate
    subscription plan membership
    login signin log-in sign-in
    password passcode
    invoice receipt bill
    broken defective faulty defect damaged
    fix repair
    change edit update modify
    delete remove erase close
    shop store
    cost price fee charge expensive
    pay payment
    voucher coupon code promo discount
    bike bicycle
    tyre tire
    colour color
    instalment installment financing
    warranty guarantee
    phone telephone mobile
    email mail
    stolen theft
    pick collect pickup
    declined rejected refused
    swap exchange replace
    open opening
    hours times
    transfer wire
    missing incomplete
    plane flight airline airplane
    assemble assembly build
    update upgrade
    postage shipping
    unsubscribe opt-out
    lost missing
    tracking track
    amount value sum
    dimension measurement size
    courier carrier driver
    hurt pain ache
    abroad international
    switch change
    noise sound squeak
    locked blocked
    fault error
    valid expire expiry
    appointment booking reservation
    newsletter mailing
    spam junk
    wrong incorrect mistake
    crash accident
    break broke broken
    send sent
    buy bought
    lose lost
    pay paid
    steal stolen stole theft
    forget forgot forgotten
    leave ship
    check view see
    recycle dispose
    method way option`,
  de: `erstattung geld ruckzahlung ruckerstattung
    rucksendung retoure ruckgabe zuruckschicken zurucksenden zuruckgeben
    paket sendung
    lieferung versand zustellung
    liefern versenden
    lieferzeit lieferdauer
    stornieren abbrechen widerrufen
    kundigen beenden
    rechnung quittung beleg
    kaputt defekt beschadigt
    reparieren reparatur
    andern bearbeiten
    loschen entfernen
    filiale laden geschaft
    kosten kostet preis gebuhr
    bezahlen zahlung zahlen
    gutschein rabattcode rabatt
    fahrrad rad bike
    akku batterie
    passwort kennwort
    anmelden einloggen
    umtausch umtauschen tauschen
    garantie gewahrleistung
    betrag summe
    offnungszeiten geoffnet offen
    verloren verlust
    andern wechseln
    gestohlen diebstahl
    adresse anschrift
    abmelden abbestellen
    termin buchen
    abholen abholung
    vergessen verloren
    bestellen bestellung`,
  es: `reembolso devolucion dinero
    devolver regresar
    paquete envio pedido
    entrega envio
    cancelar anular
    factura recibo
    roto defectuoso averiado
    cambiar modificar
    tienda local
    precio coste costo
    pagar pago
    cupon descuento codigo
    bici bicicleta
    talla tamano
    contrasena clave
    autonomia alcance
    horario abierto abre abren
    seguimiento rastreo
    direccion domicilio
    enviar envio
    plazo tarda tiempo
    devolver devolucion
    garantia cobertura`,
  fr: `remboursement rembourser argent
    retour retourner renvoyer
    colis paquet
    livraison expedition envoi
    annuler resilier
    facture recu
    casse defectueux
    magasin boutique
    prix cout frais
    payer paiement
    velo bicyclette`,
}

const build = (language: string, list: string): ReadonlyMap<string, ReadonlyArray<string>> => {
  const out = new Map<string, Array<string>>()
  for (const line of list.split("\n")) {
    const stems = [
      ...new Set(
        line
          .trim()
          .split(/\s+/)
          .flatMap((word) => word.split("/"))
          .map((word) => stem(word, language)),
      ),
    ]
    for (const one of stems) {
      const others = stems.filter((other) => other !== one)
      out.set(one, [...new Set([...(out.get(one) ?? []), ...others])])
    }
  }
  return out
}

const built = new Map<string, ReadonlyMap<string, ReadonlyArray<string>>>()
const empty: ReadonlyMap<string, ReadonlyArray<string>> = new Map()

/** Stems that may stand for a stem in the same language; empty when there are none. */
export const synonymsOf = (term: string, language: string): ReadonlyArray<string> => {
  const list = groups[language]
  if (list === undefined) return []
  let table = built.get(language)
  if (table === undefined) {
    table = build(language, list)
    built.set(language, table)
  }
  return (table ?? empty).get(term) ?? []
}
