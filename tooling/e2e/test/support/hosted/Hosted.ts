/** A service whose own assistant holds the calls: what it sends us when a call is over, and the line for later texts. */
import type { FakeRelay } from "@opencx/testing/providers/relay"
import { type Hook, post } from "../carriers/Carrier.ts"
import { hookOf } from "../liveChats.ts"
import type { ChatSite } from "../world.ts"

export interface EndedCall {
  readonly id: string
  /** International form; null: withheld. */
  readonly from: string | null
  readonly turns: ReadonlyArray<{ readonly by: "assistant" | "caller"; readonly text: string }>
  readonly wantsHuman: boolean
}

export interface Hosted {
  readonly accountId: string
  readonly settings: object
  /** Twilio, by which replies are texted after a call. */
  readonly line: FakeRelay
  /** The number they come from. */
  readonly number: string
  /** What it sends about a call, in order, signed now. */
  readonly hooks: (url: string, call: EndedCall) => ReadonlyArray<Hook>
  /** Any body, signed now or at another time (epoch milliseconds). */
  readonly sign: (url: string, body: string, at?: number) => Hook
  /** A genuine body of a kind that nobody knows yet. */
  readonly unknown: string
  /** Headers without which nothing proves that the service has sent a webhook. */
  readonly proof: ReadonlyArray<string>
}

export const phoneUrlAt = (site: Pick<ChatSite, "hooks">, { accountId }: Hosted): string =>
  hookOf(site, `phone account ${accountId}`)

/** Texts that a caller got after the call, oldest first. */
export const textsTo = ({ line }: Hosted, number: string): FakeRelay["texts"] =>
  line.texts.filter(({ to }) => to === number)

/** The name that both services' assistants have here. */
export const assistantName = "Vera"

/** Settings of the line for later texts. */
export const fallbackOf = (
  line: FakeRelay,
  credentials: { readonly accountSid: string; readonly authToken: string },
  from: string,
) => ({ ...credentials, apiBaseUrl: line.url, from, consent: "caller_id" })

let calls = 0
/** A call that nobody has had before. */
export const newCall = (
  from: string | null,
  words: string,
  over: Partial<Omit<EndedCall, "from">> = {},
): EndedCall => {
  calls += 1
  return {
    id: `call-${calls}`,
    from,
    wantsHuman: true,
    turns: [
      { by: "assistant", text: "Larkspoke Cycles, good day." },
      { by: "caller", text: words },
      { by: "assistant", text: "A colleague will call you back." },
    ],
    ...over,
  }
}

/** The service tells of a call; every webhook must be taken. */
export const reports = async (site: ChatSite, hosted: Hosted, call: EndedCall): Promise<void> => {
  for (const hook of hosted.hooks(phoneUrlAt(site, hosted), call)) {
    const status = await post(hook)
    if (status !== 200) throw new Error(`a webhook about ${call.id} was answered with ${status}`)
  }
}
