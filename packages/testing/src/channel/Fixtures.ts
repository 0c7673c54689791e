/** What a channel team tells the contract suite about its plugin. */
import type {
  ChannelEvent,
  OutboundMessage,
  OutboundThread,
  RawRequest,
  SendFailure,
  Signer,
} from "@opencx/core"
import type { Effect, Scope } from "effect"

/** Kinds of event, in the order in which a request yields them. */
export type EventTag = ChannelEvent["_tag"]

/** A request that somebody other than the provider could send. */
export interface Forgery {
  readonly name: string
  readonly request: () => RawRequest
}

/** A genuine body, and how the provider would sign another one: with it the suite sends rubbish that passes as genuine. */
export type SignedBody =
  | { readonly _tag: "json"; readonly body: unknown; readonly request: (body: unknown) => RawRequest }
  | {
      readonly _tag: "form"
      readonly fields: Readonly<Record<string, string>>
      readonly request: (fields: Readonly<Record<string, string>>) => RawRequest
    }
  | { readonly _tag: "text"; readonly text: string; readonly request: (text: string) => RawRequest }

/** One provider, as it calls the plugin. Requests are made afresh, so that timestamps are of now. */
export interface WebhookFixture {
  readonly name: string
  /** Undecoded settings of an account that takes this provider. */
  readonly settings: unknown
  /** A genuine request. */
  readonly request: () => RawRequest
  readonly yields: ReadonlyArray<EventTag>
  /** Texts of the messages in it, where the test should compare them. */
  readonly texts?: ReadonlyArray<string>
  /** Must all be turned away with `SignatureRejected`. The suite adds a request without any headers by itself. */
  readonly forgeries: ReadonlyArray<Forgery>
  /** True when the proof covers every byte of the body: the suite then changes bytes and wants a refusal. */
  readonly coversBody: boolean
  /** The same event as the provider sends it again (new timestamp, new signature). Dedup keys must not change. */
  readonly redelivered: (() => RawRequest) | null
  /** The same event with fields that the plugin has never seen. Must yield the same. */
  readonly withUnknownFields: (() => RawRequest) | null
  /** An event type that the plugin has never seen: acknowledged, no message. */
  readonly unknownType: (() => RawRequest) | null
  /** Several items of which one cannot be read: what the others yield. Null when the provider sends one at a time. */
  readonly batchWithOneBad: {
    readonly request: () => RawRequest
    readonly yields: ReadonlyArray<EventTag>
  } | null
  /** Genuine, but not readable: `MalformedInput`, never a crash. */
  readonly malformed: ReadonlyArray<Forgery>
  /** For the fuzz test of the decoder behind the signature; leave it out when the provider signs nothing. */
  readonly signed?: SignedBody
}

/** A fake provider that is up: where the account points, and to whom the message goes. */
export interface FakeProvider {
  /** Undecoded settings that lead to the fake. */
  readonly settings: unknown
  /** A thread's `address`, as the plugin itself writes it. */
  readonly address: string
  /** Everything the provider was asked to show a customer so far, in order, without headers and envelopes. */
  readonly received: Effect.Effect<ReadonlyArray<string>>
}

/** How a fake provider behaves, and what the plugin must make of it. */
export interface SendScenario {
  readonly name: string
  readonly start: Effect.Effect<FakeProvider, never, Scope.Scope>
  readonly expect: "sent" | SendFailure["kind"]["_tag"]
  /** Replaces parts of the message that is sent. */
  readonly message?: Partial<OutboundMessage>
  /** Replaces parts of the thread: a `lastInboundAt` outside the reply window. */
  readonly thread?: Partial<OutboundThread>
}

/** All that the suite needs to know. `null` states on purpose that a part does not apply. */
export interface ChannelFixtures {
  /** Undecoded settings with every secret filled in. */
  readonly settings: unknown
  /** Every secret in `settings`, as written there; at least eight characters each. */
  readonly secrets: ReadonlyArray<string>
  /** Settings that must be refused, and a word that the explanation must contain. */
  readonly rejected: ReadonlyArray<{
    readonly name: string
    readonly settings: unknown
    readonly mentions: string
  }>
  readonly webhooks: ReadonlyArray<WebhookFixture> | null
  readonly sending: ReadonlyArray<SendScenario> | null
  /** A provider that takes everything, for the Markdown corpus. */
  readonly rendering: {
    readonly start: Effect.Effect<FakeProvider, never, Scope.Scope>
    /** Corpus items that do not apply, each with the reason, which is printed. */
    readonly leaveOut?: Readonly<Record<string, string>>
  } | null
  /** A signer, when the suite's own does not do. */
  readonly signer?: Signer
}
