/** Pieces of settings that several providers share. */
import { Effect, Schema } from "effect"

/** Decodes to a `Redacted`; never printed. */
export const Secret = Schema.RedactedFromValue(Schema.NonEmptyString)

/** A phone number in international form. Numbers that are dialled or texted from settings only ever have this form. */
export const E164 = Schema.String.check(
  Schema.isPattern(/^\+[1-9]\d{6,14}$/, { expected: "a number in international form such as +14155550100" }),
)

/** https anywhere, http on the own machine only. */
const BaseUrl = Schema.String.check(
  Schema.isPattern(
    /^(https:\/\/[A-Za-z0-9.-]+(:\d{1,5})?|http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?)$/,
    {
      expected: "an https URL without a path (http on loopback only)",
    },
  ),
)

/** Where a provider's REST API is. */
export const apiBaseUrl = (standard: string) =>
  BaseUrl.pipe(Schema.withDecodingDefaultKey(Effect.succeed(standard)))

/** Where Twilio's REST API is. */
export const TwilioBaseUrl = apiBaseUrl("https://api.twilio.com")

export const AccountSid = Schema.String.check(
  Schema.isPattern(/^AC[0-9a-fA-F]{32}$/, { expected: "a Twilio account SID (AC and 32 characters)" }),
)

/** A sentence that is spoken to callers. */
export const Sentence = Schema.String.check(Schema.isMinLength(1), Schema.isMaxLength(1_000))

/**
 * Whether a finished call may be answered by SMS. `caller_id`: whoever calls may be texted at the number they called from;
 * `asked`: only callers who pressed the consent key during the call; `never`.
 */
export const TextConsent = Schema.Literals(["caller_id", "asked", "never"])

/** A whole number within bounds, with a default. */
export const bounded = (minimum: number, maximum: number, standard: number) =>
  Schema.Int.check(Schema.isBetween({ minimum, maximum })).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(standard)),
  )
