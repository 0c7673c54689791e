/** Setting up without a command: a fresh account and a new organization, through the API alone. */
import { OrgId } from "@opencx/core"
import { make as makeEmulator, sampleSunshineApp } from "@opencx/zendesk-emulator"
import { Effect, Schema } from "effect"
import { makeApiClient } from "../api/client.ts"
import { clientId, clientSecret } from "../demo/sampleAccount.ts"
import { expect, NotSeen } from "./observe.ts"
import type { Step } from "./Story.ts"

const org = OrgId.make("thornbury")
const params = { org }

const encode = Schema.encodeEffect(Schema.fromJsonString(Schema.Unknown))

/** What an API call that failed says. */
const unseen = (error: { readonly _tag: string }) =>
  new NotSeen({ what: `the API refused: ${JSON.stringify(error)}` })

const { appId, keyId, secret } = sampleSunshineApp

const setUpOverApi: Step = {
  name: "over the API: a fresh account is connected, planned, set up as agreed, verified, and taken away again",
  run: ({ world }) =>
    Effect.gen(function* () {
      const account = yield* makeEmulator({ host: "127.0.0.1" })
      const api = yield* makeApiClient({ baseUrl: world.urls.runtime, token: null })
      const { version } = yield* api.organizations.create({
        payload: { id: org, settings: { name: "Thornbury" } },
      })
      const auth = { type: "oauth_client_credentials", clientId, clientSecret }
      const connected = yield* api.zendesk.connect({
        params,
        headers: { "if-match": version },
        payload: {
          zendesk: { subdomain: "acme", baseUrl: account.url, auth },
          messaging: { appId, keyId, secret },
        },
      })
      const answer = yield* Effect.orDie(encode(connected))
      yield* expect(!answer.includes(clientSecret), "the secret is in no answer")
      const plan = yield* api.zendesk.planSetup({ params, payload: {} })
      yield* expect(plan.steps.length > 5, "a plan with steps, and nothing done yet")
      const payload = { plan: plan.id, multiConversations: true }
      const report = yield* api.zendesk.applySetup({ params, payload })
      yield* expect(report.ok && report.left.length === 0, "every step is done")
      yield* expect((yield* api.zendesk.verify({ params })).ok, "verified")
      const [entry] = yield* api.audit.list({ params, query: {} })
      yield* expect(entry?.action === "zendesk.setup", "noted in the audit log")
      const away = yield* api.zendesk.planDisconnect({ params, payload: {} })
      const gone = yield* api.zendesk.applyDisconnect({ params, payload: { plan: away.id } })
      yield* expect(gone.ok && gone.done.length === away.steps.length, "taken away again")
      yield* api.organizations.remove({ params, headers: { "if-match": connected.settings.version } })
    }).pipe(
      Effect.scoped,
      Effect.mapError((error) => (error._tag === "NotSeen" ? error : unseen(error))),
    ),
}

export const apiSteps: ReadonlyArray<Step> = [setUpOverApi]
