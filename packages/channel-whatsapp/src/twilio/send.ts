/** The sender of an account on Twilio. */
import {
  type Account,
  type OutboundMessage,
  type OutboundThread,
  type PartFate,
  type Sender,
  splitText,
} from "@opencx/core"
import { Clock, Effect } from "effect"
import { decodeAddress } from "../address.ts"
import { sendClosed } from "../outbound/closed.ts"
import { partKey } from "../outbound/correlation.ts"
import { hold, noAddress, permanent } from "../outbound/failure.ts"
import { awaitStatus, type FindOut, type Part, reportedId, sendAll } from "../outbound/parts.ts"
import type { Restraint } from "../outbound/Restraint.ts"
import { sendInWindow } from "../outbound/sendInWindow.ts"
import { heldUntilTheyWrite, type Window, windowOf } from "../outbound/window.ts"
import { renderMessage } from "../render/message.ts"
import type { TwilioSettings } from "../settings.ts"
import { create, type ListedMessage, listSent } from "./client.ts"
import { CALLBACK_PARAMETER } from "./decode.ts"

const TEXT_LIMIT = 1600
const FILE_MAX = 16 * 1_048_576

interface Sending {
  readonly account: Account<TwilioSettings>
  readonly restraint: Restraint
  /** How long a doubtful message may take to show up in the list, in ms. */
  readonly statusWaitMs: number
}

/** What one message says, as the list of messages shows it. */
interface Piece {
  readonly body: string
  readonly mediaUrl: string | null
}

const piecesOf = (message: OutboundMessage, text: string): ReadonlyArray<Piece> => {
  const urls = message.files.flatMap((file) => (file.url === undefined ? [] : [file.url]))
  const [first, ...others] = urls
  const texts = splitText(text, { max: TEXT_LIMIT, unit: "characters" }, { fences: true })
  const [only] = texts
  // WhatsApp takes one file per message, and a text under it.
  if (first !== undefined && only !== undefined && texts.length === 1)
    return [{ body: only, mediaUrl: first }, ...others.map((mediaUrl) => ({ body: "", mediaUrl }))]
  return [
    ...texts.map((body) => ({ body, mediaUrl: null })),
    ...urls.map((mediaUrl) => ({ body: "", mediaUrl })),
  ]
}

const fileTrouble = (message: OutboundMessage): string | null => {
  const large = message.files.find((file) => file.size > FILE_MAX)
  if (large !== undefined)
    return `The file "${large.fileName}" has ${Math.ceil(large.size / 1_048_576)} MB; WhatsApp through Twilio takes at most 16 MB. Send a link instead.`
  const local = message.files.find((file) => file.url === undefined)
  return local === undefined
    ? null
    : `The file "${local.fileName}" cannot be sent: Twilio fetches files from a public address, and this installation has none.`
}

const sent = (providerId: string): PartFate => ({ _tag: "Sent", providerId })

/** Clocks may differ by this much. */
const SKEW_MS = 120_000
/** Times that the list is looked at. */
const LOOKS = 3

/** One message on its way to one customer. */
interface Outgoing extends Sending {
  readonly message: OutboundMessage
  readonly text: string
  /** As Twilio wrote it. */
  readonly to: string
  readonly window: Window
}

/** Looks for a piece whose fate is unknown: in statuses that came, and among the newest messages. */
const findSent = Effect.fnUntraced(function* (out: Outgoing, piece: Piece, key: string, since: number) {
  const { account, message, statusWaitMs, to } = out
  const isIt = (m: ListedMessage) =>
    m.body.trim() === piece.body.trim() &&
    m.files > 0 === (piece.mediaUrl !== null) &&
    (m.createdAt === null || m.createdAt >= since - SKEW_MS)
  for (let look = 1; look <= LOOKS; look++) {
    yield* Effect.sleep(Math.round(statusWaitMs / LOOKS))
    const told = yield* reportedId(message, key)
    if (told !== null) return sent(told)
    const listed = yield* listSent(account.settings, to)
    if (listed === null) return { _tag: "NotNow", detail: "Twilio's list cannot be read" } satisfies PartFate
    for (const { sid } of listed.filter(isIt)) if (!(yield* message.progress.isTaken(sid))) return sent(sid)
  }
  // Twilio lists what it has taken: so it has not. The next try looks again before it sends.
  return { _tag: "NotSent" } satisfies PartFate
})

const post = (
  { account, to }: Outgoing,
  fields: Readonly<Record<string, string>>,
  correlation: string | null,
) => {
  const { from } = account.settings
  const form = new URLSearchParams({ To: to, ...fields })
  form.set(from.startsWith("MG") ? "MessagingServiceSid" : "From", from)
  if (correlation !== null) {
    const callback = new URL(account.hookUrl)
    callback.searchParams.set(CALLBACK_PARAMETER, correlation)
    form.set("StatusCallback", callback.href)
  }
  return create(account.settings, form)
}

const sendOpen = (out: Outgoing) => {
  const { message, text, window } = out
  const pieces = piecesOf(message, text)
  const findOut: FindOut = (part, since) => {
    const piece = pieces[part - 1]
    return piece === undefined
      ? Effect.succeed<PartFate>({ _tag: "Unknown" })
      : findSent(out, piece, partKey(part, pieces.length), since)
  }
  const parts = pieces.map(
    ({ body, mediaUrl }): Part =>
      (correlation) =>
        post(
          out,
          {
            ...(body.length > 0 ? { Body: body } : {}),
            ...(mediaUrl === null ? {} : { MediaUrl: mediaUrl }),
          },
          correlation,
        ),
  )
  return sendAll({ message, closesAt: window.closesAt, parts, findOut })
}

const sendShut = (out: Outgoing, thread: OutboundThread, closesAt: number | null) => {
  const { account, message, restraint, text } = out
  const { template } = account.settings
  return sendClosed({
    message,
    text,
    threadId: `${account.orgId}/${account.accountId}/${thread.key}`,
    lastInboundAt: thread.lastInboundAt ?? 0,
    closesAt,
    restraint,
    // What the list shows of a template is its filled-in body, which we do not know; a status tells.
    findOut: (part) => awaitStatus(message, partKey(part, 1), out.statusWaitMs),
    template: template ?? null,
    sendTemplate: (parameter, correlation) =>
      template === undefined
        ? Effect.fail(hold(heldUntilTheyWrite(closesAt)))
        : post(
            out,
            {
              ContentSid: template.contentSid,
              ...(parameter === null ? {} : { ContentVariables: JSON.stringify({ "1": parameter }) }),
            },
            correlation,
          ),
  })
}

const send = Effect.fnUntraced(function* (s: Sending, message: OutboundMessage, thread: OutboundThread) {
  const address = yield* decodeAddress(thread.address).pipe(Effect.mapError(noAddress))
  const to = address.phone ?? address.bsuid
  if (to === null) return yield* noAddress()
  const trouble = fileTrouble(message)
  if (trouble !== null) return yield* permanent("file", trouble)
  const window = windowOf(thread, yield* Clock.currentTimeMillis)
  const out: Outgoing = { ...s, message, text: renderMessage(message), to, window }
  return yield* sendInWindow(window, sendOpen(out), (closesAt) => sendShut(out, thread, closesAt))
})

/** Twilio shows no typing on WhatsApp. */
export const twilioSender = (s: Sending): Sender => ({
  send: Effect.fn("channel-whatsapp.sendTwilio")((message, thread) => send(s, message, thread)),
})
