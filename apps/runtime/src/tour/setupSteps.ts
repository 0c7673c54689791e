/** The connection itself: set up, verified, and at the very end taken away again. */
import {
  applyDisconnect,
  applySetup,
  isVerified,
  planDisconnect,
  planSetup,
  type SetupInput,
  verifyAccount,
} from "@opencx/zendesk"
import { Effect, Schema } from "effect"
import type * as Context from "effect/Context"
import type { World } from "../demo/world.ts"
import { Settings } from "../layers/Settings.ts"
import { accountToVerify, activeConversations, noChoice, setupInput } from "../setup/account.ts"
import { expect, known, NotSeen, tickets, users } from "./observe.ts"
import type { Step } from "./Story.ts"

export const organizationOf = Effect.flatMap(Settings, ({ config }) =>
  known(config.organizations[0], "the organization"),
)

type Services = World["services"] extends Context.Context<infer R> ? R : never

const unseen = ({ message }: { readonly message: string }) => new NotSeen({ what: message })

/** Runs on the runtime's own services; whatever goes wrong is something that was not seen. */
export const within = <A, E extends { readonly message: string }>(
  world: World,
  effect: Effect.Effect<A, E, Services>,
): Effect.Effect<A, NotSeen> => Effect.mapError(Effect.provide(effect, world.services), unseen)

const Triggers = Schema.Struct({
  triggers: Schema.Array(
    Schema.Struct({
      id: Schema.Int,
      title: Schema.String,
      actions: Schema.Array(Schema.Struct({ value: Schema.Unknown })),
    }),
  ),
})
const encode = Schema.encodeEffect(Schema.fromJsonString(Schema.Unknown))

/** Our trigger for replies, to be spoilt by hand. `post`: another body for the webhook. */
export const ourTrigger = Effect.fnUntraced(function* (input: SetupInput) {
  const { client } = yield* known(input.support, "the Ticketing side")
  const path = "/api/v2/triggers"
  const { triggers } = yield* Effect.mapError(client.json(Triggers, { method: "GET", path }), unseen)
  const ours = yield* known(
    triggers.find(({ title }) => title.startsWith("OpenCX: tell")),
    "our trigger",
  )
  const change = (trigger: object) =>
    Effect.orDie(encode({ trigger })).pipe(
      Effect.flatMap((json) => client.request({ method: "PUT", path: `${path}/${ours.id}`, json })),
      Effect.asVoid,
      Effect.mapError(unseen),
    )
  const target = ours.actions[0]?.value
  const webhookId: unknown = Array.isArray(target) ? target[0] : ""
  return {
    deactivate: change({ active: false }),
    post: (text: string) =>
      change({ actions: [{ field: "notification_webhook", value: [webhookId, text] }] }),
  }
})

const setUp: Step = {
  name: "setup repairs what was changed by hand, stores the secrets, and has then nothing to do",
  run: ({ world }) =>
    within(
      world,
      Effect.gen(function* () {
        const input = yield* setupInput(yield* organizationOf, noChoice)
        yield* (yield* ourTrigger(input)).deactivate
        const report = yield* applySetup(input, { irreversible: false })
        const done = report.done.map(({ id }) => id)
        yield* expect(report.failed.length === 0, "no failed step")
        yield* expect(
          ["ticketing_trigger", "ticketing_secret", "messaging_secret"].every((id) =>
            done.some((one) => one === id),
          ),
          `trigger repaired and secrets stored, done: ${done.join(", ")}`,
        )
        const again = yield* planSetup(input)
        yield* expect(again.steps.length === 0, "nothing to do the second time")
      }),
    ),
}

const verified: Step = {
  name: "verify asks for every capability, and names a subdomain that is a URL",
  run: ({ world }) =>
    within(
      world,
      Effect.gen(function* () {
        const account = yield* accountToVerify(yield* organizationOf)
        const found = yield* verifyAccount(account)
        const bad = [...found.ticketing, ...found.messaging].filter(({ needed, ok }) => needed && !ok)
        yield* expect(
          isVerified(found),
          `nothing is missing: ${bad.map(({ id, problem }) => `${id}: ${problem ?? ""}`).join("; ")}`,
        )
        const wrong = { subdomain: "https://larkspoke.zendesk.com", auth: {} }
        const { ticketing } = yield* verifyAccount({
          ...account,
          ticketing: wrong,
          messaging: null,
          setup: null,
        })
        yield* expect(
          ticketing.some(({ problem }) => problem?.includes("wrong subdomain format") === true),
          "the product's own sentence",
        )
      }),
    ),
}

const disconnected: Step = {
  name: "disconnect waits for open conversations, then takes away what setup made and nothing else",
  run: ({ world }) =>
    within(
      world,
      Effect.gen(function* () {
        const organization = yield* organizationOf
        const input = yield* setupInput(organization, noChoice)
        const active = yield* activeConversations(organization.id)
        yield* expect(active > 0, "humans still have conversations")
        const waiting = yield* planDisconnect({ ...input, active })
        yield* expect(
          waiting.steps.every(({ id }) => id === "default_responder"),
          "while they do, only the channels go back",
        )
        const before = [tickets(world).length, users(world).length]
        const report = yield* applyDisconnect({ ...input, active: 0 })
        yield* expect(report.failed.length === 0 && report.done.length > 5, "everything of ours is gone")
        const left = world.emulator.state(["webhooks"])["webhooks"]
        yield* expect(Array.isArray(left) && left.length === 0, "no webhook is left")
        yield* expect(
          before[0] === tickets(world).length && before[1] === users(world).length,
          "tickets and customers are untouched",
        )
      }),
    ),
}

export const setupSteps: ReadonlyArray<Step> = [setUp, verified]

/** After this nothing comes from Zendesk any more: the last step. */
export const lastSteps: ReadonlyArray<Step> = [disconnected]
