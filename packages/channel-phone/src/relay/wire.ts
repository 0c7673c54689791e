/**
 * Messages of Twilio's ConversationRelay (docs/voice/conversationrelay/websocket-messages). Unknown types and fields are
 * tolerated: Twilio adds them.
 */
import { Option, Schema } from "effect"

const Setup = Schema.Struct({
  type: Schema.Literal("setup"),
  sessionId: Schema.NonEmptyString,
  accountSid: Schema.String,
  callSid: Schema.String,
  from: Schema.optionalKey(Schema.NullOr(Schema.String)),
  callerName: Schema.optionalKey(Schema.NullOr(Schema.String)),
})

const Prompt = Schema.Struct({
  type: Schema.Literal("prompt"),
  voicePrompt: Schema.String,
  lang: Schema.optionalKey(Schema.NullOr(Schema.String)),
  /** False: the caller is still speaking and a fuller prompt follows. */
  last: Schema.optionalKey(Schema.Boolean),
})

const Dtmf = Schema.Struct({ type: Schema.Literal("dtmf"), digit: Schema.String })

const Interrupt = Schema.Struct({
  type: Schema.Literal("interrupt"),
  utteranceUntilInterrupt: Schema.optionalKey(Schema.NullOr(Schema.String)),
  /** Documented as a number, sent as a string too. */
  durationUntilInterruptMs: Schema.optionalKey(Schema.Unknown),
})

const Failure = Schema.Struct({
  type: Schema.Literal("error"),
  description: Schema.optionalKey(Schema.String),
})

const Inbound = Schema.Union([Setup, Prompt, Dtmf, Interrupt, Failure])
export type Inbound = typeof Inbound.Type
export type Setup = typeof Setup.Type

const decodeInbound = Schema.decodeUnknownOption(Schema.fromJsonString(Inbound))

/** One frame; null when it is nothing that we know. */
export const readFrame = (frame: string): Inbound | null => Option.getOrNull(decodeInbound(frame))

const Outbound = Schema.Union([
  Schema.Struct({ type: Schema.Literal("text"), token: Schema.String, last: Schema.Boolean }),
  Schema.Struct({ type: Schema.Literal("end"), handoffData: Schema.String }),
])
const encodeOutbound = Schema.encodeSync(Schema.fromJsonString(Outbound))
const encodeHandoff = Schema.encodeSync(
  Schema.fromJsonString(Schema.Struct({ reasonCode: Schema.String, token: Schema.String })),
)

/** A piece of speech; `last` ends the turn. */
export const textFrame = (token: string, last: boolean): string =>
  encodeOutbound({ type: "text", token, last })

/** The end of the session. The token comes back on the action request; nothing personal is in it. */
export const endFrame = (reasonCode: string, token: string): string =>
  encodeOutbound({ type: "end", handoffData: encodeHandoff({ reasonCode, token }) })
