/** What the fake WhatsApp knows: people, their phones, files. */

export type StatusName = "sent" | "delivered" | "read" | "played" | "failed"

/** A person with WhatsApp. `id` is the fake's own name for them. */
export interface Customer {
  readonly id: string
  readonly name: string
  /** Digits without `+`. */
  phone: string
  /** Business-scoped user id; null as before 2026. */
  bsuid: string | null
  parentBsuid: string | null
  username: string | null
  /** False: the number is left out of webhooks, as for people with a username. */
  phoneVisible: boolean
  /** Epoch ms of their newest message to the business. */
  lastWroteAt: number | null
  blocked: boolean
}

export interface ShownMedia {
  readonly kind: string
  readonly contentType: string
  readonly size: number
  readonly fileName: string | null
  readonly sha256: string
  /** Set when the business sent a link in place of an upload. */
  readonly link: string | null
}

/** One bubble on a customer's phone. */
export interface ShownMessage {
  readonly id: string
  readonly customerId: string
  readonly from: "business" | "customer"
  /** Epoch ms. */
  readonly at: number
  readonly text: string
  readonly media: ShownMedia | null
  readonly template: string | null
  readonly correlation: string | null
  /** How the business addressed it: a phone number or a BSUID. */
  readonly addressedBy: "to" | "recipient" | null
  status: StatusName
}

export interface StoredMedia {
  readonly id: string
  readonly contentType: string
  readonly fileName: string | null
  readonly bytes: Uint8Array
  readonly sha256: string
}

/** A template as approved: `{{1}}` stands for the only variable. */
export interface Template {
  readonly name: string
  readonly language: string
  readonly body: string
}

/** One request that the fake got, without credentials. */
export interface LoggedRequest {
  readonly method: string
  readonly path: string
  readonly status: number
  /** Parsed JSON; null for anything else. */
  readonly body: unknown
}

export interface State {
  readonly customers: Map<string, Customer>
  readonly shown: Array<ShownMessage>
  readonly media: Map<string, StoredMedia>
  /** Download token → what it opens, until when (epoch ms). */
  readonly links: Map<string, { readonly mediaId: string; readonly until: number }>
  readonly requests: Array<LoggedRequest>
  /** Messages that the business has read, and until when "typing…" shows (epoch ms). */
  readonly seen: Map<string, number>
  counter: number
}

export const emptyState = (): State => ({
  customers: new Map(),
  shown: [],
  media: new Map(),
  links: new Map(),
  requests: [],
  seen: new Map(),
  counter: 0,
})

export const nextId = (state: State, prefix: string): string => {
  state.counter += 1
  return `${prefix}${state.counter.toString(36).toUpperCase().padStart(10, "0")}`
}
