import type { OrgId } from "@opencx/core"
import { Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { NotFound } from "../../access/Access.ts"
import { Sync } from "../../layers/Sync.ts"
import type { SourceStatus } from "../../sync/SyncEvent.ts"
import { Api } from "../contract/Api.ts"
import { outage } from "../GuardLive.ts"
import { inOrg } from "./common.ts"
import { has, put, take } from "./lists.ts"
import { changed } from "./organizations.ts"

const viewOf = ({ everyMs, progress, run, sourceId, type }: SourceStatus) => ({
  id: sourceId,
  type,
  everyMs,
  lastAt: run.lastAt,
  isRunning: run.holder !== null,
  failures: run.failures,
  progress: progress === null ? null : { done: progress.done, total: progress.total },
})

const listed = Effect.gen(function* () {
  const { orgId } = yield* inOrg
  const all = yield* (yield* Sync).status
  return all.filter((one) => one.orgId === orgId).map(viewOf)
})

const missing = (id: string) => new NotFound({ what: `source "${id}"` })

const sourceOf = Effect.fnUntraced(function* (orgId: OrgId, id: string) {
  const { sources } = yield* Sync
  return sources.find((one) => one.orgId === orgId && one.source.id === id) ?? (yield* missing(id))
})

export const SourcesHandlers = HttpApiBuilder.group(Api, "sources", (handlers) =>
  handlers.handleAll({
    list: () => listed.pipe(Effect.catchTag("StoreError", outage)),
    put: ({ headers, params, payload }) =>
      changed(headers["if-match"], "source.update", params.source, (document) =>
        Effect.succeed(put(document, "sources", { ...payload, id: params.source })),
      ).pipe(Effect.catchTag("StoreError", outage)),
    remove: ({ headers, params }) =>
      changed(headers["if-match"], "source.remove", params.source, (document) =>
        has(document, "sources", params.source)
          ? Effect.succeed(take(document, "sources", params.source))
          : Effect.fail(missing(params.source)),
      ).pipe(Effect.catchTag("StoreError", outage)),
    sync: Effect.fnUntraced(
      function* ({ params, payload }) {
        const { orgId } = yield* inOrg
        const source = yield* sourceOf(orgId, params.source)
        // One that is being read already is being read: that is what was asked for.
        yield* (yield* Sync).start(source, payload.mode)
      },
      Effect.catchTag("StoreError", outage),
    ),
  }),
)
