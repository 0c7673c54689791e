/** Checks over conversations: which ones show a sign, each told with its session. */
import type { DeliveryId, Entry, Work } from "@opencx/core"
import { type Check, listed, ok, problem, unknown, type Verdict } from "../Check.ts"
import type { Chart, SessionChart } from "../Chart.ts"
import type { Reading } from "../Reading.ts"

/** How a conversation is named in evidence. */
export const named = ({ session }: SessionChart, what: string): string =>
  `session ${session.id}${session.ticket === null ? "" : ` (ticket ${session.ticket.ticketId})`}: ${what}`

type Sign = (one: SessionChart, chart: Chart) => string | ReadonlyArray<string> | null

interface Told {
  readonly problem: string
  readonly fix: string | ((chart: Chart) => string)
}

interface Options {
  readonly say?: typeof problem
  /** What the sign is seen in: where that could not be read, nothing is known. */
  readonly needs?: (one: SessionChart) => Reading<unknown>
}

const unlessUnread = ({ sessions }: Chart, needs: (one: SessionChart) => Reading<unknown>): Verdict => {
  for (const one of sessions) {
    const needed = needs(one)
    if (needed._tag === "Unread") return unknown(named(one, needed.why))
  }
  return ok()
}

/** A check that looks for one sign in every conversation that was read. */
export const sessionCheck = (id: string, told: Told, sign: Sign, options: Options = {}): Check => ({
  id,
  look: (chart): Verdict => {
    const { needs, say = problem } = options
    const evidence = chart.sessions.flatMap((one) => {
      const found = sign(one, chart)
      if (found === null) return []
      return (typeof found === "string" ? [found] : found).map((what) => named(one, what))
    })
    if (evidence.length === 0) return needs === undefined ? ok() : unlessUnread(chart, needs)
    const fix = typeof told.fix === "string" ? told.fix : told.fix(chart)
    return say({ problem: told.problem, fix, evidence: listed(evidence) })
  },
})

type Task = Work["task"]["_tag"]

/** Why work of these kinds was given up, one sentence each. */
export const givenUp = ({ dead }: SessionChart, ...tasks: ReadonlyArray<Task>): ReadonlyArray<string> =>
  dead
    .filter(({ task }) => tasks.includes(task._tag))
    .map(({ lastError, outcome }) =>
      outcome?._tag === "Failed" ? outcome.explanation : (lastError ?? "no reason was kept"),
    )

type Update = Extract<Entry["body"], { readonly _tag: "DeliveryUpdate" }>

/** What was last heard of each message to the customer. */
export const lastUpdates = ({ timeline }: SessionChart): ReadonlyArray<Update> => {
  const last = new Map<DeliveryId, Update>()
  for (const { body } of timeline) if (body._tag === "DeliveryUpdate") last.set(body.deliveryId, body)
  return [...last.values()]
}

/** Why messages did not reach the customer: as reported, and as given up. */
export const undelivered = (one: SessionChart): ReadonlyArray<string> => {
  const reported = lastUpdates(one)
    .filter(({ status }) => status === "failed")
    .map(({ explanation }) => explanation ?? "no reason was given")
  return [...new Set([...reported, ...givenUp(one, "Deliver")])]
}

/** The newest entry of some kinds. */
export const newest = <Tag extends Entry["body"]["_tag"]>(
  { timeline }: SessionChart,
  ...tags: ReadonlyArray<Tag>
): Extract<Entry["body"], { readonly _tag: Tag }> | null => {
  const isOne = (body: Entry["body"]): body is Extract<Entry["body"], { readonly _tag: Tag }> =>
    tags.some((tag) => tag === body._tag)
  return timeline.map(({ body }) => body).findLast(isOne) ?? null
}

/** Why a handoff came to nothing: what was given up, or what the customer was told; empty while the newest one went well. */
export const failedHandoff = (one: SessionChart): ReadonlyArray<string> => {
  const why = givenUp(one, "OpenTicket", "OpenChat")
  if (why.length > 0) return why
  const last = newest(one, "HandoffConfirmed", "HandoffFailed")
  return last?._tag === "HandoffFailed" ? [last.explanation] : []
}
