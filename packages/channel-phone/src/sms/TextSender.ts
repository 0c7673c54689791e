/**
 * Sends replies as SMS. Twilio knows no idempotency for messages, so what may have gone out already is looked up before it
 * is sent again.
 */
import type { DeliveryId, SendFailure } from "@opencx/core"
import { Clock, Effect } from "effect"
import { type Fault, retry } from "../failures.ts"
import type { TextLine } from "../settings/PhoneSettings.ts"
import { refusal } from "./refusals.ts"
import { createMessage, listMessages } from "./TwilioRest.ts"

/** How far a delivery came, over all its tries in this process. */
interface Progress {
  /** Message SIDs of the parts that are out. */
  readonly sids: Array<string>
  /** Epoch ms of a try whose outcome is not known; null when none. */
  uncertainSince: number | null
}

/** Deliveries that are remembered; the oldest are forgotten first. */
const MEMORY = 2_000
/** Twilio's clock against ours, and its dates of whole seconds. */
const SKEW_MS = 60_000

const UNCERTAIN_RETRY_MS = 15_000

/** One reply on its way. */
export interface TextJob {
  readonly deliveryId: DeliveryId
  readonly line: TextLine
  readonly to: string
  readonly texts: ReadonlyArray<string>
  /** Where Twilio reports what became of part `n`. */
  readonly callback: (part: number) => string
}

export class TextSender {
  private readonly deliveries = new Map<string, Progress>()
  private readonly claimed = new Set<string>()

  private progressOf(id: string): Progress {
    const known = this.deliveries.get(id)
    if (known !== undefined) return known
    const fresh: Progress = { sids: [], uncertainSince: null }
    this.deliveries.set(id, fresh)
    const oldest = this.deliveries.keys().next()
    if (this.deliveries.size > MEMORY && oldest.done !== true) {
      this.deliveries.get(oldest.value)?.sids.forEach((sid) => this.claimed.delete(sid))
      this.deliveries.delete(oldest.value)
    }
    return fresh
  }

  private took(progress: Progress, sid: string): void {
    progress.sids.push(sid)
    progress.uncertainSince = null
    this.claimed.add(sid)
  }

  /** The message of an uncertain try, if Twilio has it. */
  private readonly find = Effect.fnUntraced(function* (
    this: TextSender,
    job: TextJob,
    text: string,
    since: number,
  ) {
    const list = yield* listMessages(job.line, job.line.from, job.to)
    if ("_tag" in list) return yield* Effect.fail(refusalOfList)
    const match = list.messages.find(
      (m) =>
        m.body === text &&
        !this.claimed.has(m.sid) &&
        (m.date_created === null || Date.parse(m.date_created) >= since - SKEW_MS),
    )
    return match?.sid ?? null
  })

  private readonly settle = Effect.fnUntraced(function* (
    this: TextSender,
    job: TextJob,
    text: string,
    progress: Progress,
    since: number,
  ) {
    const sid = yield* this.find(job, text, since).pipe(
      Effect.mapError(() =>
        retry("it is not known whether the text message went out; looking it up", UNCERTAIN_RETRY_MS),
      ),
    )
    if (sid !== null) this.took(progress, sid)
    return sid !== null
  })

  private readonly part = Effect.fnUntraced(function* (
    this: TextSender,
    job: TextJob,
    index: number,
    progress: Progress,
  ): Effect.fn.Return<void, SendFailure> {
    const text = job.texts[index] ?? ""
    if (progress.uncertainSince !== null) {
      if (yield* this.settle(job, text, progress, progress.uncertainSince)) return
      progress.uncertainSince = null
    }
    const startedAt = yield* Clock.currentTimeMillis
    // Set before the call, so that an interrupted one counts as uncertain too.
    progress.uncertainSince = startedAt
    const answer = yield* createMessage(job.line, {
      To: job.to,
      From: job.line.from,
      Body: text,
      StatusCallback: job.callback(index),
    }).pipe(Effect.catch((fault) => this.afterSilence(job, text, progress, startedAt, fault)))
    if (answer === null) return
    if (!("_tag" in answer)) return this.took(progress, answer.sid)
    // A 503 says that nothing was taken; every other 5xx leaves it open.
    if (answer.status >= 500 && answer.status !== 503) {
      yield* this.afterSilence(job, text, progress, startedAt, {
        message: `Twilio answered ${answer.status}`,
      })
      return
    }
    progress.uncertainSince = null
    return yield* refusal(answer)
  })

  /** No answer: looked up at once, and again before the next try. */
  private readonly afterSilence = Effect.fnUntraced(function* (
    this: TextSender,
    job: TextJob,
    text: string,
    progress: Progress,
    since: number,
    fault: Pick<Fault, "message">,
  ) {
    if (yield* this.settle(job, text, progress, since)) return null
    return yield* retry(fault.message, UNCERTAIN_RETRY_MS)
  })

  /** Sends what is not out yet of a reply; answers with the SID of its last part. */
  readonly send = Effect.fn("channel-phone.sendText")(function* (
    this: TextSender,
    job: TextJob,
  ): Effect.fn.Return<string | null, SendFailure> {
    const progress = this.progressOf(job.deliveryId)
    while (progress.sids.length < job.texts.length) yield* this.part(job, progress.sids.length, progress)
    return progress.sids.at(-1) ?? null
  })
}

const refusalOfList = "refused" as const
