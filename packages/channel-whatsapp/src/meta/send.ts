/** The sender of an account on Meta's Cloud API. */
import {
  type Account,
  type OutboundFile,
  type OutboundMessage,
  type OutboundThread,
  type Sender,
  splitText,
} from "@opencx/core"
import { Clock, Effect, Schema } from "effect"
import { type Address, decodeAddress } from "../address.ts"
import { sendClosed } from "../outbound/closed.ts"
import { partKey } from "../outbound/correlation.ts"
import { ambiguous, hold, noAddress, permanent } from "../outbound/failure.ts"
import { awaitStatus, type FindOut, type Part, sendAll } from "../outbound/parts.ts"
import type { Restraint } from "../outbound/Restraint.ts"
import { sendInWindow } from "../outbound/sendInWindow.ts"
import { heldUntilTheyWrite, type Window, windowOf } from "../outbound/window.ts"
import { renderMessage } from "../render/message.ts"
import type { MetaSettings } from "../settings.ts"
import { post, sendFailureOf } from "./client.ts"
import { type Contents, messageBody, templateContents, textContents, typingBody } from "./payload.ts"
import { kindOf, tooLargeWords, upload } from "./upload.ts"
import * as Wire from "./wire.ts"

export const TEXT_LIMIT = 4096
const CAPTION_LIMIT = 1024

interface Sending {
  readonly account: Account<MetaSettings>
  readonly restraint: Restraint
  /** How long a status may take to settle a doubt, in ms. */
  readonly statusWaitMs: number
}

/** One message on its way to one customer. */
interface Outgoing extends Sending {
  readonly message: OutboundMessage
  readonly text: string
  readonly address: Address
  readonly window: Window
  readonly slowdown: () => number
}

const readSent = Wire.reader(
  Schema.fromJsonString(
    Schema.Struct({ messages: Schema.Array(Schema.Struct({ id: Schema.NonEmptyString })) }),
  ),
)

const postMessage = Effect.fnUntraced(function* (
  out: Outgoing,
  contents: Contents,
  correlation: string | null,
) {
  const body = messageBody(out.address, contents, correlation)
  if (body === null) return yield* noAddress()
  const answer = yield* post(out.account.settings, "messages", "application/json", body).pipe(
    Effect.mapError((error) => sendFailureOf(error, out.slowdown)),
  )
  const id = readSent(answer)?.messages[0]?.id
  // Taken, but under a name that we cannot read: sending again would show it twice.
  if (id === undefined) return yield* ambiguous("WhatsApp's answer to a message cannot be read")
  return id
})

const fileContents = Effect.fnUntraced(function* (out: Outgoing, file: OutboundFile, caption: string | null) {
  const kind = kindOf(file)
  const uploaded = yield* upload(out.account.settings, file, out.slowdown).pipe(
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

/** A short text goes under the first file where that can carry one; else the text first, then the files. */
const partsOf = (out: Outgoing): ReadonlyArray<Part> => {
  const { message, text } = out
  const [first, ...others] = message.files
  const asCaption =
    text.length > 0 && text.length <= CAPTION_LIMIT && first !== undefined && kindOf(first) !== "audio"
  const textPart =
    (body: string): Part =>
    (correlation) =>
      postMessage(out, textContents(body), correlation)
  const filePart =
    (file: OutboundFile, caption: string | null): Part =>
    (correlation) =>
      fileContents(out, file, caption).pipe(
        Effect.flatMap((contents) => postMessage(out, contents, correlation)),
      )
  return [
    ...(asCaption
      ? []
      : splitText(text, { max: TEXT_LIMIT, unit: "characters" }, { fences: true }).map(textPart)),
    ...(first === undefined ? [] : [filePart(first, asCaption ? text : null)]),
    ...others.map((file) => filePart(file, null)),
  ]
}

/** Meta has no look-up; but a status about the message may come. */
const statusOf =
  ({ message, statusWaitMs }: Outgoing, parts: number): FindOut =>
  (part) =>
    awaitStatus(message, partKey(part, parts), statusWaitMs)

const sendOpen = (out: Outgoing) => {
  const parts = partsOf(out)
  return sendAll({
    message: out.message,
    closesAt: out.window.closesAt,
    parts,
    findOut: statusOf(out, parts.length),
  })
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
    findOut: statusOf(out, 1),
    template: template ?? null,
    sendTemplate: (parameter, correlation) =>
      template === undefined
        ? Effect.fail(hold(heldUntilTheyWrite(closesAt)))
        : postMessage(out, templateContents(template.name, template.language, parameter), correlation),
  })
}

const send = Effect.fnUntraced(function* (s: Sending, message: OutboundMessage, thread: OutboundThread) {
  const address = yield* decodeAddress(thread.address).pipe(Effect.mapError(noAddress))
  const oversized = message.files.map(tooLargeWords).find((words) => words !== null)
  if (oversized) return yield* permanent("131053", oversized)
  const window = windowOf(thread, yield* Clock.currentTimeMillis)
  const out: Outgoing = {
    ...s,
    message,
    text: renderMessage(message),
    address,
    window,
    slowdown: () => s.restraint.slowdown(message.deliveryId),
  }
  return yield* sendInWindow(window, sendOpen(out), (closesAt) => sendShut(out, thread, closesAt))
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
