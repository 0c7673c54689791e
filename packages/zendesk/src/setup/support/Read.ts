/** Everything in Support that setting up looks at. */
import type { TicketingError } from "@opencx/core"
import { Effect, Redacted, type Schema } from "effect"
import type { ZendeskClient } from "../../client/Client.ts"
import { ask } from "../../support/Calls.ts"
import { type OurUser, makeSelf } from "../../support/Self.ts"
import { idText, nextCursor, type PageMeta } from "../../support/Wire.ts"
import type { OurHook } from "../Plan.ts"
import {
  DefinitionsEnvelope,
  SigningSecretEnvelope,
  TriggerList,
  type TriggerWire,
  WebhookList,
  type WebhookWire,
} from "./Wire.ts"

const operation = "setup"
/** 100 each. Accounts with more triggers exist; they have other problems. */
const maxPages = 20

const pages = Effect.fnUntraced(function* <Page extends { readonly meta?: PageMeta | undefined }>(
  client: ZendeskClient,
  path: string,
  schema: Schema.ConstraintDecoder<Page>,
) {
  const all: Array<Page> = []
  let cursor: string | null = null
  for (let page = 0; page < maxPages; page++) {
    const query: Record<string, string> = {
      "page[size]": "100",
      ...(cursor === null ? {} : { "page[after]": cursor }),
    }
    const found: Page = yield* ask(client, operation, { what: path }, schema, { method: "GET", path, query })
    all.push(found)
    cursor = nextCursor(found.meta)
    if (cursor === null) break
  }
  return all
})

export const listWebhooks = (
  client: ZendeskClient,
): Effect.Effect<ReadonlyArray<WebhookWire>, TicketingError> =>
  pages(client, "/api/v2/webhooks", WebhookList).pipe(
    Effect.map((all) => all.flatMap(({ webhooks }) => webhooks)),
  )

export const listTriggers = (
  client: ZendeskClient,
): Effect.Effect<ReadonlyArray<TriggerWire>, TicketingError> =>
  pages(client, "/api/v2/triggers", TriggerList).pipe(
    Effect.map((all) => all.flatMap(({ triggers }) => triggers)),
  )

export const readSigningSecret = (client: ZendeskClient, webhookId: string) =>
  ask(client, operation, { what: "the webhook's signing secret" }, SigningSecretEnvelope, {
    method: "GET",
    path: `/api/v2/webhooks/${encodeURIComponent(webhookId)}/signing_secret`,
  }).pipe(Effect.map(({ signing_secret }) => Redacted.make(signing_secret.secret)))

/** Whether a trigger can be told to leave out one person's updates; unknown counts as no. */
const canNameUser = (client: ZendeskClient, user: OurUser) =>
  ask(client, operation, { what: "conditions of triggers" }, DefinitionsEnvelope, {
    method: "GET",
    path: "/api/v2/triggers/definitions",
  }).pipe(
    Effect.map(({ definitions }) =>
      (definitions.conditions_all ?? [])
        .filter(({ subject }) => subject === "role")
        .some(({ values }) => values?.some(({ value }) => String(value) === user.userId) === true),
    ),
    Effect.orElseSucceed(() => false),
  )

export interface SupportSnapshot {
  readonly user: OurUser
  readonly webhooks: ReadonlyArray<WebhookWire>
  readonly triggers: ReadonlyArray<TriggerWire>
  /** By webhook id: of those at our own URLs. */
  readonly secrets: ReadonlyMap<string, Redacted.Redacted<string>>
  readonly canNameUser: boolean
}

/** Reads the account. Needs an administrator: agents may not see webhooks. */
export const readSupport = Effect.fn("Setup.readSupport")(function* (
  client: ZendeskClient,
  hooks: ReadonlyArray<OurHook>,
) {
  const user = yield* makeSelf(client).fresh
  const [webhooks, triggers] = [yield* listWebhooks(client), yield* listTriggers(client)]
  const secrets = new Map<string, Redacted.Redacted<string>>()
  for (const { endpoint, id } of webhooks)
    if (hooks.some((hook) => hook.owns(endpoint ?? "") === "current"))
      secrets.set(id, yield* readSigningSecret(client, id))
  return {
    user,
    webhooks,
    triggers,
    secrets,
    canNameUser: yield* canNameUser(client, user),
  } satisfies SupportSnapshot
})

export const triggerId = ({ id }: TriggerWire): string => idText(id)
