/** Brings customers to humans. */
import { hears, type Person, told } from "./chatPeople.ts"
import { chatSaying } from "./liveChats.ts"
import { settled } from "./operator.ts"
import type { ChatSite } from "./world.ts"

/** `person` asks for a human, hears that one has it, and everything has come to rest. `sessionId`: of a chat that we opened. */
export const handedToHuman = async <P extends Person>(
  site: ChatSite,
  person: P,
  words: string,
  wish = "I want to talk to a human, please",
) => {
  await person.writes(`${wish}: ${words}`)
  const chat = await chatSaying(site, words)
  await hears(person, told)
  await settled(site)
  return { person, chat, sessionId: String(chat.conversation.metadata?.["opencx_session_id"]) }
}
