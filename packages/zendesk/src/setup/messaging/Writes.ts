/** What setting up writes in Sunshine. Each write is noted in the record, so that it is found again by its id. */
import type { MessagingError } from "@opencx/core"
import { Effect } from "effect"
import { jsonText } from "../../client/Json.ts"
import { ask, toMessagingError } from "../../sunshine/chat/Calls.ts"
import type { SunshineCall, SunshineClient } from "../../sunshine/client/SunshineClient.ts"
import { IntegrationEnvelope, SwitchboardIntegrationEnvelope } from "../../sunshine/wire/ApiWire.ts"
import type { SetupStore } from "../Plan.ts"
import { changeRecord, type SetupRecord } from "../Record.ts"

const operation = "setup"

export interface MessagingTools {
  readonly client: SunshineClient
  readonly store: SetupStore
}

/** Everything that OpenCX understands. Zendesk: names are case-sensitive, `conversation:message` is the one needed most. */
export const messagingTriggers: ReadonlyArray<string> = [
  "conversation:message",
  "conversation:read",
  "conversation:typing",
  "conversation:postback",
  "conversation:message:delivery:failure",
  "switchboard:passControl",
  "switchboard:passControl:failure",
  "switchboard:releaseControl",
  "switchboard:acceptControl",
  "switchboard:offerControl",
  "user:merge",
]

const webhookBody = (target: string) => ({
  target,
  triggers: messagingTriggers,
  includeFullUser: true,
  includeFullSource: true,
})

const send = (
  { client }: MessagingTools,
  what: string,
  method: SunshineCall["method"],
  path: string,
  body?: unknown,
): Effect.Effect<void, MessagingError> =>
  client
    .request({ method, path, ...(body === undefined ? {} : { json: jsonText(body) }) })
    .pipe(
      Effect.asVoid,
      Effect.mapError(toMessagingError(operation, { what, repeatable: method !== "POST" })),
    )

const integrationPath = (id: string, rest = ""): string => `/integrations/${encodeURIComponent(id)}${rest}`
const responderPath = (board: string, id = ""): string =>
  `/switchboards/${encodeURIComponent(board)}/switchboardIntegrations${id === "" ? "" : `/${encodeURIComponent(id)}`}`

/** Cannot be undone. */
export const turnOnMultiConversations = (tools: MessagingTools) =>
  send(tools, "multi-conversations", "PATCH", "", { settings: { multiConvoEnabled: true } })

export const createIntegration = Effect.fnUntraced(function* (
  tools: MessagingTools,
  name: string,
  target: string,
) {
  const { integration } = yield* ask(
    tools.client,
    operation,
    { what: "our integration" },
    IntegrationEnvelope,
    {
      method: "POST",
      path: "/integrations",
      json: jsonText({
        type: "custom",
        status: "active",
        displayName: name,
        webhooks: [webhookBody(target)],
      }),
    },
  )
  yield* changeRecord(tools.store, (record) => ({ ...record, integrationId: integration.id }))
  return integration.id
})

export const renameIntegration = (tools: MessagingTools, id: string, displayName: string) =>
  send(tools, "our integration", "PATCH", integrationPath(id), { displayName })

export const deleteIntegration = (tools: MessagingTools, id: string) =>
  send(tools, "our integration", "DELETE", integrationPath(id))

export const createMessagingWebhook = (tools: MessagingTools, integrationId: string, target: string) =>
  send(tools, "our webhook", "POST", integrationPath(integrationId, "/webhooks"), webhookBody(target))

export const updateMessagingWebhook = (
  tools: MessagingTools,
  integrationId: string,
  webhookId: string,
  target: string,
) =>
  send(
    tools,
    "our webhook",
    "PATCH",
    integrationPath(integrationId, `/webhooks/${encodeURIComponent(webhookId)}`),
    webhookBody(target),
  )

export interface ResponderBody {
  readonly name: string
  readonly integrationId: string
  readonly deliverStandbyEvents: true
  readonly nextSwitchboardIntegrationId: string | null
}

const noteResponder = ({ store }: MessagingTools, responderId: string) =>
  changeRecord(store, (record) => ({ ...record, responderId }))

export const createResponder = Effect.fnUntraced(function* (
  tools: MessagingTools,
  board: string,
  body: ResponderBody,
) {
  const { switchboardIntegration } = yield* ask(
    tools.client,
    operation,
    { what: "our place in the switchboard" },
    SwitchboardIntegrationEnvelope,
    { method: "POST", path: responderPath(board), json: jsonText({ ...body, messageHistoryCount: 10 }) },
  )
  yield* noteResponder(tools, switchboardIntegration.id)
  return switchboardIntegration.id
})

export const updateResponder = (tools: MessagingTools, board: string, id: string, body: ResponderBody) =>
  send(tools, "our place in the switchboard", "PATCH", responderPath(board, id), body).pipe(
    Effect.andThen(noteResponder(tools, id)),
  )

export const deleteResponder = (tools: MessagingTools, board: string, id: string) =>
  send(tools, "our place in the switchboard", "DELETE", responderPath(board, id))

/** Who answers first on a channel of Zendesk's; null: the switchboard's own default. */
export const setDefaultResponder = (
  tools: MessagingTools,
  channelId: string,
  responderId: string | null,
  note: (record: SetupRecord) => SetupRecord,
) =>
  send(tools, "the channel's first responder", "PATCH", integrationPath(channelId), {
    defaultResponderId: responderId,
  }).pipe(Effect.andThen(changeRecord(tools.store, note)))
