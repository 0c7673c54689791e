import type { Reply } from "../../http/Reply.ts"
import { json } from "../../http/Reply.ts"
import type { ApiRequest } from "../../http/Request.ts"
import { isObject, type JsonObject, parseJson } from "../../world/json.ts"
import type { KeyHolder } from "./auth.ts"
import { badRequest } from "./errors.ts"

export interface SunshineRequest extends ApiRequest {
  readonly key: KeyHolder
}

export interface SunshineRoute {
  readonly method: string
  /** Below `/sc/v2/apps/:appId`, unless `root` is set. */
  readonly path: string
  readonly root?: string
  /** `app`: integration keys get 403. */
  readonly scope: "app" | "integration"
  readonly handle: (request: SunshineRequest) => Reply | Promise<Reply>
}

export const empty = json(200, {})

/** The JSON object of a request; an absent body reads as `{}`. */
export const bodyObject = (request: ApiRequest): JsonObject => {
  if (request.body.length === 0) return {}
  const value = parseJson(request.body.toString("utf8"))
  if (!isObject(value)) throw badRequest("Invalid JSON in request body")
  return value
}

export const param = (request: ApiRequest, name: string): string => request.params[name] ?? ""
