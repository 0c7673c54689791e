/** Whether the connection works: every finding of the verification is a check, with the product's own sentences. */
import type { AccountFindings, Finding } from "@opencx/zendesk"
import { type Check, notice, ok, problem, unknown, type Verdict } from "../Check.ts"
import type { Chart } from "../Chart.ts"

type Side = keyof AccountFindings

/** Findings that appear only when they are bad, and with which nothing further can be found out. */
const entrance: Readonly<Record<Side, ReadonlyArray<string>>> = {
  ticketing: ["settings", "subdomain", "account", "credentials", "scopes", "role", "reachable"],
  messaging: ["settings", "app_key", "app_id", "reachable"],
}

const isConnected = ({ organization }: Chart, side: Side): boolean =>
  side === "ticketing" ? organization.zendesk !== undefined : organization.messaging !== undefined

const verdictOf = (bad: Finding): Verdict => {
  const what = { problem: bad.problem ?? bad.id, fix: bad.fix ?? "" }
  return bad.needed ? problem(what) : notice(what)
}

const together = (bad: ReadonlyArray<Finding>): Verdict => {
  const [first] = bad
  if (first === undefined) return ok()
  const verdict = verdictOf(bad.find(({ needed }) => needed) ?? first)
  return { ...verdict, evidence: bad.slice(1).map((one) => one.problem ?? one.id) }
}

/** A check that is one finding of the verification, or several that mean the same. */
export const finding = (id: string, side: Side, ...names: ReadonlyArray<string>): Check => ({
  id,
  look: (chart) => {
    if (!isConnected(chart, side)) return null
    const all = chart.findings[side]
    const about = all.filter((one) => names.includes(one.id))
    const bad = about.filter((one) => !one.ok)
    if (bad.length > 0) return together(bad)
    if (about.length > 0) return ok()
    const stopped = all.find((one) => !one.ok && entrance[side].includes(one.id))
    const isEntrance = names.some((name) => entrance[side].includes(name))
    if (stopped !== undefined)
      return unknown(`Not looked at, because of this: ${stopped.problem ?? stopped.id}`)
    return isEntrance ? ok() : null
  },
})

/** A finding that verification has only when it is bad: it is good where another one, which is looked at with it, is. */
export const findingWith = (id: string, side: Side, name: string, seenWith: string): Check => {
  const { look } = finding(id, side, name)
  return {
    id,
    look: (chart) => {
      const verdict = look(chart)
      if (verdict !== null || !isConnected(chart, side)) return verdict
      const isSeen = chart.findings[side].some((one) => one.id === seenWith && one.ok)
      return isSeen
        ? ok()
        : unknown("It hangs on our integration or webhook, which is not in order: mend that first.")
    },
  }
}

const ticketing = (name: string) => finding(`ticketing.${name}`, "ticketing", name)
const messaging = (name: string) => finding(`messaging.${name}`, "messaging", name)

/** Zendesk must be connected at all. */
const connected: Check = {
  id: "ticketing.connected",
  look: ({ organization }) =>
    organization.zendesk === undefined
      ? notice({
          problem: "Zendesk Support is not connected: no handoff can make a ticket.",
          fix: "Add `zendesk` to the organization and run opencx connect zendesk, unless only live chats are wanted.",
        })
      : ok(),
}

export const connectionChecks: ReadonlyArray<Check> = [
  connected,
  ...[
    "settings",
    "subdomain",
    "reachable",
    "account",
    "credentials",
    "scopes",
    "role",
    "public_comments",
    "read_tickets",
    "create_tickets",
    "read_users",
    "create_users",
    "default_assignee",
    "brand",
    "group",
    "setup_rights",
    "authorization",
    "api_token_end",
  ].map(ticketing),
  ...["settings", "reachable", "app_key", "app_id"].map(messaging),
]
