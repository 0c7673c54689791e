import { type ApiKey, Tickets } from "@opencx/storage"
import { Effect } from "effect"
import { SecureRandom } from "effect/crypto"
import { HttpApiBuilder } from "effect/http-api"
import { Forbidden, NotFound } from "../../access/Access.ts"
import { mayGive } from "../../access/Principal.ts"
import { digestOf, newKey } from "../../access/tokens.ts"
import { BadRequest, correct } from "../../organizations/problems.ts"
import { Api } from "../contract/Api.ts"
import { outage } from "../GuardLive.ts"
import { auditOf, inOrg } from "./common.ts"

const viewOf = ({ createdAt, createdBy, expiresAt, id, lastUsedAt, name, revokedAt, scopes }: ApiKey) => ({
  id,
  name,
  scopes,
  createdAt,
  createdBy,
  expiresAt,
  lastUsedAt,
  revokedAt,
})

/** Scopes of the installation would be of no use in a key: it is of one organization. */
const checkScopes = (scopes: ReadonlyArray<string>) => {
  const strange = scopes.findIndex((scope) => scope.startsWith("installation."))
  if (strange === -1) return Effect.void
  const problem = {
    path: `scopes[${strange}]`,
    message: "A key is of one organization; leave this scope out",
  }
  return Effect.fail(new BadRequest({ problems: [problem], hint: correct }))
}

export const KeysHandlers = HttpApiBuilder.group(Api, "keys", (handlers) =>
  handlers.handleAll({
    list: Effect.fnUntraced(
      function* () {
        const { orgId } = yield* inOrg
        return (yield* (yield* Tickets).keys.list(orgId)).map(viewOf)
      },
      Effect.catchTag("StoreError", outage),
    ),
    create: Effect.fnUntraced(
      function* ({ payload }) {
        const { orgId, principal } = yield* inOrg
        yield* checkScopes(payload.scopes)
        if (!mayGive(principal, payload.scopes, orgId))
          return yield* new Forbidden({
            hint: "A key cannot do more than its maker: leave out what you may not do.",
          })
        const key = newKey()
        const about = {
          id: SecureRandom.uuidV4Unsafe(),
          orgId,
          name: payload.name,
          scopes: [...new Set(payload.scopes)],
          createdBy: principal.name,
          expiresAt: payload.expiresAt ?? null,
        }
        const audit = auditOf(principal, orgId, "key.create", payload.name, [
          { path: "scopes", to: about.scopes },
        ])
        const made = yield* (yield* Tickets).keys.add({ ...about, digest: digestOf(key) }, audit)
        return { key, about: viewOf(made) }
      },
      Effect.catchTag("StoreError", outage),
    ),
    revoke: Effect.fnUntraced(
      function* ({ params }) {
        const { orgId, principal } = yield* inOrg
        const audit = auditOf(principal, orgId, "key.revoke", params.key)
        const isDone = yield* (yield* Tickets).keys.revoke(orgId, params.key, audit)
        if (!isDone) return yield* new NotFound({ what: `key "${params.key}"` })
      },
      Effect.catchTag("StoreError", outage),
    ),
  }),
)
