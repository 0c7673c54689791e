/** The sending half of an email account. */
import type { Account, OutboundMessage, OutboundThread, Sender } from "@opencx/core"
import { Clock, Effect } from "effect"
import type { EmailSettings } from "../settings.ts"
import { compose, type ComposedFile } from "./compose.ts"
import { openPool } from "./connection.ts"
import { classify, permanent, retry } from "./failure.ts"
import { decodeReplyAddress } from "./ReplyAddress.ts"

const MAX_OUTGOING = 25 * 1024 * 1024

const readFiles = Effect.fnUntraced(function* (message: OutboundMessage) {
  const total = message.files.reduce((sum, f) => sum + f.size, 0)
  if (total > MAX_OUTGOING) {
    return yield* permanent(
      "5.3.4",
      `The attachments are ${Math.ceil(total / 1_048_576)} MB together; emails of more than 25 MB do not arrive. Send a link instead.`,
    )
  }
  return yield* Effect.forEach(message.files, (file) =>
    file.bytes.pipe(
      Effect.map((bytes): ComposedFile => ({
        fileName: file.fileName,
        contentType: file.contentType,
        bytes,
      })),
      Effect.mapError((error) => retry(`an attachment could not be read: ${error.message}`)),
    ),
  )
})

/** Opens a connection pool for the account's server and answers with its sender. */
export const openSender = Effect.fn("channel-email.openSender")(function* (account: Account<EmailSettings>) {
  const pool = yield* openPool(account.settings)
  const send = Effect.fn("channel-email.send")(function* (message: OutboundMessage, thread: OutboundThread) {
    const address = yield* decodeReplyAddress(thread.address).pipe(
      Effect.mapError(() =>
        permanent(
          "5.1.3",
          "The email address of this conversation cannot be read; write to the customer directly.",
        ),
      ),
    )
    const files = yield* readFiles(message)
    const mail = yield* compose(
      account,
      message,
      thread,
      address,
      files,
      yield* Clock.currentTimeMillis,
    ).pipe(
      Effect.mapError((error) =>
        permanent("5.6.0", `The email could not be put together: ${error.message.slice(0, 200)}`),
      ),
    )
    const recipient = mail.envelope.to[0]
    if (recipient === undefined || address.to.length === 0) {
      return yield* permanent(
        "5.1.3",
        "There is no address to answer to: the customer's mail had none that can be used.",
      )
    }
    yield* pool.send(mail).pipe(Effect.mapError((error) => classify(error.cause, error.progress, recipient)))
    return { providerId: mail.messageId, messageId: mail.messageId }
  })
  const sender: Sender = { send }
  return sender
})
