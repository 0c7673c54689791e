/** Where the sources stand: a page with a button for people, JSON and a stream of events for programs. */
import { Effect, Layer, Option, Queue, Schema, Stream } from "effect"
import * as HttpRouter from "effect/http/HttpRouter"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import { Sync } from "../layers/Sync.ts"
import type { SyncEvent } from "../sync/SyncEvent.ts"
import { rawBody } from "./body.ts"
import { api, page } from "./operator.ts"
import { htmlAnswer } from "./pages/html.ts"
import { sourcesPage } from "./pages/sources.ts"

const json = (body: unknown, status = 200) => HttpServerResponse.jsonUnsafe(body, { status })

const isForm = (request: HttpServerRequest): boolean =>
  (request.headers["content-type"] ?? "").startsWith("application/x-www-form-urlencoded")

/** `acceptLoss`: for people who have looked why so many articles are missing. */
const Wish = Schema.Struct({
  mode: Schema.Literals(["incremental", "full", "acceptLoss"]).pipe(
    Schema.withDecodingDefault(Effect.succeed("incremental" as const)),
  ),
})
const jsonWish = Schema.decodeUnknownOption(Schema.fromJsonString(Wish))
const formWish = Schema.decodeUnknownOption(Wish)

const maxWishBytes = 1_000

/** What is wanted; nothing at all means: what changed. None when it cannot be understood. */
const wishOf = (request: HttpServerRequest) =>
  rawBody(request, maxWishBytes).pipe(
    Effect.map((bytes) => {
      const text = new TextDecoder().decode(bytes)
      if (isForm(request)) return formWish(Object.fromEntries(new URLSearchParams(text)))
      return jsonWish(text.trim() === "" ? "{}" : text)
    }),
    Effect.orElseSucceed(() => Option.none<typeof Wish.Type>()),
  )

const badWish = json(
  { error: "bad_request", detail: 'Send { "mode": "incremental" | "full" | "acceptLoss" }, or nothing.' },
  400,
)
const unknown = json({ error: "not_found", detail: "GET /api/sources lists the sources." }, 404)
const busy = json(
  {
    error: "busy",
    detail: "The source is being synced. Wait until that has ended: GET /api/sources/events.",
  },
  409,
)

const startSync = Effect.fnUntraced(function* (request: HttpServerRequest) {
  const { org, source: id } = yield* HttpRouter.params
  const sync = yield* Sync
  const source = sync.sources.find((one) => one.orgId === org && one.source.id === id)
  if (source === undefined) return unknown
  const wish = Option.getOrNull(yield* wishOf(request))
  if (wish === null) return badWish
  const started = yield* sync.start(source, wish.mode)
  if (isForm(request)) return HttpServerResponse.redirect("/sources", { status: 303 })
  return started ? json({ ok: true }, 202) : busy
})

const encode = Schema.encodeSync(Schema.fromJsonString(Schema.Unknown))
const line = (name: string, data: unknown): string => `event: ${name}\ndata: ${encode(data)}\n\n`

/** Slow readers lose older events, never the newest. */
const waiting = 64
const heartbeat = "15 seconds"

/**
 * `status` with everything first; then each event by its name. Listening begins before the first look, so that nothing
 * falls between.
 */
const events = (sync: Sync["Service"]): Stream.Stream<Uint8Array> => {
  const live = Stream.callback<SyncEvent>(
    (queue) => sync.listen((event) => Effect.asVoid(Queue.offer(queue, event))),
    { bufferSize: waiting, strategy: "sliding" },
  )
  const standing = Effect.map(sync.status, (sources) => line("status", { sources }))
  const beats = Stream.map(Stream.drop(Stream.tick(heartbeat), 1), () => ": still here\n\n")
  return Stream.fromEffect(Effect.orElseSucceed(standing, () => ": later\n\n")).pipe(
    Stream.merge(Stream.map(live, ({ _tag, ...data }) => line(_tag, data))),
    Stream.merge(beats),
    Stream.encodeText,
  )
}

const streamOf = (sync: Sync["Service"]) =>
  HttpServerResponse.stream(events(sync), {
    contentType: "text/event-stream; charset=utf-8",
    headers: { "cache-control": "no-store, no-transform", "x-accel-buffering": "no" },
  })

export const SourceRoutes = Layer.mergeAll(
  HttpRouter.add("GET", "/sources", (request) =>
    page(
      request,
      Effect.gen(function* () {
        return htmlAnswer(sourcesPage(yield* (yield* Sync).status))
      }),
    ),
  ),
  HttpRouter.add("GET", "/api/sources", (request) =>
    api(
      request,
      Effect.gen(function* () {
        return json({ sources: yield* (yield* Sync).status })
      }),
    ),
  ),
  HttpRouter.add("GET", "/api/sources/events", (request) => api(request, Effect.map(Sync, streamOf))),
  HttpRouter.add("POST", "/api/sources/:org/:source/sync", (request) =>
    api(request, startSync(request), "sources.sync"),
  ),
)
