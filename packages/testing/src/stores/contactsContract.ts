import { it } from "@effect/vitest"
import type { Contacts, ConversationStore } from "@opencx/core"
import type { Layer } from "effect"
import { addressTests } from "./addressTests.ts"
import { claimTests } from "./claimTests.ts"
import { mergeTests } from "./mergeTests.ts"

/**
 * Registers what every `Contacts` does: one contact per proven address, claims kept apart from proof, and merges, which
 * the `ConversationStore` beside it follows.
 */
export const contactsContract = (
  name: string,
  layer: Layer.Layer<Contacts | ConversationStore, unknown>,
): void =>
  it.layer(layer, { timeout: "30 seconds" })(`Contacts: ${name}`, (it) => {
    claimTests(it)
    addressTests(it)
    mergeTests(it)
  })
