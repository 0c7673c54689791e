/** `GET /stream`: server-sent events of the visitor's conversation (HTML Living Standard, 9.2). */
import type { LiveEvent, StoreError, ThreadRef, VisibleLine } from "@opencx/core"
import { Clock, Effect, Stream } from "effect"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import { threadRef, type Visitor } from "../identity/visitor.ts"
import type { WirePartial, WireSync } from "../wire.ts"
import { admit, type Call, limit } from "./access.ts"
import { json } from "./answers.ts"
import { pageSize, wireLine, wireSync } from "./lines.ts"
import { Refusal } from "./Refusal.ts"
import type { Site } from "./Site.ts"
import { visitorFor } from "./access.ts"

/** Proxies cut connections that are silent for 30 to 60 s. */
const heartbeat = "15 seconds"
/** A stream ends by itself after this time, so that long-lived ones spread over processes again. */
const longest = "30 minutes"
/** Drafts are not sent more often than this, in ms. */
const draftEvery = 60

type Tick = { readonly _tag: "Tick" } | { readonly _tag: "Begin" }

/** What a stream has told its browser so far. */
interface Told {
  readonly cursor: string | null
  readonly state: string
  readonly statuses: ReadonlyMap<string, string>
  readonly draft: string
  readonly draftAt: number
}

const event = (name: string, data: unknown, id?: string): string =>
  `${id === undefined ? "" : `id: ${id}\n`}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`

const linesAfter = Effect.fnUntraced(function* (site: Site, ref: ThreadRef, after: string | null) {
  const found: Array<VisibleLine> = []
  let cursor = after
  // A bound, so that one stream cannot hold everything of a huge thread at once; the next look goes on.
  for (let page = 0; page < 20; page++) {
    const lines = yield* site.view.lines(ref, cursor, pageSize)
    found.push(...lines)
    cursor = lines.at(-1)?.cursor ?? cursor
    if (lines.length < pageSize) break
  }
  return found
})

/** Everything that lasts and that the browser does not know yet. */
const look = Effect.fnUntraced(function* (site: Site, visitor: Visitor, told: Told, always: boolean) {
  const ref = threadRef(site.account, visitor)
  yield* site.owners.check(ref, visitor)
  const lines = yield* linesAfter(site, ref, told.cursor)
  const state = yield* site.view.state(ref)
  const statuses = yield* site.view.deliveries(ref)
  const news = new Map([...statuses].filter(([id, status]) => told.statuses.get(id) !== status))
  const sync: WireSync = wireSync(state, news)
  const label = `${state.state}|${state.humanName ?? ""}`
  const texts = lines.map((line) => event("line", wireLine(line), line.cursor))
  if (always || lines.length > 0 || news.size > 0 || label !== told.state) texts.push(event("sync", sync))
  const next: Told = {
    cursor: lines.at(-1)?.cursor ?? told.cursor,
    state: label,
    statuses,
    draft: "",
    draftAt: 0,
  }
  return [next, texts] as const
})

const draftOf = (told: Told, text: string): WirePartial =>
  told.draft !== "" && text.startsWith(told.draft) ? { add: text.slice(told.draft.length) } : { text }

const writeDraft = Effect.fnUntraced(function* (told: Told, text: string) {
  const now = yield* Clock.currentTimeMillis
  if (now - told.draftAt < draftEvery) return [told, []] as const
  return [{ ...told, draft: text, draftAt: now }, [event("partial", draftOf(told, text))]] as const
})

type Step = Effect.Effect<readonly [Told, ReadonlyArray<string>]>

/** The end of a stream whose thread has become somebody else's. */
const gone = event("gone", {})

const step = (site: Site, visitor: Visitor, told: Told, news: LiveEvent | Tick): Step => {
  if (news._tag === "Typing") return Effect.succeed([told, [event("typing", { author: news.author })]])
  if (news._tag === "Partial") return writeDraft(told, news.text)
  const seen = look(site, visitor, told, news._tag !== "Tick").pipe(
    Effect.map(([next, texts]) => {
      if (news._tag !== "Tick") return [next, texts] as const
      // A `sync` ends the browser's draft; without one the draft goes on.
      return [texts.length === 0 ? told : next, [event("ping", {}), ...texts]] as const
    }),
  )
  return seen.pipe(
    Effect.catchTags({
      Refusal: () => Effect.succeed([told, [gone]] as const),
      // The next tick looks again.
      StoreError: (error: StoreError) =>
        Effect.as(Effect.logDebug("A stream could not look", error.message), [
          told,
          [": later\n\n"],
        ] as const),
    }),
  )
}

const events = (site: Site, visitor: Visitor, after: string | null): Stream.Stream<Uint8Array> => {
  const begin: Stream.Stream<Tick> = Stream.fromEffect(Effect.as(Effect.yieldNow, { _tag: "Begin" as const }))
  // Soon after the beginning once more: what happened while the subscription was made must not wait for a heartbeat.
  const again = Stream.fromEffect(Effect.delay(Effect.succeed({ _tag: "Tick" as const }), "1 second"))
  const ticks = Stream.map(Stream.tick(heartbeat), () => ({ _tag: "Tick" as const }))
  const told: Told = { cursor: after, state: "", statuses: new Map(), draft: "", draftAt: 0 }
  const live: Stream.Stream<LiveEvent | Tick> = Stream.merge(
    site.view.changes(threadRef(site.account, visitor)),
    Stream.merge(Stream.concat(begin, again), Stream.drop(ticks, 1)),
  )
  return live.pipe(
    Stream.mapAccumEffect(
      () => told,
      (state: Told, news) => step(site, visitor, state, news),
    ),
    Stream.takeUntil((text) => text === gone),
    Stream.interruptWhen(Effect.sleep(longest)),
    (body) => Stream.concat(Stream.make("retry: 2000\n\n"), body),
    Stream.encodeText,
  )
}

/** Counts a stream while it runs. */
const counted = (site: Site, id: string, body: Stream.Stream<Uint8Array>): Stream.Stream<Uint8Array> =>
  Stream.suspend(() => {
    site.streams.set(id, (site.streams.get(id) ?? 0) + 1)
    return body
  }).pipe(
    Stream.ensuring(
      Effect.sync(() => {
        const left = (site.streams.get(id) ?? 1) - 1
        if (left > 0) site.streams.set(id, left)
        else site.streams.delete(id)
      }),
    ),
  )

const noTicket = new Refusal({
  status: 401,
  code: "ticket_refused",
  detail: "The ticket is missing, expired or not of this site; take a new one.",
})

/** `POST /ticket`: a browser's event source cannot send a header, so it gets something short-lived for its URL. */
export const postTicket = Effect.fnUntraced(function* (call: Call) {
  const visitor = yield* visitorFor(call)
  return json(call.site.tokens.ticket(visitor.claims, call.now))
})

export const getStream = Effect.fnUntraced(function* (call: Call) {
  const { now, query, request, site } = call
  const claims = site.tokens.openTicket(query.get("ticket") ?? "", now)
  if (claims === null) return yield* noTicket
  const visitor = yield* admit(site, claims)
  yield* limit(site, `stream:${visitor.id}`, site.settings.limits.callsPerMinute, now)
  if ((site.streams.get(visitor.id) ?? 0) >= site.settings.limits.streams) {
    return yield* new Refusal({
      status: 429,
      code: "too_many_streams",
      detail: "Close a tab, or wait until a lost connection has timed out.",
      retryAfter: 30,
    })
  }
  const after = request.headers["last-event-id"] ?? query.get("after")
  return HttpServerResponse.stream(counted(site, visitor.id, events(site, visitor, after)), {
    contentType: "text/event-stream; charset=utf-8",
    headers: { "cache-control": "no-store, no-transform", "x-accel-buffering": "no" },
  })
})
