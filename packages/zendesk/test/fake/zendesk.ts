/** Connections and answers that many tests share. */
import { Redacted } from "effect"
import type { AccountAccess, ZendeskConnection } from "../../src/index.ts"
import type { Reply, Seen } from "./ScriptedServer.ts"

export const ourId = 9001

/** Legacy sign-in, so that a test about something else needs no token route. */
export const connectionTo = (url: string, more: Partial<ZendeskConnection> = {}): ZendeskConnection => ({
  subdomain: "acme",
  baseUrl: url,
  auth: { type: "api_token", email: "admin@acme.test", token: Redacted.make("tok-secret-1") },
  firstComment: "internal",
  ...more,
})

export const oauthTo = (url: string, more: Partial<ZendeskConnection> = {}): ZendeskConnection =>
  connectionTo(url, {
    auth: {
      type: "oauth_client_credentials",
      clientId: "acme_connector",
      clientSecret: Redacted.make("s3cret-value"),
      scope: "read write",
    },
    ...more,
  })

export const anonymousTo = (url: string): AccountAccess => ({
  subdomain: "acme",
  baseUrl: url,
  auth: { type: "none" },
})

export const me: Reply = { json: { user: { id: ourId, name: "OpenCX", role: "admin", active: true } } }

export const ticketJson = (id: number, more: Record<string, unknown> = {}) => ({
  id,
  status: "new",
  external_id: null,
  requester_id: 501,
  tags: ["opencx"],
  updated_at: "2026-11-21T09:00:00Z",
  ...more,
})

export const bodyJson = (seen: Seen | undefined): unknown => JSON.parse(seen?.body ?? "null")
