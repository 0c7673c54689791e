/** Graph errors as Meta words them. */

export interface Reply {
  readonly status: number
  readonly contentType: string
  readonly body: Uint8Array
  readonly headers: Readonly<Record<string, string>>
}

export const json = (status: number, body: unknown, headers: Record<string, string> = {}): Reply => ({
  status,
  contentType: "application/json; charset=UTF-8",
  body: new TextEncoder().encode(JSON.stringify(body)),
  headers,
})

export const graphError = (status: number, code: number, details: string): Reply =>
  json(status, {
    error: {
      message: `(#${code}) ${details}`,
      type: "OAuthException",
      code,
      error_data: { messaging_product: "whatsapp", details },
      fbtrace_id: "A1b2C3d4E5f6",
    },
  })

/** An error inside a `failed` status. */
export const statusError = (code: number, details: string) => ({
  code,
  title: details,
  message: details,
  error_data: { details },
  href: "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/",
})
