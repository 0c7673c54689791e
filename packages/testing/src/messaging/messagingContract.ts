import { describe } from "@effect/vitest"
import { controlTests } from "./controlTests.ts"
import type { MakeLiveChatDesk } from "./LiveChatDesk.ts"
import { openTests } from "./openTests.ts"
import { postTests } from "./postTests.ts"

/** Registers what every `Messaging` does. Tests run live: the chat may be a server on a real socket. */
export const messagingContract = (name: string, make: MakeLiveChatDesk): void => {
  describe(`Messaging: ${name}`, () => {
    openTests(make)
    postTests(make)
    controlTests(make)
  })
}
