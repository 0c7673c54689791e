/** "That did not help": the customer says that the answer before was no use. */
import { fold } from "../text/fold.ts"

const start = String.raw`(?<![\p{L}\p{N}])`
const end = String.raw`(?![\p{L}\p{N}])`

const sayings: ReadonlyArray<string> = [
  // English
  String.raw`(?:that|this|it|your answer|the answer|which) (?:really |still )?(?:did ?n[o']t|does ?n[o']t|do ?n[o']t|did not|does not|has ?n[o']t|has not|isn't|is not|wasn't|was not|'s not|s not|not) (?:really |at all |actually |very )?(?:help(?:ful|ed|ing)?|answer(?:ed|ing)?|solve(?:d)?|fix(?:ed)?|useful|what i (?:asked|meant|wanted|need(?:ed)?)|my question|work(?:ed|ing)?)`,
  String.raw`(?:didn't|didnt|doesn't|doesnt|did not|does not) (?:help|answer|solve)(?: (?:me|my|it|that|the|at all)[\p{L} ]{0,30})?$`,
  String.raw`not (?:helpful|useful|what i (?:asked|meant|wanted))|no help(?: at all)?$|unhelpful|useless|still (?:doesn't|does not|not|doesnt|can't|cant) (?:work|working|help|solved|fixed|resolved)|(?:already|i've) (?:tried|did|done) (?:that|this|it|all of (?:that|this))|tried that(?: already)?|you (?:are|'re) not (?:helping|answering|understanding|listening)|you (?:don't|do not|didn't|did not) (?:understand|answer|get it)|wrong answer|that's wrong|same (?:problem|answer|issue|error)(?: again| still)?$|you already (?:said|told me|sent)`,
  // German
  String.raw`(?:das|es|die antwort|dies) (?:hat|hilft|war|ist|beantwortet|lost|funktioniert) (?:mir )?(?:leider |immer noch |so |uberhaupt |auch )*(?:nicht|nichts|keine hilfe|meine frage nicht)[\p{L} ]{0,30}|hilft (?:mir )?(?:leider |auch |so )*nicht(?: weiter)?|nicht (?:hilfreich|geholfen)|(?:habe ich|hab ich) (?:schon|bereits) (?:versucht|probiert|gemacht)|immer noch nicht|falsche antwort|funktioniert (?:immer noch |trotzdem )nicht`,
  // Spanish
  String.raw`(?:eso |esto )?no (?:me )?(?:ayuda|ayudo|sirve|sirvio|ha ayudado|ha servido|funciono|responde|resuelve)(?: [\p{L} ]{0,30})?$|(?:eso |esto )no (?:me )?(?:ayuda|sirve|funciona|responde)|ya (?:lo )?(?:intente|probe|he intentado|he probado)|sigue sin funcionar|no es lo que (?:pregunte|pedi)`,
  // French
  String.raw`(?:ca|cela|ceci) (?:ne |n')(?:m'|me )?(?:aide|a|marche|fonctionne|repond)[\p{L}' ]{0,20}pas|ca (?:m')?aide pas|pas (?:utile|aide)|j'ai deja essaye|(?:ca|cela) ne (?:repond|resout) pas|toujours pas`,
  // Italian, Portuguese
  String.raw`non (?:mi )?(?:aiuta|e utile|ha aiutato|e servito|risponde|funziona ancora)|ho gia provato|non (?:ajuda|ajudou)|nao (?:me )?(?:ajuda|ajudou|adiantou|resolveu|responde|serve)|ja tentei`,
  // Dutch, Scandinavian
  String.raw`(?:dat|dit|het) (?:helpt|hielp|heeft|werkt|beantwoordt)[\p{L} ]{0,20} ?niet(?: geholpen)?|al geprobeerd|(?:det|dette) (?:hjalper|hjalpte|hjelper|hjalp|fungerar|virker) (?:inte|ikke)(?: mig| meg)?|hjalpte ikke|hjalpte inte`,
  // Polish, Turkish, Russian, Ukrainian
  String.raw`(?:to )?nie (?:pomoglo|pomaga|dziala nadal)|juz probowal\p{L}*|(?:bu )?(?:yardimci olmadi|ise yaramadi|yaramadi)|(?:это )?не (?:помогло|помогает|помог|то что)|уже (?:пробовал|пробовала|пытался)|(?:це )?не (?:допомогло|допомагає)`,
]
const spaced = new RegExp(`${start}(?:${sayings.join("|")})${end}`, "u")
const unspaced =
  /(?:役に立(?:た|ちま)|解決し(?:ない|ませ|てい)|それでは(?:ない|だめ)|没(?:有)?(?:用|帮助|解决)|沒(?:有)?(?:用|幫助|解決)|不(?:是我(?:想)?问的|管用)|还是不行|도움이 (?:안|되지)|해결(?:이 )?(?:안|되지)|لم (?:يساعد|يفد|يحل|ينفع)|לא (?:עזר|עוזר)|ไม่ช่วย|khong giup|tidak membantu|मदद नहीं)/u

/** Whether a turn says that the answer before did not help. Only meaningful after an answer. */
export const saysItFailed = (text: string): boolean => {
  const folded = fold(text).slice(0, 2000)
  return unspaced.test(folded) || folded.split(/[.!?\n]+/).some((part) => spaced.test(part.trim()))
}
