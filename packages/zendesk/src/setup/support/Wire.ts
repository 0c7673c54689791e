/** Webhooks and triggers of Zendesk Support on the wire: only what setting up reads. Webhooks are in no OpenAPI document. */
import { Schema } from "effect"
import { PageMeta, WireId } from "../../support/Wire.ts"
import { maybe } from "../../sunshine/wire/ApiWire.ts"

export const WebhookWire = Schema.Struct({
  id: Schema.NonEmptyString,
  name: maybe(Schema.String),
  status: maybe(Schema.String),
  endpoint: maybe(Schema.String),
  http_method: maybe(Schema.String),
  request_format: maybe(Schema.String),
  subscriptions: maybe(Schema.Array(Schema.String)),
})
export type WebhookWire = typeof WebhookWire.Type
export const WebhookEnvelope = Schema.Struct({ webhook: WebhookWire })
export const WebhookList = Schema.Struct({ webhooks: Schema.Array(WebhookWire), meta: PageMeta })

/** Seen alike in three client libraries; no document of Zendesk's describes it. */
export const SigningSecretEnvelope = Schema.Struct({
  signing_secret: Schema.Struct({ secret: Schema.NonEmptyString }),
})

export const ConditionWire = Schema.Struct({
  field: Schema.String,
  operator: maybe(Schema.String),
  value: Schema.optionalKey(Schema.Unknown),
})
export type ConditionWire = typeof ConditionWire.Type

const ActionWire = Schema.Struct({ field: Schema.String, value: Schema.optionalKey(Schema.Unknown) })
export type ActionWire = typeof ActionWire.Type

export const TriggerWire = Schema.Struct({
  id: WireId,
  title: Schema.String,
  position: maybe(Schema.Number),
  active: maybe(Schema.Boolean),
  default: maybe(Schema.Boolean),
  conditions: maybe(
    Schema.Struct({ all: maybe(Schema.Array(ConditionWire)), any: maybe(Schema.Array(ConditionWire)) }),
  ),
  actions: maybe(Schema.Array(ActionWire)),
})
export type TriggerWire = typeof TriggerWire.Type
export const TriggerEnvelope = Schema.Struct({ trigger: TriggerWire })
export const TriggerList = Schema.Struct({ triggers: Schema.Array(TriggerWire), meta: PageMeta })

const Definition = Schema.Struct({
  subject: Schema.String,
  values: maybe(Schema.Array(Schema.Struct({ value: Schema.Unknown }))),
})
export const DefinitionsEnvelope = Schema.Struct({
  definitions: Schema.Struct({ conditions_all: maybe(Schema.Array(Definition)) }),
})

export const CategoryList = Schema.Struct({
  trigger_categories: Schema.Array(Schema.Struct({ id: WireId, name: maybe(Schema.String) })),
})
export const CategoryEnvelope = Schema.Struct({ trigger_category: Schema.Struct({ id: WireId }) })
