/** Mood of a customer's lines by our own word lists. Sarcasm is beyond it; without a list for the language: neutral. */
import type { Sentiment } from "@opencx/core"
import { isAngry } from "../intents/anger.ts"
import { matterOf } from "../text/clean.ts"
import { fold } from "../text/fold.ts"

interface Lexicon {
  readonly good: RegExp
  readonly bad: RegExp
  readonly not: RegExp
}

const pattern = (list: string): RegExp => new RegExp(`^(?:${list.trim().split(/\s+/).join("|")})$`, "u")

/** `*` stands for any ending. */
const lexicon = (good: string, bad: string, not: string): Lexicon => ({
  good: pattern(good.replaceAll("*", "\\p{L}*")),
  bad: pattern(bad.replaceAll("*", "\\p{L}*")),
  not: pattern(not),
})

const lexicons: Readonly<Record<string, Lexicon>> = {
  en: lexicon(
    `amazing awesome appreciat* beautiful best brilliant charming comfortable cool delicious delight* easy enjoy* excellent
    excit* fabulous fantastic favorite favourite flawless* fun glad good gorgeous grateful great happily happy helpful
    impress* incredible kind kindly like* liked lol love* lovely loving nice nicely outstanding perfect* pleasant pleased
    pleasure proud recommend* reliable satisfied smooth* solid sturdy super superb sweet terrific thank thanks thankful
    thrilled top welcome well win wonderful worth wow yay congrat* hilarious congratulations glorious affordable agree*
    bargain blessed celebrat* compact cute elegant fast fine flexible funny generous gem ha haha* hopeful* hope hopefully
    interesting intuitive joy* laugh* lmao luck lucky neat powerful praise quick quickly relieved respect responsive robust rocks sharp
    simple simply sleek spotless stunning stylish superior surpris* sweetest treasure unbeatable versatile wish work works
    yummy better beauty best adore* adorable cheers hero heroes safe smart stoked pretty hugs intelligent inspiring`,
    `abysmal angry annoy* appalling awful bad badly boring broke broken cheap complain* complaint confus* crap crappy crazy
    cruel damage* dead defect* defective delay* depress* disappoint* disaster* disgust* dislike* dumb embarrass* evil fail*
    fake fault* faulty flaw* frustrat* furious garbage gross hate* hated horrib* horrif* hurt hurts ignore* ignored ignorant idiot*
    incompetent inferior insane insult* issue* junk kill* lame late liar* lie lied lies lost lousy mad mess miserable miss*
    nasty nightmare overpriced pain pathetic pointless poor poorly problem* racist refuse* regret ridiculous rip-off rubbish
    rude ruin* sad sadly scam* scratch* shame shit* sick slow sorry stupid suck* terrible terribly terrif* tired trash ugly
    awkward blame* bother* bug bugs bugg* cancel* cheated clumsy complicated concern* corrupt* crash* creepy crime cry crying
    cumbersome danger* death deceptive delayed denied despise* die difficult dirty disaster* disgrace* dreadful drawback*
    error errors expensive fear* flimsy fraud freez* froze frozen gripe* grim hard harsh heavy hopeless inaccurate
    inconvenien* jam jammed jammed joke killed lack lacks lacking leak* loose malfunction* mediocre mistake* moron* noisy
    odd outrage* panic ridicul* scared scary scratch* severe skip* slowly smash* steal* stole* stolen stopped struggl*
    stuck suffer* threat* toxic tragic trouble* troublesome ugh unclear uncomfortable unpleasant unresponsive unsafe
    useless vile violen* warped weak weakness wrecked wtf yuck idiotic hating dumbass insult asshole bastard bitch* gutted
    lonely miss* nervous pissed hates anxious overheat* unacceptable unable unfortunate* unhappy unhelpful unprofessional unreliable unusable upset* useless wait* waste* weak
    weird worried worse worst worthless wrong fuck* damn hell ass bullshit`,
    `not no never don't dont didn't didnt doesn't doesnt isn't isnt wasn't wasnt aren't won't wont can't cant couldn't
    wouldn't shouldn't ain't haven't hasn't hadn't aren't cannot nobody none without hardly barely neither nor nothing`,
  ),
  de: lexicon(
    `angenehm begeister* bestens danke dankbar empfehl* erfreu* erfreulich exzellent fantastisch freu* freundlich froh
    gefallt genial glucklich gut gute gutes guter hervorragend hilfreich klasse liebe lieben lob nett perfekt prima schnell
    schon schone schones spitze super toll tolle tolles vielen wunderbar wunderschon zufrieden`,
    `argerlich arger beschadigt beschwer* defekt* dreist enttausch* falsch fehler* fehlt frech* furchtbar frustr* genervt
    katastroph* kaputt* lacherlich langsam leider mangel* mies* mist nervig nerv* peinlich problem* sauer schade schaden
    schaf* schlecht* schlimm* scheiss* schrecklich* traurig unbrauchbar unfreundlich* unverschamt* unzufrieden unzumutbar
    verargert verspat* warte warten wutend zerkratzt zerrissen`,
    `nicht kein keine keinen nie niemals ohne weder nichts`,
  ),
  es: lexicon(
    `agradable agradec* amable bien buen buena bueno contento contenta encanta encantad* estupend* excelente fantastic*
    feliz genial gracias increible maravillos* mejor perfect* rapido recomiendo satisfech* super util`,
    `asco averiad* dan* decepcion* defectuos* desastre dinero engan* enfad* enojad* error fatal fatales frustr* harto harta
    horrible indignad* inutil lento mal mala malo molest* nunca peor pesim* preocupad* problema* queja* roto rota retras*
    terrible tarde triste vergonzos* verguenza falla* fallo`,
    `no nunca sin tampoco ni`,
  ),
  fr: lexicon(
    `adore agreable aime bien bon bonne bravo content contente efficace excellent* excellente formidable genial heureu*
    impeccable magnifique meilleur merci parfait* rapide ravi ravie recommande satisfait* sympa super top utile`,
    `abime* arnaque casse* cassee catastroph* colere decu* decevant* defaut* defectueu* dommage enerv* erreur* furieu*
    honte* horrible impossible inacceptable inadmissible insatisfait* lent mauvais* mecontent* nul nulle panne penible perdu
    pire probleme* ralentissement retard* scandal* terrible triste`,
    `ne n pas jamais sans aucun aucune ni`,
  ),
  it: lexicon(
    `adoro apprezzo bene bello bella bravi buono buona contento contenta eccellente fantastic* felice gentile gentilissim*
    grazie meravigli* migliore ottim* perfett* piace rapido soddisfatt* splendid* super utile veloce`,
    `arrabbiat* brutto cattiv* danneggiat* delus* deludente difett* disastro errore frustr* furios* guasto inaccettabile
    inutile lent* male mai orribile peggio peggior* pessim* problema* reclamo ritardo rott* scadente terribile triste truffa
    vergogn*`,
    `non mai senza ne nessun nessuna`,
  ),
  pt: lexicon(
    `adoro adorei agradavel amei bem bom boa contente excelente fantastic* feliz gostei incrivel maravilhos* melhor obrigad*
    otim* perfeit* rapido recomendo satisfeit* super util parabens`,
    `atras* chateado chateada danificad* decepcion* defeito defeituos* demora* erro frustr* furios* horrivel inaceitavel
    inutil lento mal mau ma pessim* pior problema* quebrad* raiva reclama* ridicul* ruim triste terrivel vergonha`,
    `nao nunca jamais sem nem nenhum nenhuma`,
  ),
  nl: lexicon(
    `bedankt blij dank fijn fijne geweldig* goed goede handig heerlijk leuk mooi perfect prachtig prettig prima snel snelle
    super tevreden top uitstekend vriendelijk`,
    `beschadigd* boos defect* ergerlijk fout* frustr* helaas irritant jammer kapot* klacht* langzaam niks ontevreden
    probleem problemen slecht* stom teleurgesteld* teleurstell* traag triest vervelend verschrikkelijk vreselijk waardeloos
    woedend`,
    `niet geen nooit zonder`,
  ),
}

const wordsOf = (text: string): ReadonlyArray<string> => fold(text).match(/[\p{L}\p{M}'-]+/gu) ?? []

/** "But": what follows is what is meant. */
const turning = /^(?:but|however|aber|jedoch|pero|mais|ma|mas|maar)$/
const beforeBut = 0.6
const afterBut = 1.4

interface Count {
  good: number
  bad: number
}

const count = (text: string, { good, bad, not }: Lexicon): Count => {
  const out = { good: 0, bad: 0 }
  const words = wordsOf(text)
  const turn = words.findLastIndex((word) => turning.test(word))
  for (const [at, word] of words.entries()) {
    const heard = turn < 0 ? 1 : at < turn ? beforeBut : afterBut
    const turned = words.slice(Math.max(0, at - 3), at).some((before) => not.test(before))
    if (bad.test(word)) {
      if (turned) out.good += 0.5 * heard
      else out.bad += heard
    } else if (good.test(word)) {
      if (turned) out.bad += heard
      else out.good += heard
    }
  }
  return out
}

const happyMarks = /[😀😃😄😁😊🙂😍🥰❤💕👍🎉🙏]|[:;]-?[)D]/gu
const sadMarks = /[😠😡🤬😤😢😭👎💩🙁☹😞]|[:;]-?[(]/gu

/**
 * Mood of some customer lines, oldest first; the last line counts double. `language`: two-letter code or null. Politeness
 * is not happiness: one "thanks" alone stays neutral only next to a complaint.
 */
export const sentimentOf = (lines: ReadonlyArray<string>, language: string | null): Sentiment => {
  if (lines.some(isAngry)) return "negative"
  const lexical = lexicons[language ?? ""]
  let good = 0
  let bad = 0
  for (const [at, line] of lines.entries()) {
    const weight = at === lines.length - 1 ? 2 : 1
    good += weight * (line.match(happyMarks)?.length ?? 0)
    bad += weight * (line.match(sadMarks)?.length ?? 0)
    if (lexical === undefined) continue
    const counted = count(matterOf(line), lexical)
    good += weight * counted.good
    bad += weight * counted.bad
  }
  if (bad > good) return "negative"
  return good > bad ? "happy" : "neutral"
}
