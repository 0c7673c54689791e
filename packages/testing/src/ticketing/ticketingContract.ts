import { describe } from "@effect/vitest"
import { commentTests } from "./commentTests.ts"
import type { MakeHelpDesk } from "./HelpDesk.ts"
import { ticketTests } from "./ticketTests.ts"

/** Registers what every `Ticketing` does. Tests run live: the desk may be a server on a real socket. */
export const ticketingContract = (name: string, make: MakeHelpDesk): void => {
  describe(`Ticketing: ${name}`, () => {
    ticketTests(make)
    commentTests(make)
  })
}
