/** What travels between the widget in the browser and its server. Types only: both sides compile against this file. */

/** A file of a line. `url` is signed and works for a day. */
export interface WireFile {
  readonly fileName: string
  readonly contentType: string
  /** Bytes. */
  readonly size: number
  readonly url: string
}

export interface WireLine {
  /** Opaque position; lines come in this order. */
  readonly cursor: string
  /** The browser's own UUID of a customer's message, the delivery id of everything else. */
  readonly id: string
  /** Epoch milliseconds. */
  readonly at: number
  readonly author: "customer" | "ai" | "human" | "system"
  readonly authorName: string | null
  /** Markdown for what was said to the customer; the customer's own words are plain text. */
  readonly text: string
  readonly sources: ReadonlyArray<{ readonly title: string; readonly url: string | null }>
  readonly files: ReadonlyArray<WireFile>
}

/** Where the conversation stands. `none`: nobody has written yet. */
export interface WireSync {
  readonly state: "none" | "ai" | "handing_off" | "human" | "closed"
  readonly humanName: string | null
  /** Delivery statuses by line id; in a stream only those that changed since the last one. */
  readonly statuses: Readonly<Record<string, string>>
}

export interface WirePage extends WireSync {
  readonly lines: ReadonlyArray<WireLine>
  /** More lines wait after the last one. */
  readonly more: boolean
}

/** Part of an answer that is being written: the whole text, or what is to be added to the last one. */
export type WirePartial = { readonly text: string } | { readonly add: string }

export interface WireSession {
  readonly token: string
  /** Public id of the conversation's owner; names the browser's own storage and channels. */
  readonly visitor: string
  /** Public id of the conversation: an identified person may go on in that of before. */
  readonly conversation: string
  /** True when a signed token of the site said who this is. */
  readonly identified: boolean
  readonly name: string | null
  /** Epoch milliseconds. */
  readonly expiresAt: number
}

export type FieldRule = "off" | "optional" | "required"

export interface WireConfig {
  readonly locale: string
  readonly rtl: boolean
  readonly title: string
  /** Every text in the chosen language. */
  readonly texts: Readonly<Record<string, string>>
  readonly theme: Readonly<Record<string, string>>
  readonly position: "end" | "start"
  readonly textLimit: number
  readonly attachments: {
    readonly maxFiles: number
    readonly maxBytes: number
    readonly types: ReadonlyArray<string>
  } | null
  readonly prechat: { readonly name: FieldRule; readonly email: FieldRule }
  /** What the customer must agree to before the first message; null when nothing. */
  readonly consent: string | null
  /** Seconds without a human after which an e-mail address is asked for; null: never. */
  readonly contactAfterSeconds: number | null
  readonly csat: boolean
}

/** Every refusal's body. */
export interface WireError {
  readonly error: string
  readonly detail: string
}
