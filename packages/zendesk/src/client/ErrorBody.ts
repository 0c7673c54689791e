/**
 * Reads what Zendesk says when it refuses. It has four JSON envelopes, plain text (some 429s) and HTML (from its edge),
 * and no way to know beforehand which one comes; so everything here is tolerant and total.
 */
import { Result, Schema } from "effect"

/** One complaint about one field; `field` is null when it is about the whole request. */
export interface Issue {
  readonly field: string | null
  readonly code: string | null
  readonly text: string
}

/** `code`: Zendesk's error name (`RecordInvalid`), if any. `html`: it came from the edge, not from the API. */
export interface ErrorBody {
  readonly code: string | null
  readonly text: string
  readonly issues: ReadonlyArray<Issue>
  readonly html: boolean
  /** First 500 characters, addresses and credentials taken out. */
  readonly excerpt: string
}

const Detail = Schema.Struct({
  description: Schema.optionalKey(Schema.Unknown),
  error: Schema.optionalKey(Schema.Unknown),
})
const Envelope = Schema.fromJsonString(
  Schema.Struct({
    error: Schema.optionalKey(
      Schema.Union([
        Schema.String,
        Schema.Struct({
          title: Schema.optionalKey(Schema.Unknown),
          message: Schema.optionalKey(Schema.Unknown),
        }),
      ]),
    ),
    description: Schema.optionalKey(Schema.Unknown),
    error_description: Schema.optionalKey(Schema.Unknown),
    details: Schema.optionalKey(Schema.Unknown),
    errors: Schema.optionalKey(Schema.Unknown),
  }),
)
const decodeEnvelope = Schema.decodeUnknownResult(Envelope)
const decodeDetails = Schema.decodeUnknownResult(Schema.Record(Schema.String, Schema.Unknown))
const decodeDetailList = Schema.decodeUnknownResult(Schema.Array(Schema.Unknown))
const decodeDetail = Schema.decodeUnknownResult(Detail)
const decodeListed = Schema.decodeUnknownResult(
  Schema.Array(
    Schema.Struct({
      code: Schema.optionalKey(Schema.Unknown),
      title: Schema.optionalKey(Schema.Unknown),
      detail: Schema.optionalKey(Schema.Unknown),
    }),
  ),
)

const text = (value: unknown): string | null => (typeof value === "string" && value.length > 0 ? value : null)

/** Takes addresses and anything that looks like a credential out of a text that will be logged. */
export const redact = (value: string): string =>
  value
    .replace(/\b(Bearer|Basic)\s+[\w.~+/=-]+/gi, "$1 [redacted]")
    .replace(
      /("?(?:access_token|refresh_token|client_secret|token|secret|password)"?\s*[:=]\s*"?)[^"\s,&}]+/gi,
      "$1[redacted]",
    )
    .replace(/(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, "[address]")

const issuesOfField = (field: string, value: unknown): ReadonlyArray<Issue> => {
  const list = decodeDetailList(value)
  const entries = Result.isSuccess(list) ? list.success : [value]
  return entries.map((entry) => {
    const detail = decodeDetail(entry)
    if (Result.isFailure(detail)) return { field, code: null, text: redact(text(entry) ?? "not accepted") }
    const code = text(detail.success.error)
    return { field, code, text: redact(text(detail.success.description) ?? code ?? "not accepted") }
  })
}

const listedIssues = (errors: unknown): ReadonlyArray<Issue> => {
  const listed = decodeListed(errors)
  if (Result.isFailure(listed)) return []
  return listed.success.map((one) => ({
    field: null,
    code: text(one.code),
    text: redact(text(one.detail) ?? text(one.title) ?? text(one.code) ?? "not accepted"),
  }))
}

/** Makes sense of an error response's body, whatever it is. Never fails. */
export const readErrorBody = (body: string): ErrorBody => {
  const excerpt = redact(body.slice(0, 1_000)).slice(0, 500)
  const html = /^\s*<(?:!doctype|html|head|body|\?xml)/i.test(body)
  const decoded = decodeEnvelope(body)
  if (Result.isFailure(decoded))
    return { code: null, text: html ? "an HTML page" : excerpt, issues: [], html, excerpt }
  const { error, description, error_description, details, errors } = decoded.success
  const fields = decodeDetails(details)
  const issues = [
    ...(Result.isSuccess(fields)
      ? Object.entries(fields.success).flatMap(([k, v]) => issuesOfField(k, v))
      : []),
    ...listedIssues(errors),
  ]
  const code = typeof error === "string" ? error : (text(error?.title) ?? issues[0]?.code ?? null)
  const said =
    text(description) ?? text(error_description) ?? (typeof error === "object" ? text(error.message) : null)
  return { code, text: redact(said ?? code ?? issues[0]?.text ?? excerpt), issues, html, excerpt }
}
