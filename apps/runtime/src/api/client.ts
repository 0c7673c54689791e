/** A typed client of a runtime's API, made of its description. */
import { Effect } from "effect"
import { HttpClient, HttpClientRequest } from "effect/http"
import { HttpApiClient } from "effect/http-api"
import { Api } from "./contract/Api.ts"

/** `baseUrl`: of the runtime. `token`: the operator token, or an API key. Errors are those that each endpoint declares. */
export const makeApiClient = Effect.fn("makeApiClient")(
  (input: { readonly baseUrl: string; readonly token: string | null }) =>
    HttpApiClient.make(Api, {
      baseUrl: input.baseUrl,
      transformClient: (client) =>
        input.token === null
          ? client
          : HttpClient.mapRequest(client, HttpClientRequest.bearerToken(input.token)),
    }),
)

export type ApiClient = Effect.Success<ReturnType<typeof makeApiClient>>
