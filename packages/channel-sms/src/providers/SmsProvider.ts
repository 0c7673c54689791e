/** What the channel needs from a provider. One file per concern lies in each provider's folder; nothing else knows them. */
import type { HookAnswer, MalformedInput, RawRequest, SignatureRejected } from "@opencx/core"
import type { Effect } from "effect"
import type { MediaAccess } from "../http/download.ts"
import type { Consent } from "../optout/words.ts"
import type { SendProblem } from "./SendProblem.ts"

/** A file of a message, still at the provider. */
export interface RemoteMedia {
  readonly url: string
  /** As the provider declares it; null when it does not. */
  readonly contentType: string | null
}

/** A text by a customer. Addresses as the provider wrote them. */
export interface InboundSms {
  readonly _tag: "Inbound"
  readonly id: string
  readonly from: string
  readonly to: string
  readonly text: string
  readonly media: ReadonlyArray<RemoteMedia>
  /** Epoch milliseconds by the provider's clock; null when it does not say. */
  readonly at: number | null
  /** What the provider itself made of the message; null when it says nothing. */
  readonly consent: Consent
}

/** News about a message of ours. */
export interface StatusNews {
  readonly _tag: "Status"
  /** The provider's id of the message. */
  readonly id: string
  /** The provider's own word, for the dedup key. */
  readonly word: string
  /** Null: an intermediate state that says nothing to anybody. */
  readonly status: "sent" | "delivered" | "read" | "failed" | null
  /** Plain words, when it failed. */
  readonly explanation: string | null
  /** Our part token (see `outbound/PartToken.ts`), from the callback URL or a field that the provider echoes. */
  readonly token: string | null
  readonly at: number | null
}

/** Something genuine that has no use. */
export interface Unused {
  readonly _tag: "Unused"
  readonly key: string
  readonly why: string
}

export type ProviderEvent = InboundSms | StatusNews | Unused

/** One message on its way: a whole answer, or a part of it. */
export interface Part {
  /** The customer, and our number, as the provider wrote them. */
  readonly to: string
  readonly from: string
  readonly text: string
  readonly media: ReadonlyArray<{ readonly url: string; readonly contentType: string }>
  /** The provider reports about this part here; carries `token`. */
  readonly callbackUrl: string
  readonly token: string
}

/** A provider, with one account's settings. */
export interface SmsProvider {
  /** For sentences: `Twilio`. */
  readonly title: string
  verify(request: RawRequest): Effect.Effect<void, SignatureRejected>
  /** Reads a request that was verified. `token`: our part token from the URL. */
  read(request: RawRequest, token: string | null): Effect.Effect<ReadonlyArray<ProviderEvent>, MalformedInput>
  readonly answer: HookAnswer
  readonly media: MediaAccess
  /** Milliseconds that fetching a message's files may take, so that the webhook is answered in time. */
  readonly mediaBudgetMs: number
  /** UTF-16 code units per message, by the encoding that the text needs. */
  readonly textLimit: { readonly gsm: number; readonly unicode: number }
  readonly mms: {
    readonly maxFiles: number
    /** Whether one file may travel as MMS. `size` in bytes. */
    fits(contentType: string, size: number): boolean
    /** Bytes of all files of one message together. */
    readonly maxTotalBytes: number
    /** Whether text and files travel in one message. */
    readonly withText: boolean
  }
  /** Hands one part over. Answers with the provider's id. */
  send(part: Part): Effect.Effect<string, SendProblem>
  /**
   * Looks whether a part is there already: the provider's ids of messages that can be it and were made after this time (epoch
   * ms), newest first. Fails when that cannot be found out. Null when the provider has no list to look into.
   */
  readonly find: ((part: Part, after: number) => Effect.Effect<ReadonlyArray<string>, SendProblem>) | null
}
