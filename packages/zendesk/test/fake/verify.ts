/** Verifying against an emulator that a test has made to behave in some way. */
import { assert } from "@effect/vitest"
import { type EmulatorOptions, make as startEmulator } from "@opencx/zendesk-emulator"
import { Effect } from "effect"
import { type AccountFindings, type AccountToVerify, verifyAccount } from "../../src/setup/index.ts"
import { appId, keyId } from "./sunshine.ts"

export const oauth = { type: "oauth_client_credentials", clientId: "opencx", clientSecret: "opencx-secret" }
export const legacy = { type: "api_token", email: "integration@acme.test", token: "legacy-1" }

export const zendesk = (url: string, more: object = {}) => ({
  subdomain: "acme",
  baseUrl: url,
  auth: oauth,
  ...more,
})
export const sunshine = (more: object = {}) => ({ appId, keyId, secret: "sample-sunshine-secret", ...more })

export const account = (more: Partial<AccountToVerify>): AccountToVerify => ({
  ticketing: null,
  messaging: null,
  ticketFields: true,
  helpCenter: true,
  setup: null,
  ...more,
})

/** Verifies against a fresh emulator; `settings` gets its URL. */
export const verifying = (
  settings: (url: string) => Partial<AccountToVerify>,
  options: EmulatorOptions = {},
) =>
  Effect.gen(function* () {
    const emulator = yield* startEmulator({ timeScale: 0.01, ...options })
    const found = yield* verifyAccount(account(settings(emulator.url)))
    return { emulator, found }
  })

export const badOnes = ({ messaging, ticketing }: AccountFindings) =>
  [...ticketing, ...messaging].filter(({ ok }) => !ok)

export const onlyBad = (found: AccountFindings) => {
  const all = badOnes(found).filter(({ needed }) => needed)
  assert.lengthOf(all, 1, JSON.stringify(all))
  const [one] = all
  if (one === undefined) throw new Error("nothing was found")
  return { id: one.id, problem: one.problem ?? "", fix: one.fix ?? "" }
}
