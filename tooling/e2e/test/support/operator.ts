/** The operator at the runtime's own pages: sessions, dead letters, figures. */
import { Schema } from "effect"
import type { Emulator } from "@opencx/zendesk-emulator"

const Entry = Schema.Struct({ seq: Schema.Int, body: Schema.Record(Schema.String, Schema.Unknown) })
const Timeline = Schema.Struct({
  session: Schema.Struct({ id: Schema.String, state: Schema.String, channel: Schema.String }),
  entries: Schema.Array(Entry),
})
const Sessions = Schema.Struct({
  sessions: Schema.Array(
    Schema.Struct({
      id: Schema.String,
      orgId: Schema.String,
      state: Schema.String,
      subject: Schema.NullOr(Schema.String),
    }),
  ),
})
const DeadLetters = Schema.Struct({
  deadLetters: Schema.Array(
    Schema.Struct({
      id: Schema.String,
      sessionId: Schema.String,
      task: Schema.Struct({ _tag: Schema.String }),
      outcome: Schema.NullOr(
        Schema.Struct({ _tag: Schema.String, explanation: Schema.optionalKey(Schema.String) }),
      ),
    }),
  ),
})

const getJson = async (url: string, headers: Readonly<Record<string, string>>): Promise<unknown> => {
  const answer = await fetch(url, { headers })
  if (answer.status !== 200) throw new Error(`GET ${url}: ${answer.status}`)
  return answer.json()
}

/** Where the operator looks. */
export interface Watched {
  readonly runtimeUrl: string
  readonly organization: string
}

/** What the runtime tells operators, as JSON. */
export const operatorOf = (site: Watched, headers: Readonly<Record<string, string>> = {}) => ({
  session: async (id: string) =>
    Schema.decodeUnknownSync(Timeline)(
      await getJson(`${site.runtimeUrl}/api/sessions/${site.organization}/${id}`, headers),
    ),
  sessions: async () =>
    Schema.decodeUnknownSync(Sessions)(await getJson(`${site.runtimeUrl}/api/sessions`, headers)).sessions,
  deadLetters: async () =>
    Schema.decodeUnknownSync(DeadLetters)(await getJson(`${site.runtimeUrl}/api/dead-letters`, headers))
      .deadLetters,
  metrics: async () => (await fetch(`${site.runtimeUrl}/metrics`, { headers })).text(),
})

/** Waits for something that has to be asked for. */
export const eventuallyAsked = async <A>(
  what: string,
  ask: () => Promise<A | undefined | null | false>,
  seconds = 15,
): Promise<A> => {
  const end = Date.now() + seconds * 1000
  for (;;) {
    const seen = await ask()
    if (seen !== undefined && seen !== null && seen !== false) return seen
    if (Date.now() > end) throw new Error(`not seen within ${seconds} s: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** Waits until the session is in this state. */
export const sessionState = (site: Watched, id: string | null, state: string) =>
  eventuallyAsked(
    `session ${id} in state ${state}`,
    async () => (await operatorOf(site).session(id ?? "")).session.state === state,
  )

/** Waits until nothing is under way: every event handled, every piece of work done. Then what has not come will not come. */
export const settled = (
  site: Watched & { readonly emulator: Emulator },
  headers: Readonly<Record<string, string>> = {},
) =>
  eventuallyAsked(
    "the runtime at rest",
    async () => {
      const figure = (text: string, name: string) =>
        Number(new RegExp(`^opencx_${name}(?:\\{[^}]*\\})? (\\S+)$`, "m").exec(text)?.[1] ?? "1")
      const once = async () => {
        const text = await operatorOf(site, headers).metrics()
        const names = ["work_pending", "lane_events_waiting", "handlers_running"]
        return (
          site.emulator.counts().pendingDeliveries === 0 && names.every((name) => figure(text, name) === 0)
        )
      }
      return (await once()) && (await once())
    },
    20,
  )
