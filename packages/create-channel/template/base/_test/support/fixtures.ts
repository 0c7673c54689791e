/** Requests of the provider and an account that takes them, for every test here. */
import type { RawRequest } from "@opencx/core"
import { contractHookUrl } from "@opencx/testing"
import { plugin } from "../../src/index.ts"
import { proofHeaders } from "./proof.ts"

export const apiKey = "test-api-key-0123456789"
export const webhookSecret = "test-webhook-secret-0123456789"
export const settings = { apiKey, webhookSecret }
export const deliveryId = "00000000-0000-4000-8000-000000000001"

/** A request with this proof; `now`, if none is given. */
export const request = (body: Uint8Array, headers = proofHeaders(body, webhookSecret)): RawRequest => ({
  method: "POST",
  url: contractHookUrl(plugin.id),
  headers: { "content-type": "application/json", ...headers },
  body,
  remoteAddress: "192.0.2.1",
})

export const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value))

export const webhook = (...events: ReadonlyArray<unknown>): RawRequest => request(bytes({ events }))

/** A customer's message; `over` replaces parts of it. */
export const created = (text: string, over: Readonly<Record<string, unknown>> = {}, id = "1") => ({
  type: "message.created",
  id: `evt_${id}`,
  created_at: 1_750_000_000_000,
  message: {
    id: `in_${id}`,
    conversation_id: "conversation-7",
    from: { id: "user-7", name: "Ada Öz", phone: "+14155550107" },
    text,
    locale: "en",
    ...over,
  },
})

export const status = (state: string, over: Readonly<Record<string, unknown>> = {}) => ({
  type: "message.status",
  id: `evt_${state}`,
  created_at: 1_750_000_001_000,
  status: { message_id: "msg_1", client_reference: `${deliveryId}/1/1`, state, ...over },
})
