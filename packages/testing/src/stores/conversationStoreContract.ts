import { it } from "@effect/vitest"
import type { ConversationStore } from "@opencx/core"
import type { Layer } from "effect"
import { applyTests } from "./applyTests.ts"
import { figureTests } from "./figureTests.ts"
import { lookupTests } from "./lookupTests.ts"
import { workTests } from "./workTests.ts"

/**
 * Registers what every `ConversationStore` does. One store serves all tests, which run under `TestClock`; it may hold
 * other data.
 */
export const conversationStoreContract = (
  name: string,
  layer: Layer.Layer<ConversationStore, unknown>,
): void =>
  it.layer(layer, { timeout: "30 seconds" })(`ConversationStore: ${name}`, (it) => {
    applyTests(it)
    lookupTests(it)
    workTests(it)
    figureTests(it)
  })
