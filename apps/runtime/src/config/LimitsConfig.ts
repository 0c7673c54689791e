/** How often one address may call, how slowly, and which proxies tell addresses. Part of `http`. */
import { Effect, Result, Schema } from "effect"
import { IpNetwork } from "effect/net"

const withDefault = <S extends Schema.Top>(schema: S, value: S["Encoded"]) =>
  schema.pipe(Schema.withDecodingDefault(Effect.succeed(value)))

const Network = Schema.String.check(
  Schema.makeFilter(
    (value) =>
      Result.isSuccess(IpNetwork.fromString(value)) ||
      "Use networks as `10.0.0.0/8`, `203.0.113.7/32` or `fd00::/8`",
  ),
)

const PerMinute = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 10_000_000 }))

const Seconds = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 3600 }))

export const LimitsConfig = {
  /** Whose `X-Forwarded-For` is believed. Proxies elsewhere than on this machine must be named, or all of their clients count as one. */
  trustedProxies: withDefault(Schema.Array(Network), ["127.0.0.0/8", "::1/128"]),
  /** Requests of one address to what anybody may see: widget, login page, health. */
  callsPerMinute: withDefault(PerMinute, 3000),
  /** Refused requests of one address to what needs a token or a signature; those that are taken do not count. */
  refusalsPerMinute: withDefault(PerMinute, 300),
  /** How long a connection may take to send the headers of its first request. */
  headersSeconds: withDefault(Seconds, 10),
  /** How long a whole request may take to come; the first headers are part of it. */
  requestSeconds: withDefault(Seconds, 60),
  /** Connections at a time; more are closed at once. Behind a proxy the proxy's count is what matters. */
  maxConnections: withDefault(
    Schema.Int.check(Schema.isBetween({ minimum: 10, maximum: 1_000_000 })),
    20_000,
  ),
} as const
