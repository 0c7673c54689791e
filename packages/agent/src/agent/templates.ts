/** The agent's own sentences, per language. Everything else that it says comes from articles. */
import { baseLanguage } from "../text/analyze.ts"

export interface Templates {
  /** Before an answer. */
  readonly intro: string
  /** Before an answer from an article in another language than the customer's. */
  readonly introForeign: string
  /** Before the list of links. */
  readonly sources: string
  readonly seeAlso: string
  /** To a message that does not say what it is about. */
  readonly askBack: string
  readonly greeting: string
  readonly thanks: string
  readonly goodbye: string
}

const make = (
  intro: string,
  introForeign: string,
  sources: string,
  seeAlso: string,
  askBack: string,
  greeting: string,
  thanks: string,
  goodbye: string,
): Templates => ({ intro, introForeign, sources, seeAlso, askBack, greeting, thanks, goodbye })

const english = make(
  "Here is what our Help Center says:",
  "Our Help Center covers this in another language:",
  "Source",
  "See also",
  "I'd like to help. Could you tell me a bit more: what is it about, and what would you like to do?",
  "Hello! How can I help you?",
  "You're welcome! Is there anything else I can help you with?",
  "Thank you for writing to us. Have a nice day!",
)

const all: Readonly<Record<string, Templates>> = {
  en: english,
  de: make(
    "Dazu steht in unserem Hilfe-Center:",
    "Dazu gibt es in unserem Hilfe-Center einen Artikel in einer anderen Sprache:",
    "Quelle",
    "Siehe auch",
    "Ich helfe Ihnen gern. Können Sie mir etwas genauer sagen, worum es geht und was Sie tun möchten?",
    "Guten Tag! Wie kann ich Ihnen helfen?",
    "Gern geschehen! Kann ich sonst noch etwas für Sie tun?",
    "Danke für Ihre Nachricht. Einen schönen Tag noch!",
  ),
  es: make(
    "Esto dice nuestro centro de ayuda:",
    "Nuestro centro de ayuda trata este tema en otro idioma:",
    "Fuente",
    "Ver también",
    "Con gusto te ayudo. ¿Puedes contarme un poco más: de qué se trata y qué quieres hacer?",
    "¡Hola! ¿En qué puedo ayudarte?",
    "¡De nada! ¿Puedo ayudarte con algo más?",
    "Gracias por escribirnos. ¡Que tengas un buen día!",
  ),
  fr: make(
    "Voici ce que dit notre centre d'aide :",
    "Notre centre d'aide traite ce sujet dans une autre langue :",
    "Source",
    "Voir aussi",
    "Je vous aide volontiers. Pouvez-vous préciser de quoi il s'agit et ce que vous souhaitez faire ?",
    "Bonjour ! Comment puis-je vous aider ?",
    "Je vous en prie ! Puis-je vous aider pour autre chose ?",
    "Merci de nous avoir écrit. Bonne journée !",
  ),
  it: make(
    "Ecco cosa dice il nostro centro assistenza:",
    "Il nostro centro assistenza ne parla in un'altra lingua:",
    "Fonte",
    "Vedi anche",
    "Ti aiuto volentieri. Puoi dirmi qualcosa in più: di cosa si tratta e che cosa vorresti fare?",
    "Ciao! Come posso aiutarti?",
    "Prego! Posso aiutarti con altro?",
    "Grazie per averci scritto. Buona giornata!",
  ),
  pt: make(
    "Veja o que diz a nossa central de ajuda:",
    "A nossa central de ajuda trata deste assunto em outro idioma:",
    "Fonte",
    "Veja também",
    "Terei gosto em ajudar. Pode contar um pouco mais: do que se trata e o que gostaria de fazer?",
    "Olá! Como posso ajudar?",
    "De nada! Posso ajudar com mais alguma coisa?",
    "Obrigado pela mensagem. Tenha um bom dia!",
  ),
  nl: make(
    "Dit staat in ons helpcentrum:",
    "Ons helpcentrum behandelt dit in een andere taal:",
    "Bron",
    "Zie ook",
    "Ik help je graag. Kun je iets meer vertellen: waar gaat het over en wat wil je doen?",
    "Hallo! Waarmee kan ik je helpen?",
    "Graag gedaan! Kan ik nog iets voor je doen?",
    "Bedankt voor je bericht. Fijne dag!",
  ),
  sv: make(
    "Så här står det i vårt hjälpcenter:",
    "Vårt hjälpcenter tar upp detta på ett annat språk:",
    "Källa",
    "Se även",
    "Jag hjälper gärna till. Kan du berätta lite mer: vad gäller det och vad vill du göra?",
    "Hej! Hur kan jag hjälpa dig?",
    "Varsågod! Kan jag hjälpa till med något mer?",
    "Tack för ditt meddelande. Ha en bra dag!",
  ),
  da: make(
    "Det står der i vores hjælpecenter:",
    "Vores hjælpecenter beskriver dette på et andet sprog:",
    "Kilde",
    "Se også",
    "Jeg hjælper gerne. Kan du fortælle lidt mere: hvad handler det om, og hvad vil du gerne gøre?",
    "Hej! Hvordan kan jeg hjælpe?",
    "Selv tak! Kan jeg hjælpe med andet?",
    "Tak for din besked. Hav en god dag!",
  ),
  nb: make(
    "Dette står i hjelpesenteret vårt:",
    "Hjelpesenteret vårt omtaler dette på et annet språk:",
    "Kilde",
    "Se også",
    "Jeg hjelper deg gjerne. Kan du fortelle litt mer: hva gjelder det, og hva ønsker du å gjøre?",
    "Hei! Hvordan kan jeg hjelpe?",
    "Bare hyggelig! Er det noe mer jeg kan hjelpe med?",
    "Takk for meldingen. Ha en fin dag!",
  ),
  pl: make(
    "Oto informacje z naszego centrum pomocy:",
    "Nasze centrum pomocy opisuje to w innym języku:",
    "Źródło",
    "Zobacz też",
    "Chętnie pomogę. Czy możesz napisać trochę więcej: czego dotyczy sprawa i co chcesz zrobić?",
    "Dzień dobry! W czym mogę pomóc?",
    "Proszę bardzo! Czy mogę jeszcze w czymś pomóc?",
    "Dziękujemy za wiadomość. Miłego dnia!",
  ),
  tr: make(
    "Yardım merkezimizde şu bilgi var:",
    "Yardım merkezimiz bu konuyu başka bir dilde anlatıyor:",
    "Kaynak",
    "Ayrıca bakın",
    "Memnuniyetle yardımcı olurum. Konunun ne olduğunu ve ne yapmak istediğinizi biraz daha anlatır mısınız?",
    "Merhaba! Nasıl yardımcı olabilirim?",
    "Rica ederim! Başka bir konuda yardımcı olabilir miyim?",
    "Bize yazdığınız için teşekkürler. İyi günler!",
  ),
  ru: make(
    "Вот что говорится в нашем справочном центре:",
    "Наш справочный центр описывает это на другом языке:",
    "Источник",
    "См. также",
    "С радостью помогу. Расскажите, пожалуйста, подробнее: о чём речь и что вы хотите сделать?",
    "Здравствуйте! Чем могу помочь?",
    "Пожалуйста! Могу ли я помочь ещё чем-нибудь?",
    "Спасибо, что написали нам. Хорошего дня!",
  ),
  ar: make(
    "إليك ما يقوله مركز المساعدة لدينا:",
    "يتناول مركز المساعدة لدينا هذا الموضوع بلغة أخرى:",
    "المصدر",
    "انظر أيضًا",
    "يسعدني أن أساعدك. هل يمكنك توضيح الموضوع أكثر وما الذي تريد فعله؟",
    "مرحبًا! كيف يمكنني مساعدتك؟",
    "على الرحب والسعة! هل هناك شيء آخر أساعدك فيه؟",
    "شكرًا لتواصلك معنا. نتمنى لك يومًا سعيدًا!",
  ),
  ja: make(
    "ヘルプセンターでは次のようにご案内しています。",
    "ヘルプセンターに、ほかの言語での案内があります。",
    "出典",
    "関連記事",
    "お手伝いいたします。どのような件で、何をなさりたいのか、もう少し詳しく教えていただけますか。",
    "こんにちは。ご用件をお聞かせください。",
    "どういたしまして。ほかにお手伝いできることはありますか。",
    "お問い合わせありがとうございました。",
  ),
  zh: make(
    "帮助中心是这样说明的：",
    "帮助中心有其他语言的说明：",
    "来源",
    "另请参阅",
    "我很乐意帮忙。能否再说明一下是什么问题，以及您想做什么？",
    "您好！请问有什么可以帮您？",
    "不客气！还有其他可以帮您的吗？",
    "感谢您的来信，祝您愉快！",
  ),
  ko: make(
    "도움말 센터에는 다음과 같이 안내되어 있습니다.",
    "도움말 센터에 다른 언어로 된 안내가 있습니다.",
    "출처",
    "함께 보기",
    "기꺼이 도와드리겠습니다. 어떤 내용인지, 무엇을 하고 싶으신지 조금 더 알려 주시겠어요?",
    "안녕하세요! 무엇을 도와드릴까요?",
    "천만에요! 더 도와드릴 일이 있을까요?",
    "문의해 주셔서 감사합니다. 좋은 하루 보내세요!",
  ),
}

/** Sentences in the customer's language, English where there are none or the language is unknown. */
export const templatesOf = (language: string | null): Templates =>
  (language === null ? undefined : all[baseLanguage(language)]) ?? english

const asks: ReadonlySet<string> = new Set(Object.values(all).map((one) => one.askBack))

/** Whether an AI line is one of our own requests to say more; a greeting is not one. */
export const isAskBack = (text: string): boolean => asks.has(text.trim())
