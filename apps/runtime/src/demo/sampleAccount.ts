/** The Zendesk account of the demonstration: the emulator's seed, and what an administrator would set up in it. */
import { triggerRequest, webhookRequest } from "@opencx/zendesk"
import { sampleHelpCenter, type Seed } from "@opencx/zendesk-emulator"
import { Effect, Schema } from "effect"
import { HttpClient, HttpClientRequest, HttpClientResponse } from "effect/http"

export const clientId = "opencx"
export const clientSecret = "opencx-secret"

/** Users, agents, OAuth client and the whole sample Help Center. */
export const sampleSeed: Seed = {
  oauthClients: [{ id: clientId, secret: clientSecret }],
  helpCenter: sampleHelpCenter,
}

const Token = Schema.Struct({ access_token: Schema.String })
const CreatedWebhook = Schema.Struct({ webhook: Schema.Struct({ id: Schema.String }) })
const SigningSecret = Schema.Struct({ signing_secret: Schema.Struct({ secret: Schema.String }) })

const post = (url: string, body: unknown) =>
  HttpClientRequest.post(url).pipe(HttpClientRequest.bodyJsonUnsafe(body))

/** Does what an administrator does by hand: webhook, trigger, and the signing secret to copy. */
export const setUpWebhook = Effect.fn("setUpWebhook")(function* (emulatorUrl: string, hookUrl: string) {
  const http = HttpClient.filterStatusOk(yield* HttpClient.HttpClient)
  const { access_token } = yield* http
    .execute(
      post(`${emulatorUrl}/oauth/tokens`, {
        grant_type: "client_credentials",
        client_id: clientId,
        client_secret: clientSecret,
        scope: "read write",
      }),
    )
    .pipe(Effect.flatMap(HttpClientResponse.schemaBodyJson(Token)))
  const admin = http.pipe(HttpClient.mapRequest(HttpClientRequest.bearerToken(access_token)))
  const { webhook } = yield* admin
    .execute(post(`${emulatorUrl}/api/v2/webhooks`, webhookRequest({ endpoint: hookUrl })))
    .pipe(Effect.flatMap(HttpClientResponse.schemaBodyJson(CreatedWebhook)))
  yield* admin.execute(post(`${emulatorUrl}/api/v2/triggers`, triggerRequest({ webhookId: webhook.id })))
  const { signing_secret } = yield* admin
    .get(`${emulatorUrl}/api/v2/webhooks/${webhook.id}/signing_secret`)
    .pipe(Effect.flatMap(HttpClientResponse.schemaBodyJson(SigningSecret)))
  return { webhookId: webhook.id, signingSecret: signing_secret.secret }
})
