/** Fixed words of the brief, in the agents' language. */
import type { HandoffReason } from "@opencx/core"
import { baseLanguage } from "../text/analyze.ts"

export interface BriefWords {
  readonly wants: string
  readonly noMatter: string
  readonly subject: string
  readonly also: string
  readonly latest: string
  readonly answered: string
  readonly offered: string
  readonly nothingOffered: string
  readonly reasons: Readonly<Record<HandoffReason, string>>
}

const english: BriefWords = {
  wants: "The customer writes",
  noMatter: "The customer has not said yet what it is about.",
  subject: "Subject",
  also: "Also said",
  latest: "Latest message",
  answered: "The AI's last answer",
  offered: "Articles offered",
  nothingOffered: "No article was offered.",
  reasons: {
    customer_asked: "Handed over because the customer asked for a human.",
    no_answer: "Handed over because the Help Center has no sure answer; the question is open.",
    repeated_failure: "Handed over because the answers so far did not help; the question is open.",
    anger: "Handed over because the customer is angry; please reply with care.",
    listed_topic: "Handed over because the topic always goes to a human.",
    agent_failed: "Handed over because the AI failed technically; the last message is unanswered.",
    every_conversation: "Handed over because every conversation goes to a human.",
    operator: "Handed over by an operator.",
    rollout: "Handed over because the AI does not take this conversation yet.",
  },
}

const all: Readonly<Record<string, BriefWords>> = {
  en: english,
  de: {
    wants: "Anliegen",
    noMatter: "Der Kunde hat noch nicht gesagt, worum es geht.",
    subject: "Betreff",
    also: "Außerdem",
    latest: "Letzte Nachricht",
    answered: "Letzte Antwort der KI",
    offered: "Angebotene Artikel",
    nothingOffered: "Es wurde kein Artikel angeboten.",
    reasons: {
      customer_asked: "Übergeben, weil der Kunde einen Menschen verlangt.",
      no_answer: "Übergeben, weil das Hilfe-Center keine sichere Antwort hat; die Frage ist offen.",
      repeated_failure: "Übergeben, weil die bisherigen Antworten nicht halfen; die Frage ist offen.",
      anger: "Übergeben, weil der Kunde verärgert ist; bitte mit Fingerspitzengefühl antworten.",
      listed_topic: "Übergeben, weil dieses Thema immer an einen Menschen geht.",
      agent_failed:
        "Übergeben wegen einer technischen Störung der KI; die letzte Nachricht ist unbeantwortet.",
      every_conversation: "Übergeben, weil jedes Gespräch an einen Menschen geht.",
      operator: "Von Hand übergeben.",
      rollout: "Übergeben, weil die KI dieses Gespräch noch nicht übernimmt.",
    },
  },
  es: {
    wants: "El cliente escribe",
    noMatter: "El cliente aún no ha dicho de qué se trata.",
    subject: "Asunto",
    also: "También dice",
    latest: "Último mensaje",
    answered: "Última respuesta de la IA",
    offered: "Artículos ofrecidos",
    nothingOffered: "No se ofreció ningún artículo.",
    reasons: {
      customer_asked: "Se entrega porque el cliente pidió una persona.",
      no_answer:
        "Se entrega porque el centro de ayuda no tiene una respuesta segura; la pregunta sigue abierta.",
      repeated_failure: "Se entrega porque las respuestas no ayudaron; la pregunta sigue abierta.",
      anger: "Se entrega porque el cliente está enfadado; conviene responder con tacto.",
      listed_topic: "Se entrega porque este tema siempre pasa a una persona.",
      agent_failed: "Se entrega por un fallo técnico de la IA; el último mensaje está sin responder.",
      every_conversation: "Se entrega porque todas las conversaciones pasan a una persona.",
      operator: "Entregado por un operador.",
      rollout: "Se entrega porque la IA todavía no atiende esta conversación.",
    },
  },
  fr: {
    wants: "Le client écrit",
    noMatter: "Le client n'a pas encore dit de quoi il s'agit.",
    subject: "Objet",
    also: "Précise aussi",
    latest: "Dernier message",
    answered: "Dernière réponse de l'IA",
    offered: "Articles proposés",
    nothingOffered: "Aucun article n'a été proposé.",
    reasons: {
      customer_asked: "Transmis car le client demande un humain.",
      no_answer: "Transmis car le centre d'aide n'a pas de réponse sûre ; la question reste ouverte.",
      repeated_failure: "Transmis car les réponses n'ont pas aidé ; la question reste ouverte.",
      anger: "Transmis car le client est en colère ; merci de répondre avec tact.",
      listed_topic: "Transmis car ce sujet revient toujours à un humain.",
      agent_failed: "Transmis après une panne de l'IA ; le dernier message est sans réponse.",
      every_conversation: "Transmis car chaque conversation revient à un humain.",
      operator: "Transmis par un opérateur.",
      rollout: "Transmis car l'IA ne prend pas encore cette conversation en charge.",
    },
  },
}

/** The words in the agents' language (BCP-47), English where there are none. */
export const briefWordsOf = (language: string): BriefWords => all[baseLanguage(language)] ?? english
