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
const DeadLetters = Schema.Array(
  Schema.Struct({
    id: Schema.String,
    session: Schema.String,
    kind: Schema.String,
    why: Schema.String,
  }),
)

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

/** Where the API has what it knows of the site's organization. */
export const apiOf = ({ organization, runtimeUrl }: Watched): string =>
  `${runtimeUrl}/api/organizations/${organization}`

/** What the runtime tells operators, and what they tell it, through its API. */
export const operatorOf = (site: Watched, headers: Readonly<Record<string, string>> = {}) => {
  const post = (path: string, body: unknown): Promise<Response> =>
    fetch(apiOf(site) + path, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    })
  return {
    session: async (id: string) =>
      Schema.decodeUnknownSync(Timeline)(await getJson(`${apiOf(site)}/sessions/${id}`, headers)),
    sessions: async () =>
      Schema.decodeUnknownSync(Sessions)(await getJson(`${apiOf(site)}/sessions?limit=200`, headers))
        .sessions,
    deadLetters: async () =>
      Schema.decodeUnknownSync(DeadLetters)(await getJson(`${apiOf(site)}/dead-letters`, headers)),
    metrics: async () => (await fetch(`${site.runtimeUrl}/metrics`, { headers })).text(),
    /** 202 when it is taken. */
    command: async (sessionId: string, command: string) =>
      (await post(`/sessions/${sessionId}/commands`, { command })).status,
    /** 202 when it will run again. */
    replay: async (id: string) => (await post(`/dead-letters/${id}/replay`, {})).status,
  }
}

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
