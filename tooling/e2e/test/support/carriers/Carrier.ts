/** A provider of text messages as tests see it: what it sends us, what it took from us, and what goes wrong there. */
import type { FaultPlan, LoggedRequest } from "@opencx/testing/providers/twilio"
import type { Person } from "../chatPeople.ts"
import { pause } from "../customers.ts"
import { hookOf } from "../liveChats.ts"
import type { ChatSite } from "../world.ts"

/** A request as a provider makes it, not sent. */
export interface Hook {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Numbers in international form, however the provider writes them. */
export interface CarrierText {
  readonly from: string
  readonly text: string
  /** The same id again is the same message again. */
  readonly id?: string
  readonly picture?: Uint8Array
}

export interface Sent {
  readonly id: string
  readonly from: string
  readonly to: string
  readonly text: string
  readonly mediaUrls: ReadonlyArray<string>
}

/** How a provider refuses or loses a message, and what the human must read about it. */
interface Trouble {
  readonly status: number
  readonly code?: number | string
  readonly message?: string
  readonly words: string
}

export interface Carrier {
  readonly channel: "sms" | "whatsapp"
  /** Id of the channel account. */
  readonly accountId: string
  /** The shop's number there. */
  readonly number: string
  /** The channel account's settings. */
  readonly settings: object
  /** Operations: `create` and, where there is one, `list`. */
  readonly faults: FaultPlan
  /** Characters of one message at most. */
  readonly longest: number
  /** A customer's message to `url`, signed. */
  readonly inbound: (url: string, text: CarrierText) => Hook
  /** Headers without which nothing proves that the provider has sent a webhook. */
  readonly proof: ReadonlyArray<string>
  /** How a webhook without proof is answered. */
  readonly unproven: number
  /** What it took, oldest first. */
  readonly sent: () => ReadonlyArray<Sent>
  /** How often it was asked to send something. */
  readonly asked: () => number
  /** A report that a message arrived, to where the message says. */
  readonly arrived: (id: string) => Hook
  /** A later report that it did not; `lostWords`: what the human must read about it. */
  readonly lost: (id: string) => Hook
  readonly lostWords: string
  /** Refused for good when it is to be sent. */
  readonly refusal: Trouble
  /** True when a message whose answer was lost is found in the provider's own list. */
  readonly lists: boolean
  readonly close: () => Promise<void>
}

/** Starts a provider; `seed` keeps the credentials of organizations apart. */
export type StartCarrier = (seed: string) => Promise<Carrier>

/** How many of these requests wanted something sent. */
export const postsAmong = (requests: ReadonlyArray<LoggedRequest>): number =>
  requests.filter(({ method }) => method === "POST").length

/** Sends a webhook once; answers with the HTTP status. */
export const post = async ({ body, headers, url }: Hook): Promise<number> => {
  const answer = await fetch(url, { method: "POST", headers, body })
  await answer.arrayBuffer()
  return answer.status
}

/** The same request without some of its headers. */
export const without = (hook: Hook, names: ReadonlyArray<string>): Hook => ({
  ...hook,
  headers: Object.fromEntries(Object.entries(hook.headers).filter(([name]) => !names.includes(name))),
})

/** The carrier's signed webhook URL at a site. */
export const urlAt = (site: Pick<ChatSite, "hooks">, { accountId, channel }: Carrier): string =>
  hookOf(site, `${channel} account ${accountId}`)

/** What went to a customer, oldest first. */
export const sentTo = (carrier: Carrier, number: string): ReadonlyArray<Sent> =>
  carrier.sent().filter(({ to }) => to === number)

/** A customer of a carrier. */
export const writerBy = (site: ChatSite, carrier: Carrier, number: string): Person => ({
  id: number,
  writes: async (words) => {
    const status = await post(carrier.inbound(urlAt(site, carrier), { from: number, text: words }))
    if (status !== 200) throw new Error(`the webhook of "${words}" was answered with ${status}`)
  },
  heard: async () => sentTo(carrier, number).map(({ text }) => text),
})

/** While `run` goes on, the carrier reports everything that it takes for a customer as arrived, as carriers do. */
export const whileReporting = async <A>(
  carrier: Carrier,
  number: string,
  run: () => Promise<A>,
): Promise<A> => {
  const until = new AbortController()
  const reported = new Set<string>()
  const report = async () => {
    while (!until.signal.aborted) {
      for (const { id } of sentTo(carrier, number)) {
        if (!reported.has(id)) await post(carrier.arrived(id))
        reported.add(id)
      }
      await pause(50)
    }
  }
  const reporting = report()
  try {
    return await run()
  } finally {
    until.abort()
    await reporting
  }
}

/** International form of a number that may lack its plus. */
export const withPlus = (number: string): string => (number.startsWith("+") ? number : `+${number}`)
