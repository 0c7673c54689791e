/** How the embedded SMTP listener runs: process-wide, not per account. */
import { Effect, Schema } from "effect"

/** The `smtp` part of this plugin's process options. */
export const SmtpOptions = Schema.Struct({
  host: Schema.NonEmptyString.pipe(Schema.withDecodingDefaultKey(Effect.succeed("127.0.0.1"))),
  /** 0 takes a free port. */
  port: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 65_535 })),
  /** PEM texts; with them STARTTLS is offered. */
  tls: Schema.optionalKey(
    Schema.Struct({ key: Schema.RedactedFromValue(Schema.NonEmptyString), cert: Schema.NonEmptyString }),
  ),
  maxBytes: Schema.Int.pipe(Schema.withDecodingDefaultKey(Effect.succeed(26_214_400))),
  /** Connections at a time; further ones are told 421. */
  maxClients: Schema.Int.pipe(Schema.withDecodingDefaultKey(Effect.succeed(50))),
  /** Milliseconds of silence after which a client is let go. */
  idleMs: Schema.Int.pipe(Schema.withDecodingDefaultKey(Effect.succeed(60_000))),
  /** Milliseconds that one mail may take to arrive. */
  dataMs: Schema.Int.pipe(Schema.withDecodingDefaultKey(Effect.succeed(300_000))),
})
export type SmtpOptions = typeof SmtpOptions.Type
