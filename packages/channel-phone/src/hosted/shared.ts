/** What hosted voice agents have in common: JSON of moderate size, transcripts that must stay within bounds. */
import {
  type ChannelEvent,
  MalformedInput,
  type RawRequest,
  SignatureRejected,
  type TranscriptEvent,
} from "@opencx/core"
import { Effect, Schema } from "effect"

/** Reports hold the whole conversation, tools' results included. */
const MAX_BYTES = 20_000_000
/** Lines of a transcript that are kept, and characters of a line. */
const MAX_LINES = 2_000
const MAX_LINE = 10_000

export const rejected = (detail: string): SignatureRejected => new SignatureRejected({ detail })

/** Fails on what is larger than any report. */
export const checkSize = (request: RawRequest): Effect.Effect<void, SignatureRejected> =>
  request.body.length > MAX_BYTES
    ? Effect.fail(rejected(`the body is larger than ${MAX_BYTES} bytes`))
    : Effect.void

/** Reads a JSON body; `what` says which URL this is, for the operator. */
export const readJson = <S extends Schema.ConstraintDecoder<unknown>>(schema: S, what: string) => {
  const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(schema))
  return (request: RawRequest): Effect.Effect<S["Type"], MalformedInput> =>
    decode(new TextDecoder().decode(request.body)).pipe(
      Effect.mapError(
        (error) =>
          new MalformedInput({ detail: error.message.slice(0, 300), hint: `this URL takes ${what}` }),
      ),
    )
}

type Line = TranscriptEvent["lines"][number]

/** In order of time; lines of the same time keep theirs. Empty lines go. */
export const inOrder = (lines: ReadonlyArray<Line>): ReadonlyArray<Line> =>
  lines
    .map((line) => ({ ...line, text: line.text.trim().slice(0, MAX_LINE) }))
    .filter((line) => line.text !== "")
    .slice(0, MAX_LINES)
    .toSorted((a, b) => a.at - b.at)

const roles: Readonly<Record<string, Line["role"]>> = {
  ai: "assistant",
  assistant: "assistant",
  bot: "assistant",
  agent: "assistant",
  user: "customer",
  customer: "customer",
}

/** `customer` or `assistant`; null for system prompts, tools and whatever comes one day. */
export const roleOf = (role: string): Line["role"] | null => roles[role.toLowerCase()] ?? null

/** `AI: …` and `User: …` lines, where a report has no list of turns. All of them are said to be from `at`. */
export const linesOfText = (transcript: string, at: number): ReadonlyArray<Line> => {
  const lines: Array<{ role: Line["role"]; text: string; at: number }> = []
  for (const raw of transcript.split(/\r?\n/)) {
    const [, name = "", text = ""] = /^\s*(AI|Assistant|Bot|Agent|User|Customer)\s*:\s*(.*)$/i.exec(raw) ?? []
    const role = roleOf(name)
    const last = lines.at(-1)
    if (role !== null) lines.push({ role, text, at })
    else if (last !== undefined) last.text = `${last.text} ${raw.trim()}`
  }
  return lines
}

export const ignored = (dedupKey: string, why: string): ChannelEvent => ({
  _tag: "Ignored",
  dedupKey,
  why: why.slice(0, 200),
})

/** A link that came in a report; it is shown, never called. */
export const linkOf = (url: string | null | undefined): string | null =>
  url !== null && url !== undefined && /^https?:\/\//.test(url) ? url.slice(0, 2_000) : null

/** `customer-ended-call`, `user_hangup` → words. */
export const wordsOf = (code: string): string =>
  code
    .replace(/[-_.]+/g, " ")
    .trim()
    .slice(0, 200)
