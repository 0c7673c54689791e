/** What was said in a call, so that an interruption can be matched with it. Pure bookkeeping, no sockets. */
import type { DeliveryId } from "@opencx/core"
import { durationOf } from "../speech/sentences.ts"

interface Utterance {
  /** Null: a sentence of the channel's own, such as the filler. */
  readonly deliveryId: DeliveryId | null
  readonly text: string
  /** Epoch ms at which the voice is done with it, estimated. */
  readonly until: number
  /** It was cut off before. */
  cut: boolean
}

/** A delivery of which only `text` was heard. */
export interface Heard {
  readonly deliveryId: DeliveryId
  readonly text: string
}

/** Utterances that are remembered. */
const MEMORY = 30
/** Voices are slower than our estimate at times. */
const SLACK_MS = 4_000

const squeezed = (text: string): string => text.replace(/\s+/g, " ").trim()

/** What of `text` was heard when a voice stopped after `part`, which may begin in its middle; null when it is not in it. */
const heardUntil = (text: string, part: string): string | null => {
  const at = text.toLowerCase().indexOf(part.toLowerCase())
  return at < 0 ? null : text.slice(0, at + part.length)
}

export class Spoken {
  private readonly said: Array<Utterance> = []

  /** True when this delivery was spoken before. */
  has(deliveryId: DeliveryId): boolean {
    return this.said.some((u) => u.deliveryId === deliveryId)
  }

  /** Notes what is handed to the voice. It begins when the one before is done. */
  add(deliveryId: DeliveryId | null, text: string, now: number): void {
    const begins = Math.max(now, this.said.at(-1)?.until ?? 0)
    this.said.push({ deliveryId, text: squeezed(text), until: begins + durationOf(text), cut: false })
    if (this.said.length > MEMORY) this.said.shift()
  }

  /** Milliseconds until everything is said, estimated. */
  remaining(now: number): number {
    return Math.max(0, (this.said.at(-1)?.until ?? 0) - now)
  }

  /**
   * The caller interrupted. Twilio names what the voice said of the current turn, from its beginning or from a piece in
   * its middle; everything that was waiting behind it was not heard at all.
   */
  interrupted(utterance: string, now: number): ReadonlyArray<Heard> {
    const waiting = this.said.filter((u) => !u.cut && u.until + SLACK_MS > now)
    if (waiting.length === 0) return []
    const part = squeezed(utterance)
    const found = part === "" ? 0 : waiting.findIndex((u) => heardUntil(u.text, part) !== null)
    // A greeting, or words that the voice changed: whose they are is not known, so nothing is claimed about any.
    if (found < 0) return []
    const heard: Array<Heard> = []
    waiting.slice(found).forEach((u, i) => {
      u.cut = true
      const text = i === 0 && part !== "" ? (heardUntil(u.text, part) ?? "") : ""
      if (u.deliveryId !== null && text !== u.text) heard.push({ deliveryId: u.deliveryId, text })
    })
    const last = this.said.at(-1)
    if (last !== undefined) this.said[this.said.length - 1] = { ...last, until: now }
    return heard
  }
}
