/** Provider events → channel events: the same rules for every provider. */
import type { Account, ChannelEvent, MessageSender, PartReport, RawRequest, ThreadHints } from "@opencx/core"
import { Clock, Effect } from "effect"
import { type MatchKey, matchKeyOf } from "../address/matchKey.ts"
import { encodeReplyAddress } from "../address/ReplyAddress.ts"
import { consentOf } from "../optout/words.ts"
import { nameOf, openPart } from "../outbound/PartToken.ts"
import type { InboundSms, SmsProvider, StatusNews } from "../providers/SmsProvider.ts"
import type { SmsSettings } from "../settings.ts"
import { takeMedia } from "./media.ts"

/** What receiving needs besides the request. */
export interface Receiver {
  readonly account: Account<SmsSettings>
  readonly provider: SmsProvider
}

const automaticSender: Readonly<Record<MatchKey["kind"], string | null>> = {
  number: null,
  shortCode: "it was sent from a short code, which belongs to a program",
  name: "it was sent under a name, which cannot be answered",
  withheld: "the sender's number is withheld, so that it cannot be answered",
}

const partiesOf = (
  message: InboundSms,
): {
  readonly sender: MessageSender
  readonly thread: ThreadHints
  readonly address: string
  readonly kind: MatchKey["kind"]
} => {
  const customer = matchKeyOf(message.from)
  const ours = matchKeyOf(message.to)
  const isNumber = customer.kind === "number"
  return {
    // The carrier vouches for a number; names can be chosen freely.
    sender: { kind: isNumber ? "phone" : "external", value: customer.key, verified: isNumber, name: null },
    thread: {
      defaultKey: `${customer.key}~${ours.key}`,
      signedKey: null,
      references: [],
      participant: customer.key,
    },
    address: encodeReplyAddress({ to: message.from, from: message.to }),
    kind: customer.kind,
  }
}

const messageEvent = Effect.fnUntraced(function* (message: InboundSms, receiver: Receiver, raw: Uint8Array) {
  const { provider } = receiver
  const { settings } = receiver.account
  const { address, kind, sender, thread } = partiesOf(message)
  const text = message.text.replaceAll("\u0000", "").trim()
  const at = message.at ?? (yield* Clock.currentTimeMillis)
  const consent =
    message.consent ?? (message.media.length === 0 ? consentOf(text, settings.optOutWords) : null)
  const common = { dedupKey: `message:${message.id}`, sender, thread, address, messageId: message.id }
  if (consent === "out" || consent === "in")
    return { _tag: "OptOut", ...common, optedOut: consent === "out", text, at } satisfies ChannelEvent
  const fetch = takeMedia(message.media, provider, {
    maxBytes: settings.maxMediaBytes,
    timeoutMs: settings.timeoutMs,
  }).pipe(
    Effect.map(({ files, notes }) => ({
      text: [text, ...notes].filter((line) => line.length > 0).join("\n"),
      fullText: null,
      files,
    })),
  )
  const event: ChannelEvent = {
    _tag: "Message",
    ...common,
    subject: null,
    text,
    fullText: null,
    files: [],
    ...(message.media.length === 0 ? {} : { fetch }),
    raw,
    sentAt: at,
    locale: null,
    automatic:
      consent === "help" && settings.providerAnswersHelp
        ? `it is a help keyword, which ${provider.title} answers by itself`
        : automaticSender[kind],
  }
  return event
})

const deliveryEvent = Effect.fnUntraced(function* (news: StatusNews, { account }: Receiver) {
  const dedupKey = `status:${news.id}:${news.word}`.slice(0, 200)
  const name = news.token === null ? null : openPart(account.signer, news.token)
  if (name === null)
    return { _tag: "Ignored", dedupKey, why: "a status of a message that this account did not send" } as const
  const { deliveryId, of, part } = name
  // Whatever became of it: the provider had it, and sending it again would make two of it.
  const reported: PartReport = { deliveryId, name: nameOf(name), providerId: news.id }
  const which = of === 1 ? "" : `Part ${part} of ${of}: `
  if (news.status === null)
    return {
      _tag: "Ignored",
      dedupKey,
      why: `${which}intermediate status ${news.word}`.slice(0, 200),
      part: reported,
    } as const
  // A long text is there when its last part is; each part can fail it.
  if (news.status !== "failed" && part < of)
    return { _tag: "Ignored", dedupKey, why: `${which}${news.word}`, part: reported } as const
  return {
    _tag: "Delivery",
    dedupKey,
    deliveryId,
    status: news.status,
    explanation: news.explanation === null ? null : which + news.explanation,
    at: news.at ?? (yield* Clock.currentTimeMillis),
    part: reported,
  } satisfies ChannelEvent
})

/** Events of one verified request. */
export const receive = Effect.fn("channel-sms.receive")(function* (
  request: RawRequest,
  token: string | null,
  receiver: Receiver,
) {
  const events = yield* receiver.provider.read(request, token)
  return yield* Effect.forEach(events, (event): Effect.Effect<ChannelEvent> => {
    switch (event._tag) {
      case "Inbound":
        return messageEvent(event, receiver, request.body)
      case "Status":
        return deliveryEvent(event, receiver)
      case "Unused":
        return Effect.succeed({ _tag: "Ignored", dedupKey: `unused:${event.key}`, why: event.why })
    }
  })
})
