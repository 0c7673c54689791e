/** A small channel of the usual kind: signed JSON batches in, JSON over HTTP out. `flaws` break it on purpose. */
import { createHmac, timingSafeEqual } from "node:crypto"
import {
  type ChannelEvent,
  type ChannelPlugin,
  definePlugin,
  MalformedInput,
  type OutboundPart,
  SendFailure,
  sendParts,
  SignatureRejected,
  stateless,
} from "@opencx/core"
import { Effect, Option, Redacted, Schema } from "effect"

export type Flaw =
  | "no-signature"
  | "batch-lost"
  | "keys-change"
  | "secret-shown"
  | "crashes"
  | "cuts-text"
  | "too-long"
  | "forgets"
  | "guesses"
  | "unknown-is-message"

const Settings = Schema.Struct({
  url: Schema.String.check(Schema.isPattern(/^https?:\/\//, { expected: "an http(s) URL" })),
  secret: Schema.RedactedFromValue(Schema.String.check(Schema.isMinLength(8))),
})

const Item = Schema.Struct({
  id: Schema.String,
  type: Schema.String,
  from: Schema.String,
  text: Schema.optionalKey(Schema.String),
})
const decodeBatch = Schema.decodeUnknownEffect(
  Schema.fromJsonString(Schema.Struct({ items: Schema.Array(Schema.Unknown) })),
)
const decodeItem = Schema.decodeUnknownOption(Item)

export const signatureOf = (secret: string, body: Uint8Array): string =>
  createHmac("sha256", secret).update(body).digest("hex")

let counter = 0

const eventOf = (item: typeof Item.Type, flaws: ReadonlySet<Flaw>): ChannelEvent => {
  const dedupKey = flaws.has("keys-change") ? `${item.id}-${++counter}` : `post:${item.id}`
  if (item.type !== "message" && !flaws.has("unknown-is-message"))
    return { _tag: "Ignored", dedupKey, why: item.type }
  return {
    _tag: "Message",
    dedupKey,
    sender: { kind: "external", value: item.from, verified: true, name: null },
    thread: { defaultKey: item.from, signedKey: null, references: [], participant: item.from },
    address: JSON.stringify({ to: item.from }),
    subject: null,
    text: item.text ?? "",
    fullText: null,
    files: [],
    messageId: item.id,
    raw: null,
    sentAt: 0,
    locale: null,
    automatic: null,
  }
}

const LIMIT = 500
const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" })

/** Pieces of at most LIMIT graphemes, cut at spaces where there are any. */
const split = (text: string): ReadonlyArray<string> => {
  const out: Array<string> = []
  let piece: Array<string> = []
  for (const { segment } of segmenter.segment(text)) {
    piece.push(segment)
    if (piece.length < LIMIT) continue
    const space = piece.lastIndexOf(" ")
    const at = space > 0 ? space + 1 : piece.length
    out.push(piece.slice(0, at).join(""))
    piece = piece.slice(at)
  }
  return [...out, ...(piece.length > 0 ? [piece.join("")] : [])]
}

const post = (url: string, text: string) =>
  Effect.tryPromise({
    try: (signal) => fetch(url, { method: "POST", body: text, signal }),
    catch: () => new SendFailure({ kind: { _tag: "Ambiguous", detail: "no answer", resendIsSafe: false } }),
  })

const sendPiece = Effect.fnUntraced(function* (
  piece: string,
  settings: typeof Settings.Type,
  flaws: ReadonlySet<Flaw>,
) {
  const response = yield* post(settings.url, piece)
  if (response.ok) return `id-${++counter}`
  const secret = flaws.has("secret-shown") ? Redacted.value(settings.secret) : ""
  const kind =
    response.status >= 500 || flaws.has("guesses")
      ? { _tag: "Retry" as const, afterMs: null, detail: `status ${response.status} ${secret}` }
      : {
          _tag: "Permanent" as const,
          code: String(response.status),
          explanation: "The customer has blocked us.",
        }
  return yield* new SendFailure({ kind })
})

/** The plugin, sound when `flaws` is empty. */
export const postPlugin = (...list: ReadonlyArray<Flaw>): ChannelPlugin => {
  const flaws = new Set(list)
  return definePlugin({
    id: "post",
    title: "Post",
    capabilities: {
      handoff: "messaging",
      channelTag: "post",
      textLimit: LIMIT,
      markup: "markdown",
      media: { inbound: false, outbound: false, maxBytes: 0 },
      receipts: false,
      typing: false,
      replyWindowMinutes: null,
      optOutWords: [],
    },
    identity: ["external"],
    settings: Settings,
    inbound: {
      verify: (request, { settings }) => {
        const expected = Buffer.from(signatureOf(Redacted.value(settings.secret), request.body))
        const given = Buffer.from(request.headers["x-signature"] ?? "")
        const good = given.length === expected.length && timingSafeEqual(given, expected)
        return good || flaws.has("no-signature")
          ? Effect.void
          : Effect.fail(new SignatureRejected({ detail: "the signature does not fit" }))
      },
      decode: (request) =>
        decodeBatch(new TextDecoder().decode(request.body)).pipe(
          Effect.mapError(
            (e) => new MalformedInput({ detail: e.message, hint: "post a JSON object with `items`" }),
          ),
          Effect.map(({ items }) => {
            const read = items.map((item) => Option.getOrNull(decodeItem(item)))
            if (flaws.has("crashes") && read.includes(null)) throw new Error("cannot read")
            if (flaws.has("batch-lost") && read.includes(null)) return []
            return read.flatMap((item) => (item === null ? [] : [eventOf(item, flaws)]))
          }),
        ),
    },
    outbound: stateless<typeof Settings.Type>((message, _thread, { settings }) => {
      const whole = flaws.has("too-long") ? [message.text] : split(message.text)
      const pieces = flaws.has("cuts-text") ? whole.map((p) => p.slice(0, 16)) : whole
      // A number of its own in every try: as a plugin would do that trusts its own memory.
      const run = flaws.has("forgets") ? `${++counter}` : "part"
      const parts = pieces.map((piece, index): OutboundPart => ({
        name: `${run}-${index + 1}`,
        send: sendPiece(piece, settings, flaws),
        find: () => Effect.succeed({ _tag: "Unknown" }),
      }))
      return Effect.as(sendParts(message.progress, parts), { providerId: null, messageId: null })
    }),
  })
}
