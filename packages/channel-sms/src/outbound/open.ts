/** The sending half of an SMS account. */
import {
  type Account,
  type OutboundMessage,
  type OutboundPart,
  type OutboundThread,
  SendFailure,
  type Sender,
  sendParts,
} from "@opencx/core"
import { Effect } from "effect"
import { decodeReplyAddress, type ReplyAddress } from "../address/ReplyAddress.ts"
import type { SendProblem } from "../providers/SendProblem.ts"
import type { SmsProvider } from "../providers/SmsProvider.ts"
import type { SmsSettings } from "../settings.ts"
import { compose, type Piece } from "./compose.ts"
import { fateOf } from "./fate.ts"
import { callbackUrlOf, nameOf, type PartName, signPart } from "./PartToken.ts"

/** An account that is open for sending. */
interface Outbox {
  readonly account: Account<SmsSettings>
  readonly provider: SmsProvider
  /** How long a lost answer is waited for in callbacks and lists, in milliseconds. */
  readonly settleMs: number
}

const permanent = (code: string, explanation: string) =>
  new SendFailure({ kind: { _tag: "Permanent", code, explanation } })

/** What a problem with one part means for the delivery. A further try goes on behind the parts that are out. */
const failureOf = ({ problem }: SendProblem, { of, part }: PartName): SendFailure => {
  const before = part === 1 ? "" : `Only the first ${part - 1} of ${of} parts were sent. `
  switch (problem._tag) {
    case "Later":
      return new SendFailure({ kind: { _tag: "Retry", afterMs: problem.afterMs, detail: problem.detail } })
    case "Refused":
      return permanent(problem.code, before + problem.explanation)
    case "Doubtful":
      return new SendFailure({
        kind: { _tag: "Ambiguous", detail: before + problem.detail, resendIsSafe: false },
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

/** The parts of a message, as they are sent and looked for. */
const partsOf = (
  { account, provider, settleMs }: Outbox,
  { deliveryId, progress }: OutboundMessage,
  address: ReplyAddress,
  pieces: ReadonlyArray<Piece>,
): ReadonlyArray<OutboundPart> =>
  pieces.map((piece, index) => {
    const named: PartName = { deliveryId, part: index + 1, of: pieces.length }
    const name = nameOf(named)
    const token = signPart(account.signer, named)
    const part = { ...address, ...piece, token, callbackUrl: callbackUrlOf(account.hookUrl, token) }
    return {
      name,
      send: provider.send(part).pipe(Effect.mapError((error) => failureOf(error, named))),
      find: (since) => fateOf({ provider, progress, name, part, settleMs }, since),
    }
  })

const send = Effect.fn("channel-sms.send")(function* (
  outbox: Outbox,
  message: OutboundMessage,
  thread: OutboundThread,
) {
  const address = yield* decodeReplyAddress(thread.address).pipe(
    Effect.mapError(() =>
      permanent(
        "address",
        "The customer's number in this conversation cannot be read; text or call them directly.",
      ),
    ),
  )
  const { account, provider } = outbox
  const { pieces, unreachable } = compose(message, provider, account.settings, address)
  const problem = pieceProblem(unreachable, pieces)
  if (problem !== null) return yield* problem
  const ids = yield* sendParts(message.progress, partsOf(outbox, message, address, pieces))
  return { providerId: ids.at(-1) ?? null, messageId: ids[0] ?? null }
})

/** Opens an account for sending. `settleMs`: how long a lost answer is waited for. */
export const openSender = (
  account: Account<SmsSettings>,
  provider: SmsProvider,
  settleMs: number,
): Sender => ({ send: (message, thread) => send({ account, provider, settleMs }, message, thread) })
