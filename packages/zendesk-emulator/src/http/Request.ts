import type { IncomingHttpHeaders, IncomingMessage } from "node:http"
import type { User } from "../world/model.ts"
import { parseJson } from "../world/json.ts"
import { ApiError, json } from "./Reply.ts"

/** Who calls. `anonymous` sent no credentials; wrong ones never get this far. */
export type Caller =
  | { readonly kind: "anonymous" }
  | {
      readonly kind: "user"
      readonly user: User
      /** null = every scope (legacy API token). */
      readonly scopes: ReadonlySet<string> | null
      readonly via: "oauth" | "token"
    }

export interface ApiRequest {
  readonly method: string
  /** Path without its `.json` suffix. */
  readonly path: string
  readonly hadJsonSuffix: boolean
  readonly query: URLSearchParams
  readonly params: Readonly<Record<string, string>>
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  readonly caller: Caller
}

const maxBody = 64 * 1024 * 1024

export class BodyTooLarge extends Error {
  override readonly name = "BodyTooLarge"
}

export const readBody = (request: IncomingMessage): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const chunks: Array<Buffer> = []
    let size = 0
    request.on("data", (chunk: Buffer) => {
      size += chunk.length
      if (size > maxBody) {
        reject(new BodyTooLarge(`body over ${maxBody} bytes`))
        return
      }
      chunks.push(chunk)
    })
    request.on("end", () =>
      resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)),
    )
    request.on("error", reject)
    request.on("aborted", () => reject(new Error("client went away")))
  })

/** The JSON body; an empty one reads as `{}`, broken JSON answers 400. */
export const bodyOf = (request: ApiRequest): unknown => {
  if (request.body.length === 0) return {}
  const value = parseJson(request.body.toString("utf8"))
  if (value === undefined) {
    throw new ApiError(json(400, { error: "Unprocessable Entity", message: "Server could not parse JSON" }))
  }
  return value
}

/** The user of a route that demands one. */
export const userOf = (request: ApiRequest): User => {
  if (request.caller.kind === "anonymous") {
    throw new ApiError(json(401, { error: "Couldn't authenticate you" }))
  }
  return request.caller.user
}

export const header = (request: ApiRequest, name: string): string | undefined => {
  const value = request.headers[name]
  return Array.isArray(value) ? value[0] : value
}
