/** The API of a runtime in a test: typed clients of several callers. */
import { OrgId } from "@opencx/core"
import { Effect } from "effect"
import { type ApiClient, makeApiClient } from "../../src/api/client.ts"
import { outside } from "./run.ts"
import type { Server } from "./server.ts"

export const operatorToken = "operator-token-5f1c9e7a"
export const operatorHeaders = { authorization: `Bearer ${operatorToken}` }

export const clientOf = (server: Pick<Server, "port">, token: string | null): Promise<ApiClient> =>
  Effect.runPromise(
    Effect.provide(makeApiClient({ baseUrl: `http://127.0.0.1:${server.port}`, token }), outside),
  )

export const fails = <A, E>(effect: Effect.Effect<A, E>): Promise<E> => Effect.runPromise(Effect.flip(effect))

/** Makes an organization; `settings` beside its name. */
export const make = (
  client: ApiClient,
  id: string,
  settings: Parameters<ApiClient["organizations"]["create"]>[0]["payload"]["settings"] = {},
) =>
  Effect.runPromise(
    client.organizations.create({ payload: { id: OrgId.make(id), settings: { name: id, ...settings } } }),
  )

/** A key of an organization with these scopes. */
export const keyFor = async (
  client: ApiClient,
  org: string,
  scopes: Parameters<ApiClient["keys"]["create"]>[0]["payload"]["scopes"],
): Promise<string> => {
  const made = await Effect.runPromise(
    client.keys.create({ params: { org: OrgId.make(org) }, payload: { name: "test", scopes } }),
  )
  return made.key
}
