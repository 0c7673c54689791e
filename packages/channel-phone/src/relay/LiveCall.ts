/** One relay connection of a call: what is said in it, and what the caller answered so far. */
import type { Account, ChannelEvent, DeliveryId, ServeHost, StoreError } from "@opencx/core"
import { Clock, Deferred, Effect, Schedule } from "effect"
import type { CallRef } from "../events.ts"
import type { TwilioSettings } from "../settings/twilio.ts"
import { sentencesOf } from "../speech/sentences.ts"
import { type EndReason, signEnd } from "../twilio/links.ts"
import type { Line } from "./Line.ts"
import { Spoken } from "./Spoken.ts"

/** What is to be spoken. */
export interface Speech {
  readonly deliveryId: DeliveryId
  readonly purpose: string | null
  /** Markdown. */
  readonly text: string
}

/** `gone`: the connection is lost or was ended. `silent`: nothing in the text can be said. */
export type SpeechResult = "spoken" | "gone" | "silent"

export class LiveCall {
  readonly ref: CallRef
  /** Twilio's id of this relay session. */
  readonly session: string
  readonly account: Account<TwilioSettings>
  readonly line: Line
  readonly spoken = new Spoken()
  /** Done when the engine's own confirmation of the handoff was spoken. */
  confirmed = Deferred.makeUnsafe<void>()
  /** Done when we have ended the session. */
  readonly finished = Deferred.makeUnsafe<void>()
  /** Number of final prompts so far, and of the newest that something was said after. */
  prompts = 0
  private answered = 0
  private ending: EndReason | null = null
  private readonly host: ServeHost<unknown>

  constructor(options: {
    readonly ref: CallRef
    readonly session: string
    readonly account: Account<TwilioSettings>
    readonly line: Line
    readonly host: ServeHost<unknown>
  }) {
    this.ref = options.ref
    this.session = options.session
    this.account = options.account
    this.line = options.line
    this.host = options.host
  }

  /** Key of something that happened once in this session. */
  key(what: string): string {
    return `${this.ref.callId}:${this.session}:${what}`
  }

  /** Speaks a delivery; one that was spoken before is not repeated. */
  speak(speech: Speech): Effect.Effect<SpeechResult> {
    return Effect.suspend(() => {
      if (this.ending !== null || !this.line.open) return Effect.succeed<SpeechResult>("gone")
      if (this.spoken.has(speech.deliveryId)) return Effect.succeed<SpeechResult>("spoken")
      const sentences = sentencesOf(speech.text)
      if (sentences.length === 0) return Effect.succeed<SpeechResult>("silent")
      return this.utter(speech.deliveryId, sentences).pipe(
        Effect.tap((said) =>
          said && speech.purpose === "handoffConfirmed"
            ? Deferred.succeed(this.confirmed, undefined)
            : Effect.void,
        ),
        Effect.map((said): SpeechResult => (said ? "spoken" : "gone")),
      )
    })
  }

  /** Speaks a sentence of the channel's own. */
  remark(text: string): Effect.Effect<boolean> {
    return Effect.suspend(() =>
      this.ending === null ? this.utter(null, sentencesOf(text)) : Effect.succeed(false),
    )
  }

  private readonly utter = (deliveryId: DeliveryId | null, sentences: ReadonlyArray<string>) =>
    Effect.gen({ self: this }, function* () {
      // Noted first: an interruption can come back before the last piece is written.
      this.spoken.add(deliveryId, sentences.join(""), yield* Clock.currentTimeMillis)
      this.answered = this.prompts
      return yield* this.line.say(sentences)
    })

  /** Says the configured filler if nothing was said since the newest prompt, once per prompt. */
  readonly thinking: Effect.Effect<void> = Effect.gen({ self: this }, function* () {
    const { filler } = this.account.settings
    const prompt = this.prompts
    if (filler === undefined || this.answered >= prompt) return
    yield* Effect.sleep(filler.afterMs)
    if (this.answered < prompt && this.prompts === prompt) yield* this.remark(filler.text)
  })

  /** Ends the relay session; Twilio then asks our action URL what comes next. */
  end(reason: EndReason): Effect.Effect<void> {
    return Effect.suspend(() => {
      if (this.ending !== null) return Effect.void
      this.ending = reason
      return this.line
        .end(reason, signEnd(this.account, this.ref.callId, reason))
        .pipe(Effect.andThen(Deferred.succeed(this.finished, undefined)), Effect.asVoid)
    })
  }

  /**
   * Journals events. A socket cannot be asked to come again, so it is tried for a few seconds here; false when that failed.
   * Not to be interrupted: a caller who speaks and hangs up is still heard.
   */
  take(events: ReadonlyArray<ChannelEvent>): Effect.Effect<boolean> {
    return this.host.accept(this.account, events).pipe(
      Effect.retry({ schedule: Schedule.exponential("200 millis"), times: 5 }),
      Effect.as(true),
      Effect.catch((error: StoreError) =>
        Effect.as(Effect.logWarning("what a caller said could not be stored", error), false),
      ),
      Effect.uninterruptible,
    )
  }
}
