import type { OrgId, SyncProgress } from "@opencx/core"
import { Effect, Option, Queue, Stream } from "effect"
import * as HttpEffect from "effect/http/HttpEffect"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import { HttpApiBuilder } from "effect/http-api"
import { NotFound } from "../../access/Access.ts"
import { Sync } from "../../layers/Sync.ts"
import type { SourceStatus, SyncEvent } from "../../sync/SyncEvent.ts"
import { Api } from "../contract/Api.ts"
import type { SourceEvent, SourceView } from "../contract/sources.ts"
import { outage } from "../GuardLive.ts"
import { inOrg } from "./common.ts"
import { has, put, take } from "./lists.ts"
import { changed } from "./organizations.ts"

const progressOf = ({ done, estimatedEnd, kind, phase, shelves, total }: SyncProgress) => ({
  done,
  estimatedEnd,
  kind,
  phase,
  shelves,
  total,
})

const viewOf = ({ everyMs, progress, report, run, sourceId, type }: SourceStatus): SourceView => ({
  id: sourceId,
  type,
  everyMs,
  lastAt: run.lastAt,
  isRunning: run.holder !== null,
  failures: run.failures,
  progress: progress === null ? null : progressOf(progress),
  report,
})

const standing = (sync: Sync["Service"], orgId: OrgId) =>
  Effect.map(sync.status, (all) => all.filter((one) => one.orgId === orgId).map(viewOf))

const listed = Effect.gen(function* () {
  const { orgId } = yield* inOrg
  return yield* standing(yield* Sync, orgId)
})

const eventOf = (event: SyncEvent): SourceEvent => {
  if (event._tag === "progress")
    return { _tag: "progress", sourceId: event.sourceId, progress: progressOf(event.progress) }
  const { orgId: _, ...rest } = event
  return rest
}

/** Slow readers lose older events, never the newest. */
const waiting = 64
/** Also keeps proxies from closing a quiet connection. */
const everythingAgain = "15 seconds"

/** Listening begins before the first look, so that nothing falls between. */
const eventsOf = (sync: Sync["Service"], orgId: OrgId): Stream.Stream<SourceEvent> => {
  const live = Stream.callback<SyncEvent>(
    (queue) =>
      sync.listen((event) =>
        event.orgId === orgId ? Effect.asVoid(Queue.offer(queue, event)) : Effect.void,
      ),
    { bufferSize: waiting, strategy: "sliding" },
  )
  const now = Effect.option(standing(sync, orgId))
  const all = Stream.tick(everythingAgain).pipe(
    Stream.mapEffect(() => now),
    Stream.flatMap((found) =>
      Option.isSome(found) ? Stream.succeed({ _tag: "status" as const, sources: found.value }) : Stream.empty,
    ),
  )
  return Stream.merge(Stream.map(live, eventOf), all)
}

/** Neither caches nor proxies may hold events back. */
const unbuffered = HttpEffect.appendPreResponseHandler((_, response) =>
  Effect.succeed(
    HttpServerResponse.setHeaders(response, {
      "cache-control": "no-store, no-transform",
      "x-accel-buffering": "no",
    }),
  ),
)

const missing = (id: string) => new NotFound({ what: `source "${id}"` })

const sourceOf = Effect.fnUntraced(function* (orgId: OrgId, id: string) {
  const { sources } = yield* Sync
  return sources.find((one) => one.orgId === orgId && one.source.id === id) ?? (yield* missing(id))
})

export const SourcesHandlers = HttpApiBuilder.group(Api, "sources", (handlers) =>
  handlers.handleAll({
    list: () => listed.pipe(Effect.catchTag("StoreError", outage)),
    events: Effect.fnUntraced(function* () {
      const { orgId } = yield* inOrg
      yield* unbuffered
      return eventsOf(yield* Sync, orgId)
    }),
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
        return { started: yield* (yield* Sync).start(source, payload.mode) }
      },
      Effect.catchTag("StoreError", outage),
    ),
  }),
)
