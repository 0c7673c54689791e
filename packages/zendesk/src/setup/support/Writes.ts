/** What setting up writes in Support. Each write is noted in the record, so that it is found again by its id. */
import type { TicketingError } from "@opencx/core"
import { Effect } from "effect"
import type { ZendeskClient } from "../../client/Client.ts"
import { jsonText } from "../../client/Json.ts"
import { ask, toTicketingError } from "../../support/Calls.ts"
import { idText } from "../../support/Wire.ts"
import { webhookRequest } from "../../webhook/Setup.ts"
import type { SetupStore } from "../Plan.ts"
import { changeRecord } from "../Record.ts"
import { ourNames, type TriggerBody, type TriggerStep, type WebhookStep } from "./Wanted.ts"
import { CategoryEnvelope, CategoryList, TriggerEnvelope, WebhookEnvelope } from "./Wire.ts"

const operation = "setup"
const webhooks = "/api/v2/webhooks"
const triggers = "/api/v2/triggers"

export interface SupportTools {
  readonly client: ZendeskClient
  readonly store: SetupStore
}

const send = (
  { client }: SupportTools,
  what: string,
  call: { readonly method: "PATCH" | "PUT" | "DELETE"; readonly path: string; readonly body?: unknown },
): Effect.Effect<void, TicketingError> =>
  client
    .request({
      method: call.method,
      path: call.path,
      ...(call.body === undefined ? {} : { json: jsonText(call.body) }),
    })
    .pipe(Effect.asVoid, Effect.mapError(toTicketingError(operation, { what, repeatable: true })))

const noteWebhook = ({ store }: SupportTools, step: WebhookStep, id: string) =>
  changeRecord(store, (record) => ({ ...record, webhooks: { ...record.webhooks, [step]: id } }))

const noteTrigger = ({ store }: SupportTools, step: TriggerStep, id: string) =>
  changeRecord(store, (record) => ({ ...record, triggers: { ...record.triggers, [step]: id } }))

export const createWebhook = Effect.fnUntraced(function* (
  tools: SupportTools,
  step: WebhookStep,
  endpoint: string,
) {
  const { webhook } = yield* ask(tools.client, operation, { what: "the webhook" }, WebhookEnvelope, {
    method: "POST",
    path: webhooks,
    json: jsonText(webhookRequest({ name: ourNames[step], endpoint })),
  })
  yield* noteWebhook(tools, step, webhook.id)
  return webhook.id
})

export const updateWebhook = Effect.fnUntraced(function* (
  tools: SupportTools,
  step: WebhookStep,
  id: string,
  changes: Readonly<Record<string, string>>,
) {
  const path = `${webhooks}/${encodeURIComponent(id)}`
  yield* send(tools, "the webhook", { method: "PATCH", path, body: { webhook: changes } })
  yield* noteWebhook(tools, step, id)
})

export const deleteWebhook = (tools: SupportTools, id: string) =>
  send(tools, "the webhook", { method: "DELETE", path: `${webhooks}/${encodeURIComponent(id)}` })

/** Accounts with trigger categories may demand one; when they do is not documented, so it is asked for on a refusal. */
const ourCategory = Effect.fnUntraced(function* ({ client }: SupportTools) {
  const path = "/api/v2/trigger_categories"
  const what = { what: "trigger categories" }
  const { trigger_categories } = yield* ask(client, operation, what, CategoryList, { method: "GET", path })
  const known = trigger_categories.find(({ name }) => name === ourNames.ticketing_webhook)
  if (known !== undefined) return idText(known.id)
  const json = jsonText({ trigger_category: { name: ourNames.ticketing_webhook } })
  const made = yield* ask(client, operation, what, CategoryEnvelope, { method: "POST", path, json })
  return idText(made.trigger_category.id)
})

export const createTrigger = Effect.fnUntraced(function* (
  tools: SupportTools,
  step: TriggerStep,
  trigger: TriggerBody,
) {
  const post = (body: object) =>
    ask(tools.client, operation, { what: "the trigger" }, TriggerEnvelope, {
      method: "POST",
      path: triggers,
      json: jsonText({ trigger: body }),
    })
  const made = yield* post(trigger).pipe(
    Effect.catch((error) =>
      error.reason._tag === "Invalid" && error.reason.issues.some((issue) => /categor/i.test(issue))
        ? Effect.flatMap(ourCategory(tools), (category_id) => post({ ...trigger, category_id }))
        : Effect.fail(error),
    ),
  )
  yield* noteTrigger(tools, step, idText(made.trigger.id))
})

export const updateTrigger = Effect.fnUntraced(function* (tools: SupportTools, id: string, trigger: object) {
  const path = `${triggers}/${encodeURIComponent(id)}`
  yield* send(tools, "the trigger", { method: "PUT", path, body: { trigger } })
})

export const repairTrigger = Effect.fnUntraced(function* (
  tools: SupportTools,
  step: TriggerStep,
  id: string,
  trigger: TriggerBody,
) {
  yield* updateTrigger(tools, id, trigger)
  yield* noteTrigger(tools, step, id)
})

export const deleteTrigger = (tools: SupportTools, id: string) =>
  send(tools, "the trigger", { method: "DELETE", path: `${triggers}/${encodeURIComponent(id)}` })
