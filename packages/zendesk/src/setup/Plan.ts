/** A plan for one account: what is to be made, repaired or taken away, told to a person before anything is done. */
import { type MessagingError, NotFound, type StoreError, TicketingError } from "@opencx/core"
import { Effect, type Redacted } from "effect"

export type SetupError = TicketingError | MessagingError | StoreError

/** What a step is about; the same from run to run, so that programs can tell steps apart. */
export type StepId =
  | "ticketing_webhook"
  | "ticketing_trigger"
  | "ticketing_secret"
  | "assist_webhook"
  | "assist_trigger_comments"
  | "assist_trigger_mentions"
  | "assist_secret"
  | "requester_mail"
  | "multi_conversations"
  | "integration"
  | "messaging_webhook"
  | "messaging_secret"
  | "switchboard_integration"
  | "default_responder"

/** One step as data. `why`: what was found, in sentences. `irreversible`: done only when a person said so. */
export interface StepView {
  readonly id: StepId
  readonly action: "create" | "repair" | "remove" | "keep"
  readonly what: string
  readonly why: ReadonlyArray<string>
  readonly irreversible: boolean
}

/** A step that can be taken. It writes; whether it worked is seen by reading the account again. */
export interface Step extends StepView {
  readonly run: Effect.Effect<void, SetupError>
}

/**
 * `byHand`: what no API does, or what is not ours to change, as instructions. `unknownChannels`: channels that were asked for
 * and are not there, a sentence each.
 */
export interface Plan {
  readonly steps: ReadonlyArray<Step>
  readonly byHand: ReadonlyArray<string>
  readonly unknownChannels?: ReadonlyArray<string>
}

/** The id that an earlier step of the same run was to bring; a failure of that step is a failure of this one. */
export const madeBefore = (idNow: () => string | null, what: string): Effect.Effect<string, TicketingError> =>
  Effect.suspend(() => {
    const id = idNow()
    if (id !== null && id !== "") return Effect.succeed(id)
    return new TicketingError({
      operation: "setup",
      reason: new NotFound({ what: `${what}, which this step needs` }),
    })
  })

export const noPlan: Plan = { steps: [], byHand: [] }

export const bothPlans = (one: Plan, other: Plan): Plan => ({
  steps: [...one.steps, ...other.steps],
  byHand: [...one.byHand, ...other.byHand],
  unknownChannels: [...(one.unknownChannels ?? []), ...(other.unknownChannels ?? [])],
})

/** The step without what runs it. */
export const viewOf = ({ action, id, irreversible, what, why }: Step): StepView => ({
  action,
  id,
  irreversible,
  what,
  why,
})

/** Where secrets and the note of what we made are kept for one organization; sealed, under names of our own. */
export interface SetupStore {
  get(name: string): Effect.Effect<Redacted.Redacted<string> | null, StoreError>
  put(name: string, value: Redacted.Redacted<string>): Effect.Effect<void, StoreError>
  remove(name: string): Effect.Effect<void, StoreError>
}

/** Names in the store. The runtime reads the secrets; only setting up writes them. */
export const storedNames = {
  /** Signing secret of the webhook for tickets of ours. */
  ticketing: "zendesk-ticketing-signing-secret",
  /** Signing secret of the webhook of assist mode. */
  assist: "zendesk-assist-signing-secret",
  /** What Sunshine sends as `X-API-Key`. */
  messaging: "zendesk-messaging-webhook-secret",
  /** What was made, see `SetupRecord`. */
  record: "zendesk-setup",
} as const

/**
 * Whose a webhook URL is. `current`: exactly the one that we answer to. `stale`: ours once, and not any more (a lost signing
 * key). `other`: somebody else's, perhaps another installation of OpenCX, which must not be touched.
 */
export type Ownership = "current" | "stale" | "other"

/** One of our hook URLs, and how to tell whose another one is. */
export interface OurHook {
  readonly url: string
  owns(url: string): Ownership
}
