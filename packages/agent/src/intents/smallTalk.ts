/** Messages without a matter: greetings, thanks, goodbyes, a bare "ok". Answered without a search. */
import { fold } from "../text/fold.ts"

export type SmallTalk = "greeting" | "thanks" | "goodbye" | "acknowledgement"

const greeting =
  "hi|hello|hey|hiya|heya|hi there|hello there|hey there|good (?:morning|afternoon|evening|day)|howdy|yo|anyone there|how are you(?: doing| today)?|whats up|what's up|hallo|guten (?:tag|morgen|abend)|moin|servus|gruss gott|hola|buenos dias|buenas(?: tardes| noches)?|que tal|bonjour|bonsoir|salut|coucou|ciao|salve|buongiorno|buonasera|ola|oi|bom dia|boa tarde|boa noite|tudo bem|hoi|goedemorgen|goedemiddag|goedenavond|goedendag|hej|hejsan|god dag|goddag|hei|heisann|terve|moi|czesc|dzien dobry|witam|ahoj|dobry den|merhaba|selam|iyi gunler|привет|здравствуйте|добрый (?:день|вечер)|доброе утро|привіт|добрий день|вітаю|مرحبا|السلام عليكم|اهلا|سلام|שלום|היי|नमस्ते|नमस्कार|สวัสดี(?:ค่ะ|ครับ)?|xin chao|chao|halo|selamat (?:pagi|siang|sore|malam)|こんにちは|こんばんは|おはようございます|はじめまして|你好|您好|嗨|哈喽|안녕하세요|안녕|γεια(?: σας)?|καλημερα|buna(?: ziua)?|salutare|szia|jo napot"
const thanks =
  "thanks|thank you|thx|ty|tysm|thank u|cheers|much appreciated|appreciate it|(?:that|this|it) (?:was|is|really )*(?:very |really )?(?:helpful|helped|works?|worked)|(?:that|this|it)'s (?:very |really )?(?:helpful|great|perfect)|(?:that|this) (?:solved|answers?|answered|fixed) (?:it|my (?:question|problem|issue))|problem solved|solved|perfect|great|awesome|wonderful|excellent|super|brilliant|danke(?: schon| sehr)?|vielen dank|besten dank|herzlichen dank|dankeschon|hat geholfen|das hat geholfen|perfekt|prima|toll|gracias|muchas gracias|mil gracias|perfecto|genial|me ha servido|merci(?: beaucoup| bien)?|parfait|super merci|grazie(?: mille| tante)?|perfetto|obrigad[oa]|muito obrigad[oa]|valeu|perfeito|dank je(?: wel)?|dank u(?: wel)?|bedankt|dankjewel|tack(?: sa mycket)?|tak(?: skal du have)?|mange tak|takk|tusen takk|kiitos(?: paljon)?|dziekuje(?: bardzo)?|dzieki|dekuji|diky|tesekkurler|tesekkur ederim|cok tesekkurler|sagol(?:un)?|спасибо(?: большое)?|большое спасибо|благодарю|дякую|شكرا(?: جزيلا| لك)?|תודה(?: רבה)?|धन्यवाद|शुक्रिया|ขอบคุณ(?:ค่ะ|ครับ|มาก)?|cam on(?: ban| nhieu)?|terima kasih(?: banyak)?|makasih|ありがとう(?:ございます|ございました)?|谢谢(?:你|您)?|多谢|謝謝|감사합니다|고마워요?|고맙습니다|ευχαριστω|multumesc|mersi|koszonom|köszi"
const goodbye =
  "bye(?: bye)?|goodbye|good bye|see you|see ya|have a (?:nice|good|great) (?:day|evening|weekend|one)|good night|take care|that's all|thats all|that is all|no that's all|no more questions|nothing else|tschuss|auf wiedersehen|ciao ciao|schonen tag(?: noch)?|das war(?:'s| alles)|adios|hasta luego|chao|eso es todo|au revoir|bonne journee|c'est tout|arrivederci|buona giornata|tchau|ate logo|tot ziens|doei|fijne dag|hej da|ha det|farvel|do widzenia|gorusuruz|hosca kal|до свидания|пока|مع السلامه|להתראות|さようなら|再见|拜拜|안녕히 계세요"
const acknowledgement =
  "ok(?:ay|ey)?|k|kk|sure|alright|all right|got it|i see|understood|yes|yep|yeah|no|nope|fine|good|nice|cool|noted|right|ja|nein|alles klar|verstanden|in ordnung|passt|gut|si|no|vale|de acuerdo|entendido|bueno|oui|non|d'accord|entendu|compris|va bene|capito|sim|nao|entendi|certo|nee|prima|begrepen|oke|japp|nej|nei|tak|nie|rozumiem|tamam|anladim|evet|hayir|да|нет|понятно|хорошо|ок|نعم|لا|حسنا|תודה|כן|לא|बिल्कुल|ठीक है|はい|いいえ|わかりました|了解|了解です|好的|好|嗯|知道了|明白了|네|아니요|알겠습니다"

const kinds: ReadonlyArray<readonly [SmallTalk, string]> = [
  ["thanks", thanks],
  ["goodbye", goodbye],
  ["greeting", greeting],
  ["acknowledgement", acknowledgement],
]

const filler =
  "so much|very much|a lot|again|for (?:your|the|all your) (?:help|support|reply|answer|time|quick reply)|everyone|team|all|there|sir|madam|again|for that|fur (?:ihre|die|eure) (?:hilfe|antwort)|por (?:tu|su|la) ayuda|pour votre aide|zusammen"
const matchers = kinds.map(([kind, words]) => ({
  kind,
  pattern: new RegExp(`^(?:${words})(?: (?:${filler}))*$`, "u"),
}))

const kindOf = (part: string): SmallTalk | null =>
  matchers.find(({ pattern }) => pattern.test(part))?.kind ?? null

/**
 * The kind of small talk when a message is nothing else, else null. Thanks beats a greeting, because "hi, thanks!" ends
 * a matter. Empty text (only emoji) counts as an acknowledgement.
 */
export const smallTalkOf = (text: string): SmallTalk | null => {
  const folded = fold(text).replace(/[^\p{L}\p{M}\p{N}'\s,.!?;:\n。！？、，]/gu, " ")
  const parts = folded.split(/[,.!?;:\n。！？、，]+/u).flatMap((part) => {
    const plain = part.trim().replace(/\s+/g, " ")
    return plain === "" ? [] : [plain]
  })
  const found = parts.map(kindOf)
  if (found.some((kind) => kind === null) || parts.length > 6) return null
  return kinds.map(([kind]) => kind).find((kind) => found.includes(kind)) ?? "acknowledgement"
}
