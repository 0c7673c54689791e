/**
 * The contract between OpenCX and a channel: data plus functions. A plugin package exports one value made by
 * `definePlugin`; importing it does nothing. `@opencx/testing` has the suite that every plugin must pass.
 */
import { Effect, type Layer, Schema, type Scope } from "effect"
import type { HttpRouter } from "effect/http"
import type { IdentityKind } from "../domain/Contact.ts"
import type { Source } from "../domain/Entry.ts"
import { type AccountId, ChannelId, type DeliveryId, type OrgId, type SessionId } from "../domain/Ids.ts"
import type { CustomerText } from "../domain/Surface.ts"
import type { StoreError } from "../errors/PortErrors.ts"
import type { OutboundFile } from "../ports/Ticketing.ts"
import type { ChannelEvent } from "./ChannelEvent.ts"
import type { ConversationView } from "./ConversationView.ts"
import type { SendProgress } from "./SendProgress.ts"

/** What a channel can do. The engine, the documentation and the contract suite all read it. */
export interface Capabilities {
  /** Where a human takes over: a ticket, or a live chat (which needs Messaging; else a ticket too). */
  readonly handoff: "messaging" | "ticket"
  /** Tag and display name: `email`, `sms`, `web`. */
  readonly channelTag: string
  /** Characters (graphemes) per message; null when there is no limit. */
  readonly textLimit: number | null
  readonly markup: "markdown" | "whatsapp" | "plain" | "html" | "speech"
  readonly media: { readonly inbound: boolean; readonly outbound: boolean; readonly maxBytes: number }
  readonly receipts: boolean
  readonly typing: boolean
  /** Minutes after the customer's last message in which free text may be sent; null when always. */
  readonly replyWindowMinutes: number | null
  /** Words that opt a customer out, as whole messages; empty when the channel knows no such thing. */
  readonly optOutWords: ReadonlyArray<string>
}

/** A request, as raw as it came. Header names are lower-case. */
export interface RawRequest {
  readonly method: string
  /** The URL that the provider called: the configured public URL, not what a proxy made of it. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  readonly remoteAddress: string | null
}

/**
 * The request does not come from the provider, or is a replay. Answered with 401; with 503 when `comeAgain`: some providers
 * sometimes leave a signature out, and sign when they are asked again.
 */
export class SignatureRejected extends Schema.TaggedError<SignatureRejected>(
  "@opencx/core/SignatureRejected",
)("SignatureRejected", { detail: Schema.String, comeAgain: Schema.optionalKey(Schema.Boolean) }) {}

/** The request is genuine but cannot be read. Answered with 400; `hint` says what to look at. */
export class MalformedInput extends Schema.TaggedError<MalformedInput>("@opencx/core/MalformedInput")(
  "MalformedInput",
  { detail: Schema.String, hint: Schema.String },
) {}

/** A channel account's settings do not fit the plugin's Schema. */
export class SettingsRejected extends Schema.TaggedError<SettingsRejected>("@opencx/core/SettingsRejected")(
  "SettingsRejected",
  { detail: Schema.String, hint: Schema.String },
) {}

/** Why a message could not be sent. */
export class SendFailure extends Schema.TaggedError<SendFailure>("@opencx/core/SendFailure")("SendFailure", {
  kind: Schema.TaggedUnion({
    /** Try again, not before `afterMs`. */
    Retry: { afterMs: Schema.NullOr(Schema.Number), detail: Schema.String },
    /** It can never arrive. `explanation` is what the rep reads on the ticket, in plain words. */
    Permanent: { code: Schema.String, explanation: Schema.String },
    /** Nobody knows whether it went out. `resendIsSafe`: the same delivery sent again is the same message to the receiver. */
    Ambiguous: { detail: Schema.String, resendIsSafe: Schema.Boolean },
    /**
     * Not possible until the customer writes again (a closed reply window). The engine keeps it, tells the humans
     * `explanation`, and sends it after the customer's next message.
     */
    Hold: { explanation: Schema.String },
    /** Not sent, and that is right: somebody else has the conversation now. No failure, nothing to be told to anybody. */
    Withheld: { why: Schema.String },
  }),
}) {}

/** One message on its way out. */
export interface OutboundMessage {
  readonly deliveryId: DeliveryId
  readonly sessionId: SessionId
  /** Who speaks: changes headers, names and rules of a channel. */
  readonly author: "ai" | "human" | "system"
  /** Which configured sentence this is (`handoffConfirmed`, …), for `system`; null for people's and the AI's own words. */
  readonly purpose: string | null
  readonly authorName: string | null
  /** Markdown. */
  readonly text: CustomerText
  readonly subject: string | null
  /** Articles that an AI answer rests on; channels whose `text` shows them already may leave them out. */
  readonly sources: ReadonlyArray<Source>
  readonly files: ReadonlyArray<OutboundFile>
  /** What earlier tries of this delivery have sent: for channels that need several messages, and for doubts after a crash. */
  readonly progress: SendProgress
}

/** Where it goes: the plugin's own `address` of the newest inbound message (JSON), and the thread. */
export interface OutboundThread {
  readonly key: string
  readonly address: string
  /** Epoch ms of the customer's newest message by the provider's clock, for reply windows; null when there is none. */
  readonly lastInboundAt: number | null
  /** The word with which the customer agreed to messages in this thread (an `OptOut` with `optedOut: false`), and when. */
  readonly optIn?: { readonly word: string; readonly at: number } | null
}

/** The provider took it. `messageId`: what later references, receipts or bounces will name. */
export interface Receipt {
  readonly providerId: string | null
  readonly messageId: string | null
}

/** What a plugin gets for one channel account. */
export interface Account<Settings> {
  readonly orgId: OrgId
  readonly accountId: AccountId
  readonly organizationName: string
  readonly settings: Settings
  /** This account's own signed webhook URL, as the provider must call it: for callbacks, and as what signatures are over. */
  readonly hookUrl: string
  /** Where the outside reaches the runtime, without a slash at the end; a plugin's `routes` lie under `<publicUrl>/<id>`. */
  readonly publicUrl: string
  /** Signs short texts for addresses and envelopes, and checks them; keyed per installation, bound to this account. */
  readonly signer: Signer
}

/** Signed tokens: `a-z0-9` only, so that they survive in an email's local part. */
export interface Signer {
  /** `text` → token that carries it. Texts of up to 100 characters of `a-z0-9-`. */
  sign(purpose: string, text: string): string
  /** Token → text, or null when it was not made by us for this purpose and account. */
  open(purpose: string, token: string): string | null
}

export interface Sender {
  send(message: OutboundMessage, thread: OutboundThread): Effect.Effect<Receipt, SendFailure>
  /**
   * Shows the customer that an answer is being written, where the channel can. Called when an AI turn begins, and again
   * every 20 s while it lasts; and while a human writes in a live chat, at most every 10 s. Best effort: failures are
   * ignored.
   */
  readonly typing?: (thread: OutboundThread) => Effect.Effect<void>
}

/** Takes events in durably. Returns only when they are journaled; `StoreError`: ask the provider to come again. */
export type Accept = (
  account: { readonly orgId: OrgId; readonly accountId: AccountId },
  events: ReadonlyArray<ChannelEvent>,
) => Effect.Effect<void, StoreError>

/** What a plugin that listens by itself (SMTP, IMAP) gets: its accounts, its own process settings, and the journal. */
export interface ListenHost<Settings> {
  readonly accounts: ReadonlyArray<Account<Settings>>
  /** The plugin's section under `listeners` of the configuration, undecoded. */
  readonly options: unknown
  readonly accept: Accept
}

/** What a plugin with HTTP routes of its own gets: a widget's scripts and streams, a voice channel's sockets. */
export interface ServeHost<Settings> {
  readonly accounts: ReadonlyArray<Account<Settings>>
  readonly accept: Accept
  /** What customers may see of their conversations. */
  readonly conversations: ConversationView
}

/** What a provider wants to see in answer to a webhook. */
export interface HookAnswer {
  readonly status: number
  readonly contentType: string
  readonly body: string
}

/** What a listener says when it is up, for the start banner: `{ smtp: "127.0.0.1:2525" }`. */
export type ListenInfo = Readonly<Record<string, string>>

/** What a plugin author writes. `S` is the decoded form of one account's settings. */
export interface PluginSpec<S, E> {
  readonly id: string
  readonly title: string
  readonly capabilities: Capabilities
  /** Which identities this channel proves, strongest first: the merge order. */
  readonly identity: ReadonlyArray<IdentityKind>
  readonly settings: Schema.Codec<S, E>
  readonly inbound: {
    /** Over the raw bytes. Absent when the channel takes no webhooks. */
    readonly verify?: (request: RawRequest, account: Account<S>) => Effect.Effect<void, SignatureRejected>
    readonly decode?: (
      request: RawRequest,
      account: Account<S>,
    ) => Effect.Effect<ReadonlyArray<ChannelEvent>, MalformedInput | SignatureRejected>
    /** The body that the provider wants to see on success; 200 with an empty body when absent. */
    readonly answer?: (request: RawRequest, account: Account<S>) => HookAnswer
    /** Answers a GET on the webhook URL: a provider's proof that the URL is ours (Meta's challenge). 405 when absent. */
    readonly handshake?: (request: RawRequest, account: Account<S>) => HookAnswer
    /**
     * Routes of the plugin's own, mounted under `/<plugin id>`. They authenticate callers themselves, and take events in by
     * `host.accept`. Paths here are relative: `/socket` becomes `/phone/socket`.
     */
    readonly routes?: (host: ServeHost<S>) => Layer.Layer<never, never, HttpRouter.HttpRouter>
    /** Opens sockets and keeps them; lives until the scope closes. */
    readonly listen?: (host: ListenHost<S>) => Effect.Effect<ListenInfo, SettingsRejected, Scope.Scope>
  }
  readonly outbound: {
    /** Opens what sending needs (a connection pool), for the life of the scope. */
    readonly open: (account: Account<S>) => Effect.Effect<Sender, never, Scope.Scope>
  }
}

type Undecoded = Omit<Account<unknown>, "settings"> & { readonly settings: unknown }

/** A plugin with its settings type closed over: what the runtime holds. */
export interface ChannelPlugin {
  readonly id: ChannelId
  readonly title: string
  readonly capabilities: Capabilities
  readonly identity: ReadonlyArray<IdentityKind>
  /** What the plugin reads out of an account's settings: every secret in it is `Redacted`, at the place where it was given. */
  read(account: Undecoded): Effect.Effect<unknown, SettingsRejected>
  /** Checks and binds one account. */
  bind(account: Undecoded): Effect.Effect<BoundChannel, SettingsRejected>
  /** Builds the plugin's own HTTP routes for all its accounts; null when it has none. */
  readonly routes:
    | ((input: {
        readonly accounts: ReadonlyArray<Undecoded>
        readonly accept: Accept
        readonly conversations: ConversationView
      }) => Effect.Effect<Layer.Layer<never, never, HttpRouter.HttpRouter>, SettingsRejected>)
    | null
  /** Starts the plugin's own listeners for all its accounts; null when it has none. */
  readonly listen:
    | ((input: {
        readonly accounts: ReadonlyArray<Undecoded>
        readonly options: unknown
        readonly accept: Accept
      }) => Effect.Effect<ListenInfo, SettingsRejected, Scope.Scope>)
    | null
}

/** One account, ready to use. */
export interface BoundChannel {
  readonly orgId: OrgId
  readonly accountId: AccountId
  readonly plugin: ChannelPlugin
  /** Verify and decode in one step, so that nobody can forget the first. Null when the channel takes no webhooks. */
  readonly receive:
    | ((
        request: RawRequest,
      ) => Effect.Effect<ReadonlyArray<ChannelEvent>, MalformedInput | SignatureRejected>)
    | null
  readonly answer: (request: RawRequest) => HookAnswer
  /** Null when the channel knows no handshake. */
  readonly handshake: ((request: RawRequest) => HookAnswer) | null
  readonly open: Effect.Effect<Sender, never, Scope.Scope>
}

const defaultAnswer = (): HookAnswer => ({ status: 200, contentType: "text/plain", body: "" })

/** Makes a plugin from its specification. Data in, data out: nothing is started here. */
export const definePlugin = <S, E>(spec: PluginSpec<S, E>): ChannelPlugin => {
  const decodeSettings = Schema.decodeUnknownEffect(spec.settings)
  const decoded = Effect.fnUntraced(function* (account: Undecoded) {
    // A misspelt setting must not be a setting that silently does nothing.
    const strict = { errors: "all", onExcessProperty: "error" } as const
    const settings = yield* decodeSettings(account.settings, strict).pipe(
      Effect.mapError(
        (error) =>
          new SettingsRejected({
            detail: `${spec.id} account "${account.accountId}" of "${account.orgId}": ${error.message}`,
            hint: `Correct this account's settings in the configuration; the package README lists every setting.`,
          }),
      ),
    )
    return { ...account, settings } satisfies Account<S>
  })
  const { answer = defaultAnswer, decode, handshake, listen, routes, verify } = spec.inbound
  const plugin: ChannelPlugin = {
    id: ChannelId.make(spec.id),
    title: spec.title,
    capabilities: spec.capabilities,
    identity: spec.identity,
    read: (account) => Effect.map(decoded(account), ({ settings }) => settings),
    bind: Effect.fnUntraced(function* (undecoded) {
      const account = yield* decoded(undecoded)
      return {
        orgId: account.orgId,
        accountId: account.accountId,
        plugin,
        receive:
          verify === undefined || decode === undefined
            ? null
            : (request) =>
                Effect.andThen(
                  Effect.suspend(() => verify(request, account)),
                  Effect.suspend(() => decode(request, account)),
                ),
        answer: (request) => answer(request, account),
        handshake: handshake === undefined ? null : (request) => handshake(request, account),
        open: spec.outbound.open(account),
      }
    }),
    routes:
      routes === undefined
        ? null
        : Effect.fnUntraced(function* ({ accept, accounts, conversations }) {
            return routes({ accounts: yield* Effect.forEach(accounts, decoded), accept, conversations })
          }),
    listen:
      listen === undefined
        ? null
        : Effect.fnUntraced(function* (input) {
            const accounts = yield* Effect.forEach(input.accounts, decoded)
            return yield* listen({ accounts, options: input.options, accept: input.accept })
          }),
  }
  return plugin
}

/** For channels whose sending needs nothing opened. */
export const stateless = <S>(
  send: (
    message: OutboundMessage,
    thread: OutboundThread,
    account: Account<S>,
  ) => Effect.Effect<Receipt, SendFailure>,
) => ({
  open: (account: Account<S>): Effect.Effect<Sender, never, Scope.Scope> =>
    Effect.succeed({ send: (message, thread) => send(message, thread, account) }),
})
