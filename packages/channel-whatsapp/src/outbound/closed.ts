/**
 * Sending when the 24-hour window is closed. A short answer goes out inside the template. Of a long one the customer hears
 * that it waits, and it is held; so is everything when there is no template.
 */
import type { OutboundMessage, SendFailure } from "@opencx/core"
import { Effect } from "effect"
import { foldForTemplate, shortened } from "../render/message.ts"
import { hold } from "./failure.ts"
import { type FindOut, sendAll } from "./parts.ts"
import type { Restraint } from "./Restraint.ts"
import { heldUntilTheyWrite, windowClosed } from "./window.ts"

/** A template's body has 1,024 characters with its own words; this leaves room for those. */
const PARAMETER_MAX = 800

export interface ClosedSend {
  readonly message: OutboundMessage
  /** The rendered text. */
  readonly text: string
  /** Unique over all accounts and threads. */
  readonly threadId: string
  readonly lastInboundAt: number
  /** Null when we do not know better than the provider, who says that it is closed. */
  readonly closesAt: number | null
  readonly template: { readonly bodyParameter: boolean } | null
  readonly restraint: Restraint
  readonly findOut: FindOut
  /** `correlation` null: statuses of it are not statuses of the delivery. */
  readonly sendTemplate: (
    parameter: string | null,
    correlation: string | null,
  ) => Effect.Effect<string, SendFailure>
}

/** The template's own faults are an operator's to repair; the answer waits meanwhile. */
const isTemplateFault = (failure: SendFailure): boolean =>
  failure.kind._tag === "Hold" ||
  (failure.kind._tag === "Permanent" && /^132\d{3}$|^636\d\d$|^2165\d$/.test(failure.kind.code))

const wordsOf = (failure: SendFailure): string =>
  failure.kind._tag === "Permanent" ? ` The template could not be sent: ${failure.kind.explanation}` : ""

const held = (input: ClosedSend) => (failure: SendFailure) =>
  isTemplateFault(failure) ? hold(heldUntilTheyWrite(input.closesAt) + wordsOf(failure)) : failure

/** The announcement's name among the parts of the delivery that it announces. */
const NOTICE = "notice"

/** Tells the customer once per window that an answer waits. After a doubt or a crash rather no notice than two. */
const notify = Effect.fnUntraced(function* (input: ClosedSend, parameter: string | null) {
  const { lastInboundAt, restraint, threadId } = input
  const { progress } = input.message
  const told = (yield* progress.known).some(({ name }) => name === NOTICE)
  if (told || !restraint.claimNotice(threadId, lastInboundAt)) return
  yield* progress.begin(NOTICE)
  yield* input.sendTemplate(parameter, null).pipe(
    Effect.catch(
      Effect.fnUntraced(function* (failure) {
        if (failure.kind._tag === "Ambiguous") return
        yield* progress.notSent(NOTICE)
        restraint.releaseNotice(threadId)
        return yield* failure
      }),
    ),
  )
})

/** Ids of what went out, or the failure: mostly `Hold`. */
export const sendClosed = Effect.fnUntraced(function* (input: ClosedSend) {
  const { closesAt, findOut, message, sendTemplate, template } = input
  // Our own sentences do not merit a paid template, and half an answer that went out is completed, not repeated.
  const begun = (yield* message.progress.known).some(({ providerId }) => providerId !== null)
  if (template === null || message.author === "system" || begun)
    return yield* hold(heldUntilTheyWrite(closesAt))
  const folded = foldForTemplate(input.text) || message.files.map((f) => f.fileName).join(", ")
  if (template.bodyParameter && message.files.length === 0 && folded.length <= PARAMETER_MAX) {
    return yield* sendAll({
      message,
      closesAt,
      findOut,
      parts: [(correlation) => sendTemplate(folded, correlation)],
    }).pipe(Effect.mapError(held(input)))
  }
  yield* notify(input, template.bodyParameter ? shortened(folded, PARAMETER_MAX) : null).pipe(
    Effect.mapError(held(input)),
  )
  return yield* hold(
    `${windowClosed(closesAt)}. A template has told the customer that an answer waits; it will be sent when the customer writes again.`,
  )
})
