/**
 * Words that customers use around their matter: times, moods, everyday verbs. A small Help Center seldom has them, so
 * that counting alone would take them for rare and telling. They count, but little.
 */
import { stem } from "./stem.ts"

const lists: Readonly<Record<string, string>> = {
  en: `ago already always anymore around ask away back bad best better big bit bought buy call came come completely day days
    different easy ever every exactly expect far fast find first found friend give given go goes going gone good great
    guy guys happen happened hard hope hour hours immediately instead issue keep keeps know last late later least left
    likely live long look looking lot made make mean mention minute minutes moment month months morning name never new
    next nice nothing now number often ok old one people person place please point possible problem put question
    quick quickly quite rather read ready really reason received recently right said say says see seem seems sent
    since somehow soon sort started still stuff sure take takes taking talk thing things think though three time
    today together told tomorrow tonight tried try trying two type typed understand unfortunately use used using
    usually wait waiting way week weeks went whether whole without wonder work working works world worry write
    wrote year years yesterday yet night tonight evening afternoon noon tall customer anyway currently
    simply basically actually possibly certain several couple half start stay mine i've explain everything
    help information info follow regarding concern concerning much many keep seems appear live happy unhappy glad sad
    satisfied disappointed pleased beautiful lovely love sorry afraid notice noticed realise realised realize realized
    wife husband son daughter dad father mum mom mother brother sister girlfriend boyfriend colleague boss family
    birthday wedding anniversary christmas vacation holiday holidays department rather tell wonder maybe perhaps
    exactly okay course case quite`,
  de: `abend abends anfang art bald bekommen bereits besser bestimmt brauche brauchen dauern dauert dazu drei eben einfach
    einmal endlich erst ersten finde finden frage fragen fruh gab ganz gekauft gehen gemacht genau genommen gesagt gestern
    gibt gleich gut heute hilfe hoch immer jahr jahre jemand kam kaufen kommen kommt kurz lang lange langer lassen leider
    letzte letzten machen macht mal mehr meine mochten moglich moglichkeit monat monate morgen muss neu neue neuen nie
    noch nochmal oft problem recht richtig sagen schnell schon sehen seit selbst stunde stunden tag tage tagen trotzdem tun
    uberhaupt uhr vielleicht viel wann warte warten weg weiss weiter wenig wieso wissen woche wochen wollen wollte wurden
    zeit zeigen ziemlich zwei erhalte erhalten hore horen nacht zufrieden unzufrieden traurig schade frau mann sohn tochter
    vater mutter bruder schwester freund freundin kollege familie geburtstag hochzeit weihnachten urlaub zusammen team`,
  es: `ahora ano anos antes aqui ayer bien buen bueno cosa cosas cree creo cuesta cuestan dar decir deber debo despues dia dias
    dice dijo encontrar encuentro entender esperando esperar ir hacer hago hice hoy llegar lleva llevo luego manana mes
    meses mejor mismo momento nuevo nueva nunca ocurre parece pasa pasar pasado poder problema pregunta pueden puedes
    querer quiere quisiera rapido saber semana semanas siempre sigue solo sucede tarda tardar tarde tiempo todavia tomar
    usar uso va veces ver vez voy ayuda ayudar dos tres mido recibir recibire recibo llega llegan llegara anoche contento contenta feliz mujer marido hijo hija padre madre hermano
    hermana novio novia familia cumpleanos boda navidad vacaciones`,
  fr: `ailleurs aller an annee annees ans apres arrive arriver aujourd aujourdhui besoin bien bientot chose combien comprendre
    demain demander depuis dernier derniere deux dire dit encore essaye essayer fois heure heures hier jamais jour jours
    longtemps maintenant mieux mois moment nouveau nouvelle obtenir passer pense petit possible pouvoir prend prendre
    probleme puis question quelque savoir semaine semaines souhaite temps toujours trois trouve trouver utiliser va venir
    voir vraiment aide aider aimerais`,
  it: `adesso aiuto ancora anno anni arrivare bene cosa cose dire dopo due fare fatto giorno giorni gia ieri mai meglio mese
    mesi momento nuovo nuova oggi ora ore poi possibile prendere problema prima proprio domanda sapere sempre settimana
    settimane subito tempo tre trovare usare vedere volta volte domani aiutare`,
  pt: `agora ajuda ajudar ainda ano anos antes bem chegar coisa demora depois dia dias dizer dois duas fazer hoje horas ir
    levar mes meses melhor momento novo nova nunca ontem pergunta possivel problema saber semana semanas sempre tempo
    tomar tres usar ver vez vezes amanha`,
  nl: `al altijd beter dag dagen eerst even gaan gauw gedaan gekocht gisteren goed heel hulp hoelang jaar kopen komen krijgen
    laat lang later maand maanden maken misschien moeten morgen nieuw nieuwe nooit nodig probleem snel steeds tijd twee
    uur vandaag vinden vraag vragen weken week werken weten zeggen zien`,
}

const cutUp = new Map<string, ReadonlySet<string>>()

/** How many, how old, which year; what is longer is the number of something. */
const figures = /^(?:\d{1,3}|(?:19|20)\d\d)$/

/** Whether an index term counts little in a question. `term`: as `analyze` gives it. */
export const isSoft = (term: string, language: string): boolean => {
  let known = cutUp.get(language)
  if (known === undefined) {
    known = new Set(
      (lists[language] ?? "").split(/\s+/).flatMap((word) => (word === "" ? [] : [stem(word, language)])),
    )
    cutUp.set(language, known)
  }
  return known.has(term) || figures.test(term)
}
