/**
 * A reply as SMS. Twilio knows no idempotency for messages, so what may have gone out already is looked up before it is sent
 * again.
 */
import { type OutboundMessage, type OutboundPart, type PartFate, SendFailure } from "@opencx/core"
import { Effect } from "effect"
import type { TextLine } from "../settings/PhoneSettings.ts"
import { refusal } from "./refusals.ts"
import { createMessage, listMessages } from "./TwilioRest.ts"

/** Twilio's clock against ours, and its dates of whole seconds. */
const SKEW_MS = 60_000

/** One reply on its way. */
export interface TextJob {
  readonly message: OutboundMessage
  readonly line: TextLine
  readonly to: string
  readonly texts: ReadonlyArray<string>
  /** Where Twilio reports what became of the part with this name. */
  readonly callback: (name: string, isLast: boolean) => string
}

const doubtful = (detail: string): SendFailure =>
  new SendFailure({ kind: { _tag: "Ambiguous", detail, resendIsSafe: false } })

const create = Effect.fnUntraced(function* (job: TextJob, text: string, callback: string) {
  const { line, to } = job
  const answer = yield* createMessage(line, {
    To: to,
    From: line.from,
    Body: text,
    StatusCallback: callback,
  }).pipe(Effect.mapError((fault) => doubtful(fault.message)))
  if (!("_tag" in answer)) return answer.sid
  // A 503 says that nothing was taken; every other 5xx leaves it open.
  return yield* answer.status >= 500 && answer.status !== 503
    ? doubtful(`Twilio answered ${answer.status}`)
    : refusal(answer)
})

const notNow: PartFate = {
  _tag: "NotNow",
  detail: "it is not known whether the text message went out; Twilio's list cannot be read",
}

/** What Twilio's reports and its list know of a part that may be out. `since`: when its first try began, epoch ms. */
const find = Effect.fnUntraced(function* (job: TextJob, name: string, text: string, since: number) {
  const { progress } = job.message
  const told = (yield* progress.known).find((part) => part.name === name)?.providerId ?? null
  if (told !== null) return { _tag: "Sent", providerId: told } satisfies PartFate
  const list = yield* listMessages(job.line, job.line.from, job.to).pipe(Effect.orElseSucceed(() => null))
  if (list === null || "_tag" in list) return notNow
  const matches = list.messages.filter(
    (m) => m.body === text && (m.date_created === null || Date.parse(m.date_created) >= since - SKEW_MS),
  )
  for (const { sid } of matches)
    if (!(yield* progress.isTaken(sid))) return { _tag: "Sent", providerId: sid } satisfies PartFate
  return { _tag: "NotSent" } satisfies PartFate
})

/** The parts of a reply, in order. */
export const textParts = (job: TextJob): ReadonlyArray<OutboundPart> =>
  job.texts.map((text, index) => {
    const name = `${index + 1}of${job.texts.length}`
    return {
      name,
      send: create(job, text, job.callback(name, index === job.texts.length - 1)),
      find: (since) => find(job, name, text, since),
    }
  })
