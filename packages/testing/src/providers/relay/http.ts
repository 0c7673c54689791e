/** Twilio's requests to us: signed forms over plain HTTP. */
import { createHmac } from "node:crypto"
import { request as httpRequest } from "node:http"
import { request as httpsRequest } from "node:https"

/** The signature of a URL and form parameters, as Twilio's own library makes it. */
export const twilioSignature = (
  authToken: string,
  url: string,
  form: Readonly<Record<string, string>>,
): string =>
  createHmac("sha1", authToken)
    .update(
      url +
        Object.keys(form)
          .sort()
          .map((name) => name + (form[name] ?? ""))
          .join(""),
    )
    .digest("base64")

export interface FormAnswer {
  readonly status: number
  readonly contentType: string
  readonly body: string
}

/** Posts a form; waits for at most 15 s, as Twilio does. */
export const postForm = (
  url: string,
  form: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>>,
): Promise<FormAnswer> =>
  post(url, new URLSearchParams(form).toString(), {
    "content-type": "application/x-www-form-urlencoded",
    ...headers,
  })

/** Posts a body. */
export const post = (
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
): Promise<FormAnswer> =>
  new Promise((resolve, reject) => {
    const request = (url.startsWith("https:") ? httpsRequest : httpRequest)(
      url,
      {
        method: "POST",
        headers: { "content-length": String(Buffer.byteLength(body)), ...headers },
        timeout: 15_000,
      },
      (response) => {
        const chunks: Array<Buffer> = []
        response.on("data", (chunk: Buffer) => chunks.push(chunk))
        response.on("error", reject)
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            contentType: response.headers["content-type"] ?? "",
            body: Buffer.concat(chunks).toString("utf8"),
          }),
        )
      },
    )
    request.on("timeout", () => request.destroy(new Error("no answer within 15 s")))
    request.on("error", reject)
    request.end(body)
  })
