/**
 * "I want a person": recognised by phrases per language. Precise rather than complete: a word like "human" or "agent"
 * alone inside a question never counts, a wish or a command about a person does.
 */
import { matterOf } from "../text/clean.ts"
import { fold } from "../text/fold.ts"

interface Phrases {
  /** A whole wish: found anywhere. */
  readonly wish: RegExp
  /** The whole message, once politeness is taken off. */
  readonly whole: RegExp
}

const start = String.raw`(?<![\p{L}\p{N}])`
const end = String.raw`(?![\p{L}\p{N}])`
const words = (most: number) => String.raw`(?:[\s,]+[\p{L}\p{N}'-]+){0,${most}}?[\s,]+`

const anywhere = (source: string): RegExp => new RegExp(`${start}(?:${source})${end}`, "u")
const exactly = (source: string): RegExp => new RegExp(`^(?:${source})$`, "u")

/** A verb of speaking, a few words, then the person; or a verb of wanting and the person right after it. */
const spaced = (speak: string, want: string, people: string, also: string, whole: string): Phrases => ({
  wish: anywhere(
    `(?:${speak})${words(4)}(?:${people})|(?:${want})[\\s,]+(?:${people})${also === "" ? "" : `|${also}`}`,
  ),
  whole: exactly(`(?:${people})|${whole}`),
})

const enPeople = String.raw`(?:(?:a|an|the|your|some|any|another) )?(?:(?:real|live|actual|human|customer service|customer support|customer care|support|service|sales) )*(?:human(?: being)?|person|people|agent|representative|rep|operator|advisor|adviser|supervisor|manager|colleague|staff(?: member)?|team member|(?:customer |your )?support(?: team| staff)?|customer (?:service|care)|somebody|someone|human support|live chat|specialist)(?! (?:resources?|rights|relations|size|error))`
const enStrong = String.raw`(?:a |an |the )?(?:(?:real|live|actual) (?:human(?: being)?|person|people|agent|representative|rep|support|operator)|human (?:being|agent|representative|support|operator|help|assistance|advisor)|human)(?! (?:resources?|rights|relations|size|error))`

/** The list is by first letters of need: Latin script first, then the rest. Text is folded: no accents. */
const phrases: ReadonlyArray<Phrases> = [
  // English
  {
    wish: anywhere(
      String.raw`(?:(?:speak|talk|chat)(?:ing)?(?: directly)? (?:to|with)|connect(?: me| us)(?: over)? (?:to|with)|put(?: me)? (?:through to|on to|in touch with)|(?:transfer|escalate|pass|hand|forward|redirect|switch)(?: me| us| this| it)*(?: over| on)? to|get(?: hold of| me| through to)) ${enPeople}|(?:reach|contact) ${enStrong}|(?:want|need|like) to (?:reach|contact) (?:your |the )?(?:customer (?:service|support)|support(?: team)?|service team)` +
        `|(?:want|need|get me|give me|give us|request|prefer|like|demand|require)${words(2)}${enStrong}` +
        String.raw`|(?:can|could|may|would) (?:a |an |some)?(?:real |live |actual |human )?(?:(?:human|person|agent|representative)(?: please)? (?:please )?(?:help|assist|take over)|(?:human|person|people|agent|someone|somebody|representative)(?: from [\p{L} ]{2,30})?(?: please)? (?:please )?(?:call|contact|phone|ring|get back to|reach out to))(?: to)? (?:me|us|this|here)` +
        String.raw`|(?:let me|i(?:'d| would) (?:rather|prefer to)) (?:speak|talk|chat) (?:to|with) ${enPeople}` +
        String.raw`|(?:no|not|stop|enough)(?: more| with)?(?: the| a| this)? (?:bot|robot|chatbot|machine|ai)s?[\s,.!-]+(?:[\p{L}']+ ){0,4}(?:human|person|agent|real|someone)` +
        `|is there (?:a |any )(?:real |live |actual |human )+(?:person|human|agent|being)(?: there| here| available)?|(?:anyone|anybody|someone|somebody) real|call me back|talk to (?:a )?human|(?:a |an )(?:real |live |actual )?(?:human|person|agent|representative)(?: being)?,? please`,
    ),
    whole: exactly(
      String.raw`${enPeople.replace("|somebody|someone", "").replace("|people", "")}|${enStrong}|(?:live|human) (?:agent|support|help|chat)|agent agent(?: agent)*|speak to (?:someone|somebody)|customer (?:service|support)|escalate(?: this)?|handoff|hand ?over`,
    ),
  },
  // German
  spaced(
    "sprechen|reden|verbinden|verbinde|verbindet|weiterleiten|leiten|telefonieren",
    "mochte|will|brauche|wunsche|gib mir|geben sie mir|ich hatte gerne?",
    "(?:mit |zu |an |bei )?(?:(?:einem|einen|einer|ein|eine|dem|der|den|jemandem|jemanden|ihrem|eurem|ihren) )?(?:echten? |echter |richtigen? |richtiger |menschlichen? |realen? |lebenden? )*(?:menschen?|mitarbeiter(?:in|n)?|kundenberater(?:in)?|berater(?:in)?|kundenservice|kundendienst|support-?mitarbeiter|service-?mitarbeiter|ansprechpartner(?:in)?|vorgesetzten?|kollegen|sachbearbeiter|person(?! \\p{L}))",
    "(?:mit|zu) (?:einem |einer )?(?:echten |richtigen )?(?:menschen|mitarbeiter(?:in)?|berater(?:in)?) (?:sprechen|reden|verbinden|verbunden|chatten)|mit jemandem (?:sprechen|reden|telefonieren)|(?:rufen sie|ruft) (?:mich|uns) (?:bitte )?(?:an|zuruck)",
    "(?:echter |richtiger )?(?:mensch|mitarbeiter|berater|support|kundenservice)|kein bot|keinen bot",
  ),
  // Spanish
  spaced(
    "hablar|chatear|comunicarme|comunicame|contactarme|pasame|paseme|pasarme|ponme|pongame|transfiereme|transfierame|conectame|atienda",
    "quiero|quisiera|necesito|dame|deme",
    "(?:con |a |de |por |en contacto con )*(?:(?:una?|el|la|algun|alguna) )?(?:persona(?: real| humana| de verdad|l)?|humano|ser humano|agente(?: humano| real)?|asesor(?:a)?|operador(?:a)?|representante|encargad[oa]|supervisor(?:a)?|empleado|alguien(?: real| del equipo| de soporte| de atencion)?)(?! (?:de \\d|mayor|menor))",
    "que me (?:llame|atienda) (?:alguien|una persona)|atencion humana",
    "(?:con )?(?:un |una )?(?:humano|persona(?: real)?|agente|operador|asesor)(?: humano| real)?",
  ),
  // French
  spaced(
    "parler|discuter|joindre|transferez-moi|passez-moi|mettez-moi|transferer|connectez-moi",
    "veux|voudrais|souhaite|souhaiterais|aimerais|besoin",
    "(?:a |avec |en relation avec |en contact avec |d'|de )*(?:(?:une?|le|la|l'|votre|vos|quelqu') ?)?(?:vraie? |veritable )?(?:humain|etre humain|personne(?: reelle| humaine| physique)|vraie personne|conseiller(?:e)?(?: humain)?|agent(?: humain| reel)?|operateur|operatrice|representant|responsable|collaborateur|interlocuteur|quelqu'un)(?! (?:d'autre|de ma))",
    "(?:parler|discuter|echanger) (?:a|avec) (?:une |la )?(?:personne|quelqu'un)|(?:rappelez|appelez)-moi|service client humain",
    "(?:un |une )?(?:vrai |vraie )?(?:humain|conseiller|agent|operateur|personne(?: reelle| humaine)?)(?: humain)?",
  ),
  // Italian
  spaced(
    "parlare|chattare|passami|passatemi|passarmi|mettermi|mettetemi|trasferitemi|trasferiscimi|collegami",
    "vorrei|voglio|bisogno",
    "(?:con |a |al |di |in contatto con )*(?:(?:una?|un'|il|lo|l'|qualche) ?)?(?:vera |vero )?(?:persona(?: reale| vera| in carne e ossa)|essere umano|umano|operatore(?: umano)?|operatrice|agente(?: umano)?|consulente|addetto|responsabile|rappresentante|qualcuno)",
    "parlare con una persona",
    "(?:un |una )?(?:operatore|umano|persona(?: reale| vera)|agente)(?: umano)?",
  ),
  // Portuguese
  spaced(
    "falar|conversar|passe-me|transfira-me|me transfira|me transfere|me conecte|me passe|me passa",
    "quero|queria|preciso",
    "(?:com |a |ao |para |de |me |em contato com )*(?:(?:uma?|o|a|algum|alguma) )?(?:pessoa(?: real| de verdade| humana)?|humano|ser humano|atendente(?: humano)?|agente(?: humano)?|operador(?:a)?|representante|responsavel|assistente humano|alguem(?: real| da equipe| do suporte)?)(?! (?:de \\d|maior|menor))",
    "atendimento humano",
    "(?:um |uma )?(?:atendente|humano|pessoa(?: real)?|operador|agente)(?: humano)?",
  ),
  // Dutch
  spaced(
    "spreken|praten|chatten|verbind|doorverbinden|doorverbonden",
    "wil|wil graag|wens|geef me|geef mij",
    "(?:met |een |naar |aan |door )*(?:(?:een|de|uw|jullie) )?(?:echte? |menselijke )*(?:mens|persoon|medewerker|medewerkster|collega|klantenservice ?medewerker|supportmedewerker|leidinggevende|agent|iemand(?: van)?)",
    "(?:met )?(?:iemand|een mens|een medewerker|een echte? persoon|jullie) (?:te )?(?:spreken|praten|chatten)|met (?:een |de )?(?:echte? |menselijke )?(?:mens|persoon|medewerker|collega) (?:te )?(?:spreken|praten|chatten)|bel (?:mij|me) (?:terug|op)",
    "(?:een )?(?:echte? )?(?:medewerker|mens|persoon)",
  ),
  // Swedish, Danish, Norwegian
  spaced(
    "prata|tala|chatta|snacka|koppla mig|snakke|tale|chatte|sett meg|stil mig|saet mig",
    "vil ha|vil have|vill ha|onsker",
    "(?:med |mig |meg |till |til |over |videre |igennem |gerne |gjerne )*(?:(?:en|et|ett|nogen|noen|nagon) )?(?:riktig |rigtig |ekte |aegte |levende |fysisk )*(?:manniska|menneske|person|medarbetare|medarbejder|medarbeider|handlaggare|kundtjanst|kundservice|kundeservice|kundebehandler|radgiver|agent|nogen(?: fra)?|noen(?: fra)?|nagon(?: fran)?)",
    "",
    "(?:en )?(?:riktig |rigtig |ekte )?(?:manniska|menneske|person|medarbetare|medarbejder|medarbeider|kundeservice|kundtjanst)",
  ),
  // Finnish
  {
    wish: anywhere(
      "(?:haluan|haluaisin|voinko|saanko|saisinko|voisinko|tahdon)(?:[\\s,]+[\\p{L}]+){0,3}?[\\s,]+(?:ihmisen|ihmiselle|asiakaspalvelijan|henkilon|asiakaspalvelijalle)(?: kanssa)?|(?:ihmisen|asiakaspalvelijan|oikean ihmisen) kanssa|yhdista(?:kaa)? (?:minut )?(?:ihmiseen|asiakaspalvelijaan|asiakaspalveluun)",
    ),
    whole: exactly("(?:oikea )?(?:ihminen|asiakaspalvelija)|ihmiselle"),
  },
  // Polish
  spaced(
    "rozmawiac|porozmawiac|pogadac|polaczyc|polaczcie|polacz|polaczenie|przelaczyc|przelacz|przelaczcie",
    "chce|chcialbym|chcialabym|potrzebuje",
    "(?:mnie |sie |z |ze |o |do |na |polaczenie )*(?:zywym |prawdziwym |prawdziwa |zywa )*(?:czlowiekiem|czlowieka|konsultantem|konsultantka|konsultanta|pracownikiem|pracownika|osoba|osobe|agentem|agenta|doradca|doradcy|kims)",
    "",
    "(?:zywy )?(?:czlowiek|konsultant|konsultanta|pracownik)",
  ),
  // Czech, Slovak
  spaced(
    "mluvit|promluvit|hovorit|spojit|spojte|prepojit|prepojte",
    "chci|chcu|potrebuji",
    "(?:me |ma |bych |s |se |so |na |spojit |mluvit )*(?:skutecnym |zivym |realnym |nejakym )*(?:clovekem|clovekom|operatorem|operatorom|pracovnikem|pracovnikom|cloveka|operatora|osobou|nekym|poradcem)",
    "",
    "(?:zivy )?(?:clovek|operator|cloveka|operatora)",
  ),
  // Turkish
  {
    wish: anywhere(
      "(?:gercek |canli |bir )*(?:insan(?:la|a| ile)?|insanla|temsilci(?:yle|ye|si| ile|niz(?:le)?|sine)?|musteri temsilcisi(?:yle|ne| ile)?|yetkili(?:yle|ye| ile)?|kisi(?:yle| ile)|biri(?:yle|siyle| ile)|operator(?:e|le)?|canli destek)(?:[\\s,]+[\\p{L}]+){0,2}?[\\s,]+(?:gorus\\p{L}*|konus\\p{L}*|bagla\\p{L}*|istiyorum|aktar\\p{L}*|yazis\\p{L}*)|(?:beni|bizi) (?:bir )?(?:insana|temsilciye|yetkiliye|musteri temsilcisine) \\p{L}+",
    ),
    whole: exactly("(?:canli |gercek )?(?:insan|temsilci|destek|musteri temsilcisi|operator|yetkili)"),
  },
  // Romanian, Hungarian
  {
    wish: anywhere(
      "(?:vorbesc|vorbi|discut|discuta|contactez)(?:[\\s,]+[\\p{L}]+){0,3}?[\\s,]+(?:o persoana(?: reala)?|un om|un operator|un agent|un coleg|cineva|un reprezentant)|(?:beszelni|beszelhetnek|beszelnek|kapcsoljon|kapcsolja|kapcsoljanak)(?:[\\s,]+[\\p{L}]+){0,3}?[\\s,]+(?:emberrel|ugyintezovel|munkatarssal|ugyintezohoz|munkatarshoz|valakivel)|(?:emberrel|ugyintezovel|munkatarssal|valakivel)(?:[\\s,]+[\\p{L}]+){0,2}?[\\s,]+(?:beszeln\\p{L}*|beszelhet\\p{L}*|szeretn\\p{L}*)",
    ),
    whole: exactly("(?:un )?(?:operator|om|agent)(?: uman)?|ugyintezo|ember(?:rel)?"),
  },
  // Indonesian, Malay
  spaced(
    "bicara|berbicara|ngobrol|hubungkan|sambungkan",
    "ingin|mau|butuh",
    "(?:saya |dengan |ke |sama |bicara |berbicara )*(?:manusia|orang(?: asli| sungguhan)?|agen|operator|petugas|cs|customer service|staf|admin)",
    "",
    "(?:agen |orang )?(?:manusia|operator|petugas|asli)",
  ),
  // Vietnamese
  {
    wish: anywhere(
      "(?:noi chuyen|gap|ket noi|trao doi|chat|chuyen)(?:[\\s,]+[\\p{L}]+){0,3}?[\\s,]+(?:nguoi that|nhan vien|con nguoi|tu van vien|tong dai vien|nguoi ho tro)",
    ),
    whole: exactly("nhan vien(?: ho tro)?|nguoi that"),
  },
  // Russian, Ukrainian
  {
    wish: anywhere(
      "(?:поговорить|говорить|пообщаться|связаться|соедините|соединить|свяжите|переключите|переведите|позовите|дайте|хочу|нужен|можно|поговорити|розмовляти|з'єднайте|зв'яжіть|потрібен|потрібна|хотів|хотіла|покличте|переключіть)(?:[\\s,]+[\\p{L}]+){0,4}?[\\s,]+(?:человеком|человека|человек|оператором|оператора|оператору|оператор|специалистом|специалиста|менеджером|менеджера|сотрудником|сотрудника|людиною|людину|людина|живою людиною|оператору|фахівцем|фахівця|менеджеру|кем-то|кем-нибудь|кимось)",
    ),
    whole: exactly(
      "(?:позовите |живой |жива |нужен )?(?:оператор|оператора|человек|человека|людина|менеджер|менеджера|сотрудник)",
    ),
  },
  // Greek, Bulgarian
  {
    wish: anywhere(
      "(?:μιλησω|μιλησουμε|συνδεσετε|συνομιλησω|επικοινωνησω)(?:[\\s,]+[\\p{L}]+){0,3}?[\\s,]+(?:ανθρωπο|εκπροσωπο|υπαλληλο|καποιον|συμβουλο)|(?:говоря|свържете|разговарям|искам)(?:[\\s,]+[\\p{L}]+){0,4}?[\\s,]+(?:човек|оператор|служител|консултант)",
    ),
    whole: exactly("(?:ανθρωπος|εκπροσωπος|υπαλληλος)|(?:човек|служител|консултант)"),
  },
  // Arabic, Persian
  {
    wish: new RegExp(
      "(?:اتحدث|التحدث|اتكلم|التكلم|احكي|اكلم|تحويلي|حولني|توصيلي|التواصل|اتواصل|اريد|ابغي|عايز|بدي)(?:\\s+\\p{L}+){0,4}?\\s+(?:ال)?(?:شخص حقيقي|شخص|انسان|موظف|موظفا|موظفه|ممثل|ممثل خدمه|مندوب|بشري|وكيل|خدمه العملاء)(?!\\p{L})|(?:با|به)\\s+(?:یک\\s+)?(?:انسان|اپراتور|کارشناس|پشتیبان|شخص|آدم|ادم)(?:\\s+\\p{L}+){0,3}?\\s+(?:صحبت|حرف|وصل|گفتگو)\\s*\\p{L}*",
      "u",
    ),
    whole: exactly("(?:موظف|انسان|شخص حقيقي|موظف بشري|اپراتور|انسان حقيقي|خدمه العملاء)"),
  },
  // Hebrew
  {
    wish: anywhere(
      "(?:לדבר|לשוחח|להתכתב|העבירו|תעבירו|העבר|להעביר|לעבור|חברו|תחברו|צריך|צריכה|רוצה)(?:[\\s,]+\\p{L}+){0,3}?[\\s,]+(?:אותי )?(?:ל|עם |אל )?(?:בן אדם|בן-אדם|בנאדם|נציג|נציגה|נציג אנושי|אדם|אדם אמיתי|מישהו|אנושי)",
    ),
    whole: exactly("(?:נציג|נציגה|בן אדם|נציג אנושי|אנושי|מענה אנושי)"),
  },
  // Hindi, also in Latin letters
  {
    wish: new RegExp(
      "(?:इंसान|व्यक्ति|एजेंट|प्रतिनिधि|मनुष्य|आदमी|किसी)(?:\\s+[\\p{L}\\p{M}]+){0,2}?\\s+(?:से|को|के साथ)\\s+(?:[\\p{L}\\p{M}]+\\s+){0,2}?(?:बात|बातचीत|जोड़|जोड|कनेक्ट)|(?:kisi |real |asli )*(?:insaan|insan|agent|aadmi|vyakti|executive) se (?:\\p{L}+ )?(?:baat|bat)",
      "u",
    ),
    whole: exactly("(?:इंसान|एजेंट|प्रतिनिधि)"),
  },
  // Thai
  {
    wish: /(?:คุย|พูด|ติดต่อ|สนทนา|แชท|ต่อสาย|โอน)(?:สาย)?(?:กับ|ถึง|ไปหา|หา|ไปยัง|ให้)?\s*(?:คน(?:จริง|จริงๆ)?|พนักงาน|เจ้าหน้าที่|แอดมิน|มนุษย์)|ขอ(?:คุย|สาย|พบ)?(?:กับ)?(?:เจ้าหน้าที่|พนักงาน|คนจริง|แอดมิน)/u,
    whole: exactly("(?:พนักงาน|เจ้าหน้าที่|แอดมิน|คนจริง)(?:ค่ะ|ครับ|คะ)?"),
  },
  // Japanese
  {
    wish: /(?:人間|担当者|オペレーター|オペレータ|スタッフ|係の(?:人|方)|担当の(?:人|方)|有人|本物の人|人)(?:の方)?(?:と|に|へ)(?:直接|電話で)?(?:話|はな|お話|つな|繋|代わ|替わ|かわ|チャット|相談|連絡(?:を取|し)たい|対応)|(?:人間|担当者|オペレーター|スタッフ|有人)(?:を|の)(?:出し|呼ん|対応|チャット|サポート)/u,
    whole: exactly("(?:オペレーター|担当者|人間|有人対応|有人チャット)(?:を?お願いします|お願い|希望)?"),
  },
  // Chinese
  {
    wish: /(?:转|轉|接|找|要|需要|叫|换|換|联系|聯繫|连接|呼叫)(?:接|到|个|個|一个|一個|一下|下)?(?:人工|真人|活人)(?:客服|服务|服務)?|(?:和|跟|与|與|同|找|让|讓|请|請)(?:一个|一個|个|個|你们的|你們的)?(?:真人|人工|活人|客服人员|客服人員|客服|工作人员|工作人員|人类|人類|专员|專員|经理|經理)(?:来|來)?(?:说|說|谈|談|聊|对话|對話|沟通|溝通|讲|講|通话|通話|联系|聯繫|客服|帮我|幫我)/u,
    whole: exactly("(?:请?转?人工(?:客服|服务)?|真人(?:客服)?|人工客服|轉?人工(?:客服|服務)?|转客服)"),
  },
  // Korean
  {
    wish: /(?:사람|상담원|상담사|직원|담당자|매니저|실제 사람)(?:이?랑|과|와|하고|한테|에게|으로|로)?\s*(?:직접\s*)?(?:이야기|얘기|대화|통화|연결|상담|말하|바꿔|채팅)|상담원\s*(?:연결|부탁|불러)/u,
    whole: exactly("(?:상담원|상담사|사람|직원)(?: ?(?:연결|불러줘|부탁해요|부탁합니다))?(?:요)?"),
  },
]

/** Wishes that say the opposite, or ask about contacting somebody else. */
const unless =
  /(?:^|[^\p{L}])(?:without (?:having to )?(?:speak|talk|contact)|(?:do|would|don't|dont|not|never)(?: \p{L}+){0,2} (?:have|want|need|wish|like) to (?:speak|talk|chat|call|contact|be (?:put|transferred|connected))|(?:don't|dont|do not) (?:want|need) (?:a |an |any )?(?:\p{L}+ )?(?:human|agent|person|representative|someone)|no need (?:to|for)|instead of (?:a |an )?(?:\p{L}+ )?(?:human|person|agent)|ohne (?:mit )?|muss ich|(?:nicht|keinen?) (?:mit )?(?:einem )?(?:menschen|mitarbeiter)|sin (?:tener que )?hablar|no (?:quiero|necesito) hablar|(?:do|did|does) (?:you|the|your|a)(?: \p{L}+){0,3} (?:speak|talk))/u

const polite =
  /^(?:please|pls|plz|bitte|por favor|s'il (?:vous|te) plait|svp|per favore|per piacere|alsjeblieft|alstublieft|tack|takk|tak|prosze|prosim|lutfen|пожалуйста|будь ласка|من فضلك|بليز|בבקשה|请|請|ok|okay|hi|hello|hey|hallo|hola|bonjour|ciao)[\s,!.]+|[\s,]+(?:please|pls|plz|now|thanks|thank you|bitte|danke|por favor|gracias|s'il (?:vous|te) plait|svp|merci|per favore|grazie|obrigado|obrigada|alsjeblieft|alstublieft|tack|takk|tak|prosze|prosim|lutfen|пожалуйста|будь ласка|من فضلك|لو سمحت|لطفا|בבקשה|谢谢|お願いします|ください)[\s!.]*$/gu

const sentencesOf = (text: string): ReadonlyArray<string> =>
  text.split(/[.!?…。！？؟\n;]+/u).flatMap((part) => (part.trim() === "" ? [] : [part.trim()]))

const stripPolite = (text: string): string => {
  let out = text.replace(/^[\s\p{P}\p{S}]+|[\s\p{P}\p{S}]+$/gu, "")
  for (let round = 0; round < 3; round++) {
    out = out.replace(polite, "").replace(/^[\s\p{P}\p{S}]+|[\s\p{P}\p{S}]+$/gu, "")
  }
  return out.replace(/\s+/g, " ")
}

/** Whether the customer asks for a human, in any of some 25 languages. `text`: one turn, as written. */
export const asksForHuman = (text: string): boolean => {
  const folded = fold(matterOf(text)).slice(0, 4000)
  const whole = stripPolite(folded)
  if (phrases.some((language) => language.whole.test(whole))) return true
  return sentencesOf(folded).some(
    (sentence) => !unless.test(sentence) && phrases.some((language) => language.wish.test(sentence)),
  )
}
