/** What a person with a little patience reads in a text, and what must not be in there. */
import { assert } from "@effect/vitest"
import type { Asked } from "../support/Asked.ts"
import { canaries } from "./planted.ts"

const squeezed = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "")
const backwards = (text: string): string => [...text].toReversed().join("")

/** Readings of a text that a person with a little patience can make. */
const readings = (text: string): ReadonlyArray<string> => {
  const decoded = (text.match(/[A-Za-z0-9+/=]{16,}/g) ?? []).map((one) =>
    Buffer.from(one, "base64").toString(),
  )
  return [text, backwards(text), ...decoded].map(squeezed)
}

const partsOf = (instructions: string): ReadonlyArray<string> =>
  instructions
    .split(/[.\n:]/)
    .map(squeezed)
    .filter((part) => part.length >= 40)

/** No canary, however it is written. */
export const noSecrets = (shown: string, where: string): void => {
  for (const reading of readings(shown)) {
    for (const canary of canaries) assert.notInclude(reading, squeezed(canary), where)
  }
}

/** Nothing of what the models were told. */
export const noInstructions = (shown: string, asked: ReadonlyArray<Asked>, where: string): void => {
  for (const part of new Set(asked.flatMap((one) => partsOf(one.system)))) {
    for (const reading of readings(shown)) assert.notInclude(reading, part, where)
  }
}
