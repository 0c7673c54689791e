/** Edge of the fakes of text message providers: real time, random ids, JSON, and calls over loopback. */

// @effect-diagnostics globalDate:off globalTimers:off preferSchemaOverJson:off
import { randomBytes } from "node:crypto"
import { request as httpRequest } from "node:http"
import { request as httpsRequest } from "node:https"

/** Epoch milliseconds. */
export const systemClock = (): number => Date.now()

export const isoTime = (ms: number): string => new Date(ms).toISOString()

/** `Sat, 21 Nov 2026 07:11:00 +0000`, whole seconds. */
export const mailTime = (ms: number): string => new Date(ms).toUTCString().replace("GMT", "+0000")

export const sleep = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms)
  })

export const hexId = (bytes: number): string => randomBytes(bytes).toString("hex")

export const uuid = (): string =>
  hexId(16)
    .replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, "$1-$2-4$3-8$4-$5")
    .slice(0, 36)

export const toJson = (value: unknown): string => JSON.stringify(value)

/** `undefined`: not JSON. */
export const parseJson = (text: string): unknown => {
  try {
    const value: unknown = JSON.parse(text)
    return value
  } catch {
    return undefined
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** A text field of foreign JSON; empty when it is none. */
export const textAt = (value: unknown, key: string): string => {
  const found: unknown = isRecord(value) ? value[key] : undefined
  return typeof found === "string" ? found : typeof found === "number" ? String(found) : ""
}

export const textsAt = (value: unknown, key: string): ReadonlyArray<string> => {
  const found: unknown = isRecord(value) ? value[key] : undefined
  return Array.isArray(found) ? found.filter((item) => typeof item === "string") : []
}

export const valueAt = (value: unknown, key: string): unknown => (isRecord(value) ? value[key] : undefined)

/** How a webhook was answered; status 0 when no answer came. */
export interface HookAnswer {
  readonly status: number
  readonly contentType: string
  readonly body: string
}

/** Posts a webhook. Follows nothing, reads at most 1 MB, gives up after `timeoutMs`. */
export const post = (
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  timeoutMs: number,
): Promise<HookAnswer> =>
  new Promise((resolve) => {
    const failed = (why: string) => resolve({ status: 0, contentType: "", body: why })
    const call = url.startsWith("https:") ? httpsRequest : httpRequest
    const request = call(url, { method: "POST", headers: { ...headers }, agent: false }, (response) => {
      const chunks: Array<Buffer> = []
      let size = 0
      response.on("data", (chunk: Buffer) => {
        size += chunk.length
        if (size <= 1_000_000) chunks.push(chunk)
        else response.destroy()
      })
      response.on("error", () => failed("the answer broke off"))
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          contentType: response.headers["content-type"] ?? "",
          body: Buffer.concat(chunks).toString("utf8"),
        }),
      )
    })
    request.setTimeout(timeoutMs, () => request.destroy(new Error("timeout")))
    request.on("error", (error) => failed(error.message))
    request.end(body)
  })

/** A webhook as a fake provider signed it. */
interface SignedHook {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Posts a webhook up to three times, until it is answered with 2xx; answers with the last status. */
export const postUntilTaken =
  (timeoutMs: number) =>
  async ({ body, headers, url }: SignedHook): Promise<number> => {
    let status = 0
    for (let attempt = 0; attempt < 3 && (status < 200 || status >= 300); attempt++)
      status = (await post(url, headers, body, timeoutMs)).status
    return status
  }
