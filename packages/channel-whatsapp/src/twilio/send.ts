/** The sender of an account on Twilio. */
import type { Account, OutboundMessage, OutboundThread, Sender } from "@opencx/core"
import { Clock, Effect } from "effect"
import { decodeAddress } from "../address.ts"
import { sendClosed } from "../outbound/closed.ts"
import type { Deliveries } from "../outbound/Deliveries.ts"
import { hold, permanent, retry } from "../outbound/failure.ts"
import { type FindOut, type Part, sendParts } from "../outbound/parts.ts"
import { heldUntilTheyWrite, windowOf } from "../outbound/window.ts"
import { renderMessage } from "../render/message.ts"
import { splitText } from "../render/split.ts"
import type { TwilioSettings } from "../settings.ts"
import { create, type ListedMessage, listSent } from "./client.ts"
import { CALLBACK_PARAMETER } from "./decode.ts"

const TEXT_LIMIT = 1600
const FILE_MAX = 16 * 1_048_576

interface Sending {
  readonly account: Account<TwilioSettings>
  readonly deliveries: Deliveries
  /** How long a doubtful message may take to show up in the list, in ms. */
  readonly statusWaitMs: number
}

const noAddress = permanent(
  "no_address",
  "This conversation has no WhatsApp address that can be written to; reach the customer on another channel.",
)

/** What one message says, as the list of messages shows it. */
interface Piece {
  readonly body: string
  readonly mediaUrl: string | null
}

const piecesOf = (message: OutboundMessage, text: string): ReadonlyArray<Piece> => {
  const urls = message.files.flatMap((file) => (file.url === undefined ? [] : [file.url]))
  const [first, ...others] = urls
  const texts = splitText(text, TEXT_LIMIT)
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

const SKEW_MS = 120_000

/** Looks for a message whose fate is unknown among the newest ones. */
const findSent = Effect.fnUntraced(function* (s: Sending, to: string, piece: Piece, since: number) {
  const isIt = (m: ListedMessage) =>
    m.body.trim() === piece.body.trim() &&
    m.files > 0 === (piece.mediaUrl !== null) &&
    (m.createdAt === null || m.createdAt >= since - SKEW_MS) &&
    !s.deliveries.knows(m.sid)
  const looks = 3
  for (let look = 1; look <= looks; look++) {
    yield* Effect.sleep(Math.round((s.statusWaitMs * look) / (looks + 3)))
    const listed = yield* listSent(s.account.settings, to)
    if (listed === null) return null
    const found = listed.find(isIt)
    if (found !== undefined) return found.sid
  }
  // Twilio lists what it has taken: so it has not. The next try looks again before it sends.
  return yield* retry("Twilio did not answer, and its list does not show the message")
})

const send = Effect.fnUntraced(function* (s: Sending, message: OutboundMessage, thread: OutboundThread) {
  const { account, deliveries } = s
  const { settings } = account
  const address = yield* decodeAddress(thread.address).pipe(Effect.mapError(() => noAddress))
  const to = address.phone ?? address.bsuid
  if (to === null) return yield* noAddress
  const trouble = fileTrouble(message)
  if (trouble !== null) return yield* permanent("file", trouble)
  const now = yield* Clock.currentTimeMillis
  const window = windowOf(thread, now)
  const text = renderMessage(message)
  const { deliveryId } = message

  const callback = (correlation: string): string => {
    const url = new URL(account.hookUrl)
    url.searchParams.set(CALLBACK_PARAMETER, correlation)
    return url.href
  }
  const post = (fields: Readonly<Record<string, string>>, correlation: string | null) => {
    const form = new URLSearchParams({ To: to, ...fields })
    form.set(settings.from.startsWith("MG") ? "MessagingServiceSid" : "From", settings.from)
    if (correlation !== null) form.set("StatusCallback", callback(correlation))
    return create(settings, form, window.closesAt)
  }

  const closed = Effect.suspend(() => {
    const { template } = settings
    const closesAt = window.closesAt ?? now
    const findOut: FindOut = () => Effect.succeed(null)
    return sendClosed({
      message,
      text,
      threadId: `${account.orgId}/${account.accountId}/${thread.key}`,
      lastInboundAt: thread.lastInboundAt ?? 0,
      closesAt,
      deliveries,
      findOut,
      template: template ?? null,
      sendTemplate: (parameter, correlation) =>
        template === undefined
          ? Effect.fail(hold(heldUntilTheyWrite(closesAt)))
          : post(
              {
                ContentSid: template.contentSid,
                ...(parameter === null ? {} : { ContentVariables: JSON.stringify({ "1": parameter }) }),
              },
              correlation,
            ),
    })
  })

  const open = Effect.suspend(() => {
    const pieces = piecesOf(message, text)
    const parts = pieces.map(
      ({ body, mediaUrl }): Part =>
        (correlation) =>
          post(
            {
              ...(body.length > 0 ? { Body: body } : {}),
              ...(mediaUrl === null ? {} : { MediaUrl: mediaUrl }),
            },
            correlation,
          ),
    )
    const findOut: FindOut = (part) => {
      const piece = pieces[part - 1]
      return piece === undefined ? Effect.succeed(null) : findSent(s, to, piece, now)
    }
    return sendParts({ deliveryId, closesAt: window.closesAt, deliveries, parts, findOut })
  }).pipe(Effect.catch((failure) => (failure.kind._tag === "Hold" ? closed : Effect.fail(failure))))

  const ids = yield* window.open ? open : closed
  const last = ids.at(-1)
  if (last === undefined)
    return yield* permanent("empty", "There was nothing in the message that could be sent.")
  return { providerId: last, messageId: last }
})

/** Twilio shows no typing on WhatsApp. */
export const twilioSender = (s: Sending): Sender => ({
  send: Effect.fn("channel-whatsapp.sendTwilio")((message, thread) => send(s, message, thread)),
})
