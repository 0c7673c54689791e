import { describe } from "@effect/vitest"
import { commentTests } from "./commentTests.ts"
import { feedTests } from "./feedTests.ts"
import { fieldTests } from "./fieldTests.ts"
import type { MakeHelpDesk } from "./HelpDesk.ts"
import { threadTests } from "./threadTests.ts"
import { ticketTests } from "./ticketTests.ts"

/** Registers what every `Ticketing` does. Tests run live: the desk may be a server on a real socket. */
export const ticketingContract = (name: string, make: MakeHelpDesk): void => {
  describe(`Ticketing: ${name}`, () => {
    ticketTests(make)
    commentTests(make)
    fieldTests(make)
    threadTests(make)
    feedTests(make)
  })
}
