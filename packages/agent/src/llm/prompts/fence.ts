/**
 * Text of others inside a prompt: between marks that its authors cannot guess, so that nothing in it can pretend to have
 * ended. The nonce is new in every turn.
 */
import { randomBytes } from "node:crypto"
import { Effect } from "effect"

export interface Fence {
  readonly nonce: string
  /** `label` is ours and says what the data is. */
  wrap(label: string, text: string): string
}

/** Invisible characters carry words past the eyes of people: tag characters, zero width, direction marks, controls. */
const invisible =
  /[\u{E0000}-\u{E007F}\u200B\u2060-\u2064\u202A-\u202E\u2066-\u2069\uFEFF\u00AD\u0000-\u0008\u000B-\u001F\u007F-\u009F]/gu

/** Also joiners where nothing is joined by them; between letters they belong to Persian, Hindi and emoji. */
const looseJoiners =
  /(?<![\p{L}\p{M}\p{Extended_Pictographic}\uFE0F])[\u200C\u200D]|[\u200C\u200D](?![\p{L}\p{M}\p{Extended_Pictographic}])/gu

export const visibleText = (text: string): string =>
  text.replace(/\r\n?/g, "\n").replace(invisible, "").replace(looseJoiners, "")

export const fenceOf = (nonce: string): Fence => ({
  nonce,
  wrap: (label, text) => {
    const data = visibleText(text).replaceAll(nonce, "")
    return `<<<${nonce} ${label}>>>\n${data}\n<<<end ${nonce}>>>`
  },
})

export const newFence: Effect.Effect<Fence> = Effect.sync(() => fenceOf(randomBytes(12).toString("hex")))
