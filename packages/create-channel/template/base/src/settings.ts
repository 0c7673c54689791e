/** The settings of one account. Every secret is a `Redacted`, so that no log and no error can show it. */
import { Effect, Schema } from "effect"

/** A host that never leaves this machine, as `URL.hostname` gives it. */
export const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(host)

const isSafe = (url: URL): boolean =>
  url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname))

const Secret = Schema.RedactedFromValue(Schema.String.check(Schema.isMinLength(16)))

const Host = Schema.String.check(
  Schema.isPattern(/^[a-z0-9.-]{1,253}$/, { expected: "a host name such as media.example.com" }),
)

export const Settings = Schema.Struct({
  /** The key with which we call the provider's API. */
  apiKey: Secret,
  /** With which the provider proves its webhooks. */
  webhookSecret: Secret,
  /** Where the API is reached: https, or http on this machine (the fake provider). No slash at the end. */
  apiBaseUrl: Schema.String.check(
    Schema.makeFilter(
      (text) =>
        (URL.canParse(text) && isSafe(new URL(text)) && !text.endsWith("/")) ||
        "apiBaseUrl must be an https URL without a slash at the end (http only on loopback)",
    ),
  ).pipe(Schema.withDecodingDefaultKey(Effect.succeed("https://api.acme-chat.example/v1"))),
  /** Exact hosts from which customers' files may be fetched. */
  mediaHosts: Schema.Array(Host).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(["media.acme-chat.example"])),
  ),
  /** Milliseconds to wait for an answer of the provider. */
  timeoutMs: Schema.Int.check(Schema.isBetween({ minimum: 100, maximum: 120_000 })).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(15_000)),
  ),
})
export type Settings = typeof Settings.Type
