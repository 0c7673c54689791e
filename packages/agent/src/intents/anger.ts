/** Anger that a machine should not answer: insults, threats, shouting. Plain disappointment is not anger. */
import { fold } from "../text/fold.ts"

/** Enough alone. */
const strong: ReadonlyArray<string> = [
  // English
  "fuck\\p{L}*|bullshit|shit(?:ty)?|wtf|assholes?|bastards?|piss(?:ed)? off|pissed|you (?:idiots?|morons?|thieves|crooks|liars)|(?:this|it|you|your)(?: \\p{L}+){0,3} (?:a |an )?(?:total |complete )?scam|you scammed|scammers|fraudsters|sue you|my lawyer|legal action|take you to court|consumer protection|trading standards|report you|never (?:buy|order|shop)(?:ing)? (?:from |with |at )?(?:you|here)[\\p{L} ]{0,20}again|(?:sick|fed up) (?:and tired )?(?:of|with) (?:this|you|your|waiting)|how dare you|(?:this|it|that|you) (?:is|are|'s|'re)(?: \\p{L}+){0,2} (?:unacceptable|outrageous|a disgrace|disgraceful|a joke|ridiculous|disgusting|a rip ?-?off|pathetic)|(?:absolutely|totally|completely|utterly) (?:unacceptable|ridiculous|furious|useless|disgusting|appalling|outrageous)|worst (?:company|service|support|shop|experience|customer service)|i(?:'m| am) (?:so |really |very |absolutely |beyond )*(?:furious|angry|livid|outraged|fuming)",
  // German
  "scheiss\\p{L}*|verdammt\\p{L}*|verarsch\\p{L}*|(?:ist|reiner|nur|so ein) betrug|betruger|abzocke|abzocker|frechheit|unverschamt\\p{L}*|unfassbar|saftladen|anwalt|rechtsanwalt|verbraucherzentrale|anzeige erstatten|nie wieder|(?:bin|ich bin) (?:so |sehr |wirklich |stink)*(?:wutend|sauer|stinksauer)|(?:eine )?zumutung|inakzeptabel|das ist (?:doch )?(?:nicht zu fassen|lacherlich|ein witz)|schlechteste(?:r|n)? (?:service|laden|support)",
  // Spanish
  "mierda|joder|puta|(?:es|una|pura) estafa|estafadores|verguenza|inaceptable|indignante|ladrones|denuncia(?:r|re)?|abogado|estoy (?:muy )?(?:harto|harta|furioso|furiosa|indignado|indignada|enfadado|enfadada)|peor (?:servicio|empresa|tienda)|nunca mas|es una burla",
  // French
  "merde|putain|(?:c'est|quelle|une) arnaque|arnaqueurs?|escrocs?|honteux|scandaleux|inadmissible|inacceptable|avocat|plainte|(?:je suis|suis) (?:tres |vraiment |completement )*(?:furieux|furieuse|en colere)|ras le bol|j'en ai marre|pire service|plus jamais|foutage de gueule",
  // Italian, Portuguese, Dutch
  "cazzo|merda|(?:e una|una|che) truffa|truffatori|vergogna|vergognoso|inaccettabile|ladri|avvocato|denuncio|sono (?:molto |davvero )?(?:furioso|furiosa|arrabbiato|arrabbiata)|mai piu|porra|caralho|vergonha|inaceitavel|golpistas?|palhacada|advogado|procon|estou (?:muito )?(?:furioso|furiosa|puto|revoltado|revoltada)|klote|kut|godverdomme|oplichters?|oplichting|schandalig|schande|onacceptabel|advocaat|ik ben (?:zo |echt |heel )?(?:woedend|boos|pissig)|nooit meer|belachelijk",
  // Swedish, Danish, Norwegian, Polish, Turkish
  "javla|fan ocksa|skandal|oacceptabelt|bedragare|aldrig mer|for helvede|svindlere?|uacceptabelt|uakseptabelt|forbanna|kurwa|oszusci|oszustwo|skandal|jestem wsciekl[ya]|nigdy wiecej|rezalet|dolandirici(?:lar|lik)?|sikayet edecegim|avukat\\p{L}*|kabul edilemez",
]
const strongScripts =
  /(?:мошенник\p{L}*|обман(?:щик\p{L}*|ываете)|безобразие|возмутительно|ужасный сервис|худш\p{L}+ сервис|в суд|адвокат|роспотребнадзор|достали|бесит|шахра\p{L}+|обурлив\p{L}+|نصابين|احتيال|محتالين|غير مقبول|فضيحه|اسوا خدمه|محامي|גועל|חרפה|בושה|נוכלים|לא מקובל|धोखा|बकवास|ふざけるな|詐欺|最悪|許せない|いい加減にし|骗子|垃圾|投诉|太差|忍无可忍|騙子|사기|최악|짜증|화가 ?나|แย่มาก|โกง|lua dao|penipu)/u

/** Two of these, or one with shouting. */
const weak =
  /(?<![\p{L}\p{N}])(?:terrible|horrible|awful|unacceptable|ridiculous|worst|useless|disgusting|pathetic|appalling|outrageous|disgraceful|incompetent|liars?|joke|furious|angry|hate|rubbish|garbage|schrecklich|furchtbar|katastrophe|unmoglich|lacherlich|unerhort|horrible|pesimo|terrible|fatal|nul|nulle|catastrophe|lamentable|terribile|pessimo|assurdo|pessimo|absurdo|waardeloos|verschrikkelijk|ужас\p{L}*|кошмар)(?![\p{L}\p{N}])/gu

const strongPattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${strong.join("|")})(?![\\p{L}\\p{N}])`, "u")

/** Most letters of a text of some length are capitals. Not for scripts without case. */
const shouts = (text: string): boolean => {
  const letters = text.match(/[\p{Lu}\p{Ll}]/gu) ?? []
  const capitals = text.match(/\p{Lu}/gu) ?? []
  const words = text.match(/\p{Lu}{3,}/gu) ?? []
  return letters.length >= 20 && words.length >= 4 && capitals.length / letters.length >= 0.7
}

/** Whether the turn is angry. `text`: as written, because capitals and exclamation marks count. */
export const isAngry = (text: string): boolean => {
  const folded = fold(text).slice(0, 8000)
  if (strongPattern.test(folded) || strongScripts.test(folded)) return true
  const mild = new Set(folded.match(weak) ?? []).size
  if (mild >= 2) return true
  const shouting = shouts(text)
  return (shouting && (mild > 0 || /[!?]{2,}|!/.test(text))) || (mild > 0 && /!{2,}/.test(text))
}
