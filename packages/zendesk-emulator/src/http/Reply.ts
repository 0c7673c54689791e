/** An answer before it is written to a socket. */
export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
}

const jsonHeaders = { "content-type": "application/json; charset=utf-8" } as const

export const json = (
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Reply => ({
  status,
  headers: { ...jsonHeaders, ...headers },
  body: JSON.stringify(body),
})

export const noContent: Reply = { status: 204, headers: {}, body: "" }

export const html = (
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Reply => ({
  status,
  headers: { "content-type": "text/html; charset=utf-8", ...headers },
  body,
})

export const text = (
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Reply => ({
  status,
  headers: { "content-type": "text/plain; charset=utf-8", ...headers },
  body,
})

export const redirect = (location: string, status = 302): Reply => ({
  status,
  headers: { location },
  body: "",
})

/** Thrown by handlers to answer with something other than success. */
export class ApiError extends Error {
  override readonly name = "ApiError"
  readonly reply: Reply

  constructor(reply: Reply) {
    super(`answer ${reply.status}: ${String(reply.body).slice(0, 500)}`)
    this.reply = reply
  }
}

export interface FieldError {
  readonly description: string
  readonly error?: string
}

export const couldNotAuthenticate = json(
  401,
  { error: "Couldn't authenticate you" },
  {
    "www-authenticate": 'Basic realm="Web Password"',
  },
)

export const invalidEndpoint = json(404, { error: "InvalidEndpoint", description: "Not found" })

export const recordNotFound = (): ApiError =>
  new ApiError(json(404, { error: "RecordNotFound", description: "Not found" }))

export const forbidden = json(403, {
  error: {
    title: "Forbidden",
    message:
      "You do not have access to this page. Please contact the account owner of this help desk for further help.",
  },
})

/** 422 with `details` by field; the envelope of every validation failure. */
export const recordInvalid = (details: Readonly<Record<string, ReadonlyArray<FieldError>>>): ApiError =>
  new ApiError(json(422, { error: "RecordInvalid", description: "Record validation errors", details }))

export const invalidField = (field: string, description: string, error?: string): ApiError =>
  recordInvalid({ [field]: [error === undefined ? { description } : { description, error }] })

export const invalidAttribute = (attribute: string, message: string): ApiError =>
  new ApiError(
    json(400, {
      error: {
        title: "Invalid attribute",
        message: `You passed an invalid value for the ${attribute} attribute. ${message}`,
      },
    }),
  )

export const badRequest = (error: string, description: string): ApiError =>
  new ApiError(json(400, { error, description }))

export const unprocessable = (error: string, description: string): ApiError =>
  new ApiError(json(422, { error, description }))

export const conflict = (error: string, description: string): ApiError =>
  new ApiError(json(409, { error, description }))

export const errorsEnvelope = (status: number, code: string, title: string): ApiError =>
  new ApiError(json(status, { errors: [{ code, title, detail: title }] }))

export const rateLimited = (retryAfter: number, description: string): ApiError =>
  new ApiError(
    json(429, { error: "APIRateLimitExceeded", description }, { "retry-after": String(retryAfter) }),
  )
