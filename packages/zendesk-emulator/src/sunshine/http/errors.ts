import { ApiError, json, type Reply } from "../../http/Reply.ts"

/** `{"errors":[{"code","title"}]}`: the one envelope of the Sunshine API. */
export const sunshineError = (
  status: number,
  code: string,
  title: string,
  headers: Readonly<Record<string, string>> = {},
): Reply => json(status, { errors: [{ code, title }] }, headers)

const refuse = (status: number, code: string, title: string): ApiError =>
  new ApiError(sunshineError(status, code, title))

export const badRequest = (title: string): ApiError => refuse(400, "bad_request", title)
export const forbidden = (): ApiError => refuse(403, "forbidden", "Forbidden")
export const conflict = (title: string): ApiError => refuse(409, "conflict", title)
export const locked = (title: string): ApiError => refuse(423, "locked", title)
export const failure = refuse

export const notFound = {
  resource: (): ApiError => refuse(404, "not_found", "Resource not found"),
  app: (): ApiError => refuse(404, "app_not_found", "App not found"),
  user: (): ApiError => refuse(404, "user_not_found", "User not found"),
  conversation: (): ApiError => refuse(404, "conversation_not_found", "Conversation not found"),
  client: (): ApiError => refuse(404, "client_not_found", "Client not found"),
  integration: (): ApiError => refuse(404, "integration_not_found", "Integration not found"),
  switchboard: (): ApiError => refuse(404, "switchboard_not_found", "Switchboard not found"),
  switchboardIntegration: (): ApiError =>
    refuse(404, "switchboard_integration_not_found", "SwitchboardIntegration not found"),
}

export const unauthorized = sunshineError(401, "unauthorized", "Authorization is required", {
  "www-authenticate": 'Basic realm="Sunshine Conversations"',
})

export const tooLarge = sunshineError(413, "request_entity_too_large", "Request entity too large")
