/** Built-in sentences to the customer, and the choice of one by language. */
import { CustomerText } from "../domain/Surface.ts"
import type { OrganizationSettings, Texts } from "./OrganizationSettings.ts"

const builtIn = {
  en: {
    handoffConfirmed: "I have passed your message to a colleague, who will answer you here.",
    handoffFailed:
      "I wanted to pass your message to a colleague, but that did not work just now. We have noted it and will look into it. You can also simply write again.",
    noHuman:
      "Our colleagues have not got to your message yet. It is not forgotten: they will answer you here.",
    outsideOfficeHours:
      "Our colleagues are out of the office just now. I have passed your message to them, and they will answer you here from {opens}.",
  },
  de: {
    handoffConfirmed:
      "Ich habe Ihre Nachricht an eine Kollegin oder einen Kollegen weitergegeben. Die Antwort kommt hierher.",
    handoffFailed:
      "Ich wollte Ihre Nachricht weitergeben, aber das hat gerade nicht geklappt. Wir haben es notiert und kümmern uns darum. Sie können auch einfach noch einmal schreiben.",
    noHuman:
      "Unser Team ist noch nicht zu Ihrer Nachricht gekommen. Sie ist nicht vergessen, die Antwort kommt hierher.",
    outsideOfficeHours:
      "Unser Team ist gerade nicht im Büro. Ich habe Ihre Nachricht weitergegeben; ab {opens} bekommen Sie hier eine Antwort.",
  },
  es: {
    handoffConfirmed: "He pasado tu mensaje a una persona del equipo, que te responderá por aquí.",
    handoffFailed:
      "Quería pasar tu mensaje a una persona del equipo, pero ahora mismo no ha sido posible. Lo hemos anotado y lo revisaremos. También puedes volver a escribirnos.",
    noHuman: "El equipo todavía no ha podido ver tu mensaje. No está olvidado: te responderán por aquí.",
    outsideOfficeHours:
      "Nuestro equipo está fuera de la oficina en este momento. He pasado tu mensaje y te responderán por aquí a partir de: {opens}.",
  },
  fr: {
    handoffConfirmed: "J'ai transmis votre message à un collègue, qui vous répondra ici.",
    handoffFailed:
      "Je voulais transmettre votre message à un collègue, mais cela n'a pas fonctionné. Nous l'avons noté et allons nous en occuper. Vous pouvez aussi nous écrire de nouveau.",
    noHuman:
      "Notre équipe n'a pas encore pu traiter votre message. Il n'est pas oublié : la réponse arrivera ici.",
    outsideOfficeHours:
      "Notre équipe n'est pas au bureau en ce moment. J'ai transmis votre message ; la réponse arrivera ici à partir de : {opens}.",
  },
  it: {
    handoffConfirmed: "Ho passato il tuo messaggio a una persona del team, che ti risponderà qui.",
    handoffFailed:
      "Volevo passare il tuo messaggio a una persona del team, ma per ora non è stato possibile. Ne abbiamo preso nota e ce ne occuperemo. Puoi anche scriverci di nuovo.",
    noHuman: "Il team non ha ancora potuto vedere il tuo messaggio. Non è dimenticato: ti risponderanno qui.",
    outsideOfficeHours:
      "Il nostro team al momento non è in ufficio. Ho passato il tuo messaggio e ti risponderanno qui a partire da: {opens}.",
  },
  nl: {
    handoffConfirmed: "Ik heb je bericht doorgegeven aan een collega, die je hier antwoord geeft.",
    handoffFailed:
      "Ik wilde je bericht doorgeven aan een collega, maar dat lukte zojuist niet. We hebben het genoteerd en kijken ernaar. Je kunt ons ook gewoon opnieuw schrijven.",
    noHuman: "Ons team is nog niet aan je bericht toegekomen. Het is niet vergeten: het antwoord komt hier.",
    outsideOfficeHours:
      "Ons team is nu niet op kantoor. Ik heb je bericht doorgegeven; je krijgt hier antwoord vanaf {opens}.",
  },
  pt: {
    handoffConfirmed: "Passei a sua mensagem a uma pessoa da equipa, que lhe responderá por aqui.",
    handoffFailed:
      "Queria passar a sua mensagem a uma pessoa da equipa, mas agora não foi possível. Tomámos nota e vamos tratar disso. Também pode escrever-nos de novo.",
    noHuman: "A equipa ainda não conseguiu ver a sua mensagem. Não está esquecida: responderão por aqui.",
    outsideOfficeHours:
      "A nossa equipa não está no escritório neste momento. Passei a sua mensagem e responderão por aqui a partir de: {opens}.",
  },
  ar: {
    handoffConfirmed: "لقد حوّلت رسالتك إلى أحد زملائنا وسيرد عليك هنا.",
    handoffFailed:
      "حاولت تحويل رسالتك إلى أحد زملائنا لكن ذلك لم ينجح الآن. لقد سجّلناها وسنهتم بها، ويمكنك أيضًا مراسلتنا مرة أخرى.",
    noHuman: "لم يتمكن فريقنا من الاطلاع على رسالتك بعد. لم ننسها، وسيصلك الرد هنا.",
    outsideOfficeHours:
      "فريقنا خارج أوقات العمل الآن. لقد حوّلت رسالتك إليهم، وسيصلك الرد هنا ابتداءً من {opens}.",
  },
  ja: {
    handoffConfirmed: "お問い合わせを担当者に引き継ぎました。このままこちらに返信いたします。",
    handoffFailed:
      "担当者への引き継ぎがうまくいきませんでした。記録を残しましたので、確認いたします。もう一度お送りいただくこともできます。",
    noHuman:
      "担当者はまだお問い合わせを確認できておりません。必ずこちらに返信いたしますので、今しばらくお待ちください。",
    outsideOfficeHours:
      "ただいま営業時間外です。お問い合わせは担当者に引き継ぎました。{opens} 以降にこちらへ返信いたします。",
  },
} satisfies Record<string, Texts>

const normalized = (language: string): string => language.toLowerCase().replaceAll("_", "-")
const base = (language: string): string => normalized(language).split("-")[0] ?? language

/** Own wording for exactly this language, else for its base language. */
const ownFor = (
  settings: OrganizationSettings,
  language: string,
  purpose: keyof Texts,
): string | undefined => {
  const own = (code: string) =>
    Object.entries(settings.texts).find(([key]) => normalized(key) === code)?.[1][purpose]
  return own(normalized(language)) ?? own(base(language))
}

const builtInFor = (language: string): Texts | undefined =>
  Object.entries(builtIn).find(([code]) => code === base(language))?.[1]

/** The sentence for a purpose in the customer's language, else the organization's, else English. */
export const textFor = (
  settings: OrganizationSettings,
  language: string | null,
  purpose: keyof Texts,
): CustomerText => {
  for (const code of [language, settings.agentLanguage, "en"]) {
    if (code === null) continue
    const text = ownFor(settings, code, purpose) ?? builtInFor(code)?.[purpose]
    if (text !== undefined) return CustomerText.make(text)
  }
  return CustomerText.make(builtIn.en[purpose])
}
