import { AuditLog } from "@opencx/storage"
import { Effect, Schema } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { Api } from "../contract/Api.ts"
import { AuditView } from "../contract/people.ts"
import { outage } from "../GuardLive.ts"
import { inOrg } from "./common.ts"

const usual = 50

const asViews = Schema.decodeUnknownEffect(Schema.Array(AuditView))

export const auditList = Effect.fnUntraced(function* (
  orgId: string,
  { before, limit = usual }: { readonly before?: number; readonly limit?: number },
) {
  const records = yield* (yield* AuditLog).list(orgId, { before: before ?? null, limit })
  // What changed was JSON when it was written.
  return yield* Effect.orDie(asViews(records))
})

export const AuditHandlers = HttpApiBuilder.group(Api, "audit", (handlers) =>
  handlers.handleAll({
    list: ({ query }) =>
      Effect.flatMap(inOrg, ({ orgId }) => auditList(orgId, query)).pipe(
        Effect.catchTag("StoreError", outage),
      ),
  }),
)
