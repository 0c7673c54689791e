/** Plivo Messaging. */
import { Effect } from "effect"
import type { PlivoSettings, SmsSettings } from "../../settings.ts"
import type { SmsProvider } from "../SmsProvider.ts"
import { findAtPlivo, plivoAuth, sendByPlivo } from "./api.ts"
import { readPlivo } from "./read.ts"
import { type NonceMemory, verifyPlivo } from "./signature.ts"

export const plivoProvider = (
  settings: PlivoSettings,
  common: SmsSettings,
  nonces: NonceMemory,
): SmsProvider => ({
  title: "Plivo",
  verify: (request) => verifyPlivo(request, settings, nonces),
  read: (request, token) => readPlivo(request, token),
  // Plivo reads XML here and would send what a Message element says; an empty document says nothing.
  answer: { status: 200, contentType: "text/xml", body: "<Response></Response>" },
  media: {
    api: settings.apiBaseUrl,
    path: `/v1/Account/${settings.authId}/`,
    apiHosts: ["api.plivo.com"],
    authorization: Effect.sync(() => plivoAuth(settings)),
    openHosts: ["media.plivo.com", ...common.mediaHosts],
  },
  mediaBudgetMs: 4_000,
  // 1,600 bytes of UTF-8; three bytes per character cover every script in the basic plane.
  textLimit: { gsm: 1530, unicode: 530 },
  mms: {
    maxFiles: 10,
    fits: (contentType, size) => /^(?:image|audio|video)\//.test(contentType) && size <= 2_000_000,
    maxTotalBytes: 5_000_000,
    withText: true,
  },
  send: (part) => sendByPlivo(part, settings, common.timeoutMs),
  find: (part, after) => findAtPlivo(part, after, settings, common.timeoutMs),
})
