/** Opens an account for sending: renders, splits, and sends the parts in order. */
import {
  type Account,
  type OutboundFile,
  type OutboundMessage,
  type OutboundThread,
  type Receipt,
  SendFailure,
  type Sender,
  sendParts,
} from "@opencx/core"
import { Clock, Effect } from "effect"
import { readAddress } from "../address.ts"
import type { Settings } from "../settings.ts"
import { renderPlain } from "../text/render.ts"
import { splitText } from "../text/split.ts"
import { postTyping } from "./api.ts"
import { REPLY_WINDOW_MINUTES, TEXT_LIMIT } from "./limits.ts"
import { partOf, windowClosed } from "./parts.ts"
import { nameOf, writeReference } from "./Reference.ts"

const conversationOf = (thread: OutboundThread) =>
  readAddress(thread.address).pipe(
    Effect.mapBoth({
      onSuccess: ({ conversation }) => conversation,
      onFailure: () =>
        new SendFailure({
          kind: {
            _tag: "Permanent",
            code: "address",
            explanation: "The address of this conversation cannot be read any more.",
          },
        }),
    }),
  )

/** The provider fetches files by itself. What has no address is at least named. */
const filesOf = (files: ReadonlyArray<OutboundFile>) => ({
  media: files.flatMap(({ contentType, fileName, url }) =>
    url === undefined ? [] : [{ url, filename: fileName, content_type: contentType }],
  ),
  named: files.filter((file) => file.url === undefined).map((file) => `[File: ${file.fileName}]`),
})

const isClosed = ({ lastInboundAt }: OutboundThread, now: number): boolean =>
  lastInboundAt !== null && now > lastInboundAt + REPLY_WINDOW_MINUTES * 60_000

const send = Effect.fnUntraced(function* (
  account: Account<Settings>,
  message: OutboundMessage,
  thread: OutboundThread,
) {
  const conversation = yield* conversationOf(thread)
  if (isClosed(thread, yield* Clock.currentTimeMillis)) return yield* new SendFailure({ kind: windowClosed })
  const { media, named } = filesOf(message.files)
  const text = [renderPlain(message.text), ...named].filter((part) => part !== "").join("\n\n")
  const texts = splitText(text, TEXT_LIMIT)
  const parts = texts.length === 0 ? [""] : texts
  const ids = yield* sendParts(
    message.progress,
    parts.map((part, index) => {
      const reference = { deliveryId: message.deliveryId, part: index + 1, of: parts.length }
      return partOf(account, nameOf(reference), {
        conversation,
        text: part,
        reference: writeReference(reference),
        media: index === 0 ? media : [],
      })
    }),
  )
  const last = ids.at(-1) ?? null
  return { providerId: last, messageId: last } satisfies Receipt
})

/** Nothing has to be opened or closed: every call stands for itself. */
export const open = (account: Account<Settings>): Effect.Effect<Sender> =>
  Effect.succeed({
    send: (message, thread) => send(account, message, thread),
    typing: (thread) =>
      conversationOf(thread).pipe(
        Effect.flatMap((conversation) => postTyping(account, conversation)),
        Effect.ignore,
      ),
  })
