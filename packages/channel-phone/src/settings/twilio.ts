/** Settings of a number at Twilio whose calls our own assistant takes (ConversationRelay). */
import { OfficeHours } from "@opencx/core"
import { Effect, Schema } from "effect"
import { AccountSid, bounded, E164, Secret, Sentence, TextConsent, TwilioBaseUrl } from "./common.ts"

const Text = Schema.optionalKey(Schema.NonEmptyString.check(Schema.isMaxLength(500)))

/** How the assistant hears and speaks; attributes of `<ConversationRelay>` with the same meaning. */
const Voice = Schema.Struct({
  ttsProvider: Text,
  voice: Text,
  transcriptionProvider: Text,
  speechModel: Text,
  /** Words that the recognition should expect, separated by commas. */
  hints: Text,
})

/** Another language that callers may speak. */
const Language = Schema.Struct({
  code: Schema.NonEmptyString.check(Schema.isMaxLength(20)),
  ttsProvider: Text,
  voice: Text,
  transcriptionProvider: Text,
  speechModel: Text,
})

const Transfer = Schema.TaggedUnion({
  /** The rep's typed answers are spoken in the call. */
  none: {},
  /** Rings one configured target. */
  dial: {
    number: Schema.optionalKey(E164),
    sip: Schema.optionalKey(
      Schema.String.check(
        Schema.isPattern(
          /^sips?:[^\s<>"@]{1,100}@[A-Za-z0-9.-]{1,200}(:\d{1,5})?(;[A-Za-z0-9=;._-]{1,200})?$/,
          {
            expected: "a SIP address such as sip:support@pbx.acme.example",
          },
        ),
      ),
    ),
    /** Seconds to ring. */
    timeoutSeconds: bounded(5, 600, 30),
  },
  /** Puts the caller into a Twilio queue, by its name. */
  enqueue: { queue: Schema.NonEmptyString.check(Schema.isMaxLength(64)) },
}).check(
  Schema.makeFilter((transfer) =>
    transfer._tag === "dial" && (transfer.number === undefined) === (transfer.sip === undefined)
      ? "a dial transfer needs either a `number` or a `sip` target"
      : true,
  ),
)

const Voicemail = Schema.Struct({ text: Sentence, maxSeconds: bounded(5, 600, 120) })

const Filler = Schema.Struct({ text: Sentence, afterMs: bounded(200, 20_000, 1_500) })

const SmsFallback = Schema.Struct({
  from: E164,
  consent: TextConsent,
  /** The key that says "you may text me", with `consent: "asked"`. */
  consentKey: Schema.Literals(["1", "2", "3", "4", "5", "6", "7", "8", "9"]).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed("1" as const)),
  ),
})

export const TwilioSettings = Schema.Struct({
  provider: Schema.Literal("twilio"),
  accountSid: AccountSid,
  authToken: Secret,
  /** While the token is rotated: the other one. Signatures of both are taken, requests are made with `authToken`. */
  secondAuthToken: Schema.optionalKey(Secret),
  apiBaseUrl: TwilioBaseUrl,
  greeting: Sentence,
  /** Said before the greeting: that a machine answers, that the call is written down. */
  disclosure: Schema.optionalKey(Sentence),
  /** BCP-47. */
  language: Schema.NonEmptyString.check(Schema.isMaxLength(20)).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed("en-US")),
  ),
  voice: Voice.pipe(Schema.withDecodingDefaultKey(Effect.succeed({}))),
  languages: Schema.Array(Language).pipe(Schema.withDecodingDefaultKey(Effect.succeed([]))),
  /** By what callers can interrupt the assistant. */
  interruptible: Schema.Literals(["none", "dtmf", "speech", "any"]).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed("any" as const)),
  ),
  /** Said when an answer takes its time. */
  filler: Schema.optionalKey(Filler),
  transfer: Transfer.pipe(Schema.withDecodingDefaultKey(Effect.succeed({ _tag: "none" as const }))),
  /** Outside of these hours nothing rings: `nobodyText` is said, and a voicemail taken. Always open when absent. */
  transferHours: Schema.optionalKey(OfficeHours),
  /** Said last before the call is transferred. */
  transferText: Sentence.pipe(
    Schema.withDecodingDefaultKey(Effect.succeed("I am putting you through to a colleague.")),
  ),
  /** How long to wait for the confirmation of the handoff before the call is transferred all the same. */
  transferWaitMs: bounded(0, 60_000, 6_000),
  /** Said when nobody takes the transferred call. */
  nobodyText: Sentence.pipe(
    Schema.withDecodingDefaultKey(
      Effect.succeed(
        "Nobody can take your call right now. Your request is noted, and we will get back to you.",
      ),
    ),
  ),
  voicemail: Schema.optionalKey(Voicemail),
  /** Said when something on our side does not work. */
  troubleText: Sentence.pipe(
    Schema.withDecodingDefaultKey(
      Effect.succeed("Sorry, something went wrong on our side. Please say that again."),
    ),
  ),
  smsFallback: Schema.optionalKey(SmsFallback),
  /** `attested`: a caller's number counts as proven with full STIR/SHAKEN attestation only; `trusted`: always. */
  callerId: Schema.Literals(["attested", "trusted"]).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed("attested" as const)),
  ),
  /** Milliseconds of silence after which typed keys count as finished. */
  keypadPauseMs: bounded(200, 10_000, 1_500),
  /** Seconds without any sign of the caller after which the call is ended. */
  idleSeconds: bounded(10, 3_600, 600),
  maxCallMinutes: bounded(1, 240, 60),
})
export type TwilioSettings = typeof TwilioSettings.Type
