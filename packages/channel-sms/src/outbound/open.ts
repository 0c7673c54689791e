/** The sending half of an SMS account. */
import {
  type Account,
  type OutboundMessage,
  type OutboundThread,
  SendFailure,
  type Sender,
} from "@opencx/core"
import { Clock, Effect } from "effect"
import { decodeReplyAddress, type ReplyAddress } from "../address/ReplyAddress.ts"
import type { SendProblem } from "../providers/SendProblem.ts"
import type { SmsProvider } from "../providers/SmsProvider.ts"
import type { SmsSettings } from "../settings.ts"
import { compose, type Piece } from "./compose.ts"
import type { Ledger } from "./Ledger.ts"
import { callbackUrlOf, type PartName, signPart } from "./PartToken.ts"
import { type Outbox, sendPart } from "./sendPart.ts"

const permanent = (code: string, explanation: string) =>
  new SendFailure({ kind: { _tag: "Permanent", code, explanation } })

/** What a problem with one part means for the delivery. A further try goes on behind the parts that are out. */
const failureOf = ({ problem }: SendProblem, { of, part }: PartName, canLook: boolean): SendFailure => {
  const before = part === 1 ? "" : `Only the first ${part - 1} of ${of} parts were sent. `
  switch (problem._tag) {
    case "Later":
      return new SendFailure({ kind: { _tag: "Retry", afterMs: problem.afterMs, detail: problem.detail } })
    case "Refused":
      return permanent(problem.code, before + problem.explanation)
    case "Doubtful":
      // The next try looks for the part before it sends it, where the provider has a list to look into.
      return new SendFailure({
        kind: { _tag: "Ambiguous", detail: before + problem.detail, resendIsSafe: canLook },
      })
  }
}

const pieceProblem = (
  unreachable: ReadonlyArray<string>,
  pieces: ReadonlyArray<Piece>,
): SendFailure | null => {
  if (unreachable.length > 0)
    return permanent(
      "no-file-url",
      `Files cannot be sent by text message here (${unreachable.join(", ").slice(0, 200)}): this installation does not serve them under a public address. Nothing was sent; send the text without files, or with a link.`,
    )
  return pieces.length === 0
    ? permanent("empty", "There is nothing to send: the message has neither words nor files.")
    : null
}

/** Sends all parts in order, each only after the one before was taken. Answers with the ids. */
const sendAll = Effect.fnUntraced(function* (
  outbox: Outbox,
  account: Account<SmsSettings>,
  message: OutboundMessage,
  thread: OutboundThread,
  address: ReplyAddress,
) {
  const { provider } = outbox
  const { pieces, unreachable } = compose(message, provider, account.settings, address)
  const problem = pieceProblem(unreachable, pieces)
  if (problem !== null) return yield* problem
  const { deliveryId } = message
  const { again, firstAt } = outbox.ledger.begin(deliveryId, yield* Clock.currentTimeMillis)
  return yield* Effect.forEach(pieces, (piece, index) => {
    const name: PartName = { deliveryId, part: index + 1, of: pieces.length }
    const token = signPart(account.signer, name)
    const part = { ...address, ...piece, token, callbackUrl: callbackUrlOf(account.hookUrl, token) }
    return sendPart(outbox, { name, part, firstAt, again, lastInboundAt: thread.lastInboundAt }).pipe(
      Effect.mapError((error) => failureOf(error, name, provider.find !== null)),
    )
  })
})

/** Opens an account for sending. `settleMs`: how long a lost answer is waited for. */
export const openSender = Effect.fn("channel-sms.openSender")(function* (
  account: Account<SmsSettings>,
  provider: SmsProvider,
  ledger: Ledger,
  settleMs: number,
) {
  const outbox: Outbox = { provider, ledger, openedAt: yield* Clock.currentTimeMillis, settleMs }
  const send = Effect.fn("channel-sms.send")(function* (message: OutboundMessage, thread: OutboundThread) {
    const address = yield* decodeReplyAddress(thread.address).pipe(
      Effect.mapError(() =>
        permanent(
          "address",
          "The customer's number in this conversation cannot be read; text or call them directly.",
        ),
      ),
    )
    const ids = yield* sendAll(outbox, account, message, thread, address)
    return { providerId: ids.at(-1) ?? null, messageId: ids[0] ?? null }
  })
  const sender: Sender = { send }
  return sender
})
