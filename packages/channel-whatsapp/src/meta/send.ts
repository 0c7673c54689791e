/** The sender of an account on Meta's Cloud API. */
import type { Account, OutboundFile, OutboundMessage, OutboundThread, Sender } from "@opencx/core"
import { Clock, Effect, Schema } from "effect"
import { type Address, decodeAddress } from "../address.ts"
import { sendClosed } from "../outbound/closed.ts"
import { partKey } from "../outbound/correlation.ts"
import type { Deliveries } from "../outbound/Deliveries.ts"
import { ambiguous, hold, permanent } from "../outbound/failure.ts"
import { type FindOut, type Part, sendParts } from "../outbound/parts.ts"
import { heldUntilTheyWrite, type Window, windowOf } from "../outbound/window.ts"
import { renderMessage } from "../render/message.ts"
import { splitText } from "../render/split.ts"
import type { MetaSettings } from "../settings.ts"
import { post, sendFailureOf } from "./client.ts"
import { type Contents, messageBody, templateContents, textContents, typingBody } from "./payload.ts"
import { kindOf, tooLargeWords, upload } from "./upload.ts"
import * as Wire from "./wire.ts"

export const TEXT_LIMIT = 4096
const CAPTION_LIMIT = 1024

interface Sending {
  readonly account: Account<MetaSettings>
  readonly deliveries: Deliveries
  /** How long a status may take to settle a doubt, in ms. */
  readonly statusWaitMs: number
}

const readSent = Wire.reader(
  Schema.fromJsonString(
    Schema.Struct({ messages: Schema.Array(Schema.Struct({ id: Schema.NonEmptyString })) }),
  ),
)

const noAddress = permanent(
  "no_address",
  "This conversation has no WhatsApp address that can be written to; reach the customer on another channel.",
)

const postMessage = Effect.fnUntraced(function* (
  s: Sending,
  address: Address,
  contents: Contents,
  correlation: string | null,
  context: { readonly closesAt: number | null; readonly slowdown: () => number },
) {
  const body = messageBody(address, contents, correlation)
  if (body === null) return yield* noAddress
  const answer = yield* post(s.account.settings, "messages", "application/json", body).pipe(
    Effect.mapError((error) => sendFailureOf(error, context.closesAt, context.slowdown)),
  )
  const id = readSent(answer)?.messages[0]?.id
  // Taken, but under a name that we cannot read: sending again would show it twice.
  if (id === undefined) return yield* ambiguous("WhatsApp's answer to a message cannot be read")
  return id
})

const fileContents = Effect.fnUntraced(function* (
  s: Sending,
  file: OutboundFile,
  caption: string | null,
  slowdown: () => number,
) {
  const kind = kindOf(file)
  const uploaded = yield* upload(s.account.settings, file, slowdown).pipe(
    Effect.map((id) => ({ id })),
    Effect.catch((failure) =>
      // What Meta does not take from us it may fetch by itself.
      failure.kind._tag === "Permanent" && failure.kind.code === "131053" && file.url?.startsWith("https://")
        ? Effect.succeed({ link: file.url })
        : Effect.fail(failure),
    ),
  )
  const contents: Contents = {
    type: kind,
    media: {
      ...uploaded,
      ...(caption === null ? {} : { caption }),
      ...(kind === "document" ? { filename: file.fileName } : {}),
    },
  }
  return contents
})

/** A short text goes under the first file that can carry one; else the text first, then the files. */
const partsOf = (
  s: Sending,
  message: OutboundMessage,
  text: string,
  address: Address,
  context: { readonly closesAt: number | null; readonly slowdown: () => number },
): ReadonlyArray<Part> => {
  const [first, ...others] = message.files
  const asCaption =
    text.length > 0 && text.length <= CAPTION_LIMIT && first !== undefined && kindOf(first) !== "audio"
  const filePart =
    (file: OutboundFile, caption: string | null): Part =>
    (correlation) =>
      fileContents(s, file, caption, context.slowdown).pipe(
        Effect.flatMap((contents) => postMessage(s, address, contents, correlation, context)),
      )
  const texts = asCaption ? [] : splitText(text, TEXT_LIMIT)
  return [
    ...texts.map(
      (body): Part =>
        (correlation) =>
          postMessage(s, address, textContents(body), correlation, context),
    ),
    ...(first === undefined ? [] : [filePart(first, asCaption ? text : null)]),
    ...others.map((file) => filePart(file, null)),
  ]
}

const templateOf = (s: Sending, address: Address, slowdown: () => number, closesAt: number) => {
  const { template } = s.account.settings
  return {
    template: template ?? null,
    sendTemplate: (parameter: string | null, correlation: string | null) =>
      template === undefined
        ? Effect.fail(hold(heldUntilTheyWrite(closesAt)))
        : postMessage(
            s,
            address,
            templateContents(template.name, template.language, parameter),
            correlation,
            {
              closesAt,
              slowdown,
            },
          ),
  }
}

const send = Effect.fnUntraced(function* (s: Sending, message: OutboundMessage, thread: OutboundThread) {
  const address = yield* decodeAddress(thread.address).pipe(Effect.mapError(() => noAddress))
  const oversized = message.files.map(tooLargeWords).find((words) => words !== null)
  if (oversized) return yield* permanent("131053", oversized)
  const { account, deliveries } = s
  const { deliveryId } = message
  const text = renderMessage(message)
  const slowdown = () => deliveries.slowdown(deliveryId)
  const now = yield* Clock.currentTimeMillis
  const window = windowOf(thread, now)
  const closed = ({ closesAt }: Window) => {
    const end = closesAt ?? now
    const findOut: FindOut = () => deliveries.awaitAccepted(deliveryId, partKey(1, 1), s.statusWaitMs)
    return sendClosed({
      message,
      text,
      threadId: `${account.orgId}/${account.accountId}/${thread.key}`,
      lastInboundAt: thread.lastInboundAt ?? 0,
      closesAt: end,
      deliveries,
      findOut,
      ...templateOf(s, address, slowdown, end),
    })
  }
  const open = Effect.suspend(() => {
    const { closesAt } = window
    const parts = partsOf(s, message, text, address, { closesAt, slowdown })
    return sendParts({
      deliveryId,
      closesAt,
      deliveries,
      parts,
      findOut: (part) => deliveries.awaitAccepted(deliveryId, partKey(part, parts.length), s.statusWaitMs),
    })
  }).pipe(
    // Meta's clock may differ from ours: then its word counts.
    Effect.catch((failure) => (failure.kind._tag === "Hold" ? closed(window) : Effect.fail(failure))),
  )
  const ids = yield* window.open ? open : closed(window)
  const last = ids.at(-1)
  if (last === undefined)
    return yield* permanent("empty", "There was nothing in the message that could be sent.")
  return { providerId: last, messageId: last }
})

const typing = Effect.fnUntraced(function* (s: Sending, thread: OutboundThread) {
  const address = yield* decodeAddress(thread.address)
  if (!s.account.settings.markRead || address.messageId === null) return
  yield* post(s.account.settings, "messages", "application/json", typingBody(address.messageId))
})

/** Opens nothing: every request has a connection of its own. */
export const metaSender = (s: Sending): Sender => ({
  send: Effect.fn("channel-whatsapp.sendMeta")((message, thread) => send(s, message, thread)),
  typing: (thread) => Effect.ignore(typing(s, thread)),
})
