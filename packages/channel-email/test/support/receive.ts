/** Receives one raw mail, without a way in. */
import type { Account, MessageEvent } from "@opencx/core"
import { Effect, Schema } from "effect"
import { EmailSettings } from "../../src/index.ts"
import { type Arrival, receiveRaw } from "../../src/inbound/receive.ts"
import { undecoded } from "./account.ts"

export const accountOf = (over: Record<string, unknown> = {}): Account<EmailSettings> => {
  const raw = undecoded(over)
  return { ...raw, settings: Schema.decodeUnknownSync(EmailSettings)(raw.settings) }
}

export const arrivalOf = (over: Partial<Arrival> = {}): Arrival => ({
  envelope: { from: "ann@customer.example", to: ["support@acme.example"] },
  peer: null,
  verdict: null,
  behindBorder: false,
  ...over,
})

export const noDns = () => Promise.reject(Object.assign(new Error("no such record"), { code: "ENOTFOUND" }))

export const receive = (
  raw: string | Buffer,
  over: Record<string, unknown> = {},
  arrival = arrivalOf(),
  resolver = noDns as never,
) =>
  receiveRaw(new Uint8Array(typeof raw === "string" ? Buffer.from(raw) : raw), arrival, accountOf(over), {
    resolver,
  })

export const message = (...args: Parameters<typeof receive>) =>
  receive(...args).pipe(
    Effect.map((events): MessageEvent => {
      const [first] = events
      if (first?._tag !== "Message") throw new Error(`no message but ${first?._tag}`)
      return first
    }),
  )
