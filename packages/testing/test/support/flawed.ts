/** Run by flaws.test.ts in a run of its own: the contracts of plugins and ports with one flaw each. */
import { describe } from "vitest"
import { channelContract } from "../../src/index.ts"
import { postFixtures } from "./postFixtures.ts"
import { type Flaw, postPlugin } from "./postPlugin.ts"
import "./flawedChat.ts"
import "./flawedPeople.ts"
import "./flawedPorts.ts"
import "./flawedTicketing.ts"
import "./flawedUsage.ts"

const flaws: ReadonlyArray<Flaw> = [
  "no-signature",
  "batch-lost",
  "keys-change",
  "secret-shown",
  "crashes",
  "cuts-text",
  "too-long",
  "forgets",
  "guesses",
  "unknown-is-message",
]
for (const flaw of flaws) describe(flaw, () => channelContract(postPlugin(flaw), postFixtures))
