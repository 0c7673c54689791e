/** The brand and the group that new tickets go to: Zendesk refuses tickets for one that is not there. */
import { Effect, Schema } from "effect"
import type { ZendeskClient } from "../../client/Client.ts"
import type { ZendeskConnection } from "../../client/Connection.ts"
import { maybe } from "../../sunshine/wire/ApiWire.ts"
import type { Probe, Trouble } from "./Probe.ts"

/** `GET /api/v2/brands/{id}` and `GET /api/v2/groups/{id}`: Zendesk's OpenAPI file of Support. */
const Place = Schema.Struct({
  brand: maybe(Schema.Struct({ active: maybe(Schema.Boolean) })),
  group: maybe(Schema.Struct({ deleted: maybe(Schema.Boolean) })),
})

type Kind = "brand" | "group"

const where: Readonly<Record<Kind, string>> = {
  brand: "Admin Center > Account > Brand management > Brands",
  group: "Admin Center > People > Team > Groups",
}

const wrong = (kind: Kind, id: string, why: string): Trouble => ({
  problem: `Handoff makes no ticket: the ${kind} ${id}, which new tickets go to, ${why}.`,
  fix: `Correct ${kind}Id in the connection, or leave it out: ${where[kind]} shows the ones that are there.`,
})

const placeProbe = (client: ZendeskClient, kind: Kind, id: string): Probe => ({
  id: kind,
  run: client.json(Place, { method: "GET", path: `/api/v2/${kind}s/${encodeURIComponent(id)}` }).pipe(
    Effect.map(({ brand, group }) => {
      if (brand?.active === false) return wrong(kind, id, "is not active")
      return group?.deleted === true ? wrong(kind, id, "was deleted") : null
    }),
    Effect.catch((failure) => {
      if (failure.status === 404) return Effect.succeed(wrong(kind, id, "does not exist in this account"))
      if (failure.status === 403) return Effect.succeed(wrong(kind, id, "cannot be seen by our user"))
      return Effect.fail(failure)
    }),
  ),
})

/** Nothing where the connection names none. */
export const placeProbes = (
  client: ZendeskClient,
  { brandId, groupId }: ZendeskConnection,
): ReadonlyArray<Probe> => [
  ...(brandId === undefined ? [] : [placeProbe(client, "brand", String(brandId))]),
  ...(groupId === undefined ? [] : [placeProbe(client, "group", String(groupId))]),
]
