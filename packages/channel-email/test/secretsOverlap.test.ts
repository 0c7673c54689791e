/** A mail provider's secret is changed: webhooks with the old and the new one are taken while both stand in the settings. */
import { assert, describe, it } from "@effect/vitest"
import type { RawRequest } from "@opencx/core"
import { Effect } from "effect"
import { makeEmailPlugin } from "../src/index.ts"
import { mail, undecoded } from "./support/account.ts"
import * as P from "./support/providers.ts"

const plugin = makeEmailPlugin({
  resolver: () => Promise.reject(Object.assign(new Error("none"), { code: "ENOTFOUND" })),
})

const verdict = (inbound: Record<string, unknown>, request: RawRequest) =>
  Effect.gen(function* () {
    const bound = yield* plugin.bind(undecoded({ inbound, authentication: "verify" }))
    if (bound.receive === null) return yield* Effect.die("takes webhooks")
    yield* bound.receive(request)
    return "taken"
  }).pipe(Effect.catchTag("SignatureRejected", () => Effect.succeed("refused")))

const raw = mail({}, "My lamp is broken.")
const [old, fresh, stranger] = P.policies
const policies = { old, new: fresh, stranger }
type By = keyof typeof policies

interface Change {
  /** The inbound settings with this secret, and this one as the one before. */
  readonly settings: (secret: By, previous?: By) => Record<string, unknown>
  readonly request: (by: By) => RawRequest
}

/** As in a file: without the keys that are undefined. */
const written = (name: string, settings: unknown): Record<string, unknown> =>
  JSON.parse(JSON.stringify({ [name]: settings }))

const changes: Readonly<Record<string, Change>> = {
  Postmark: {
    settings: (password, previousPassword) =>
      written("postmark", { username: "opencx", password, previousPassword }),
    request: (by) => P.postmark(P.postmarkBody(), by),
  },
  Mailgun: {
    settings: (signingKey, previousSigningKey) => written("mailgun", { signingKey, previousSigningKey }),
    request: (by) => P.mailgun(P.mailgunFields, P.mailgunSignature({ key: by })),
  },
  "SendGrid, signed": {
    settings: (secret, previous) =>
      written("sendgrid", {
        publicKey: P.publicKeyOf(policies[secret]),
        previousPublicKey: previous && P.publicKeyOf(policies[previous]),
      }),
    request: (by) => P.sendgrid(P.sendgridFields(raw), policies[by]),
  },
  "SendGrid, basic": {
    settings: (password, previousPassword) =>
      written("sendgrid", { basic: { username: "opencx", password, previousPassword } }),
    request: (by) => {
      const form = P.multipart(P.sendgridFields(raw))
      return P.request({ ...form.headers, authorization: P.basic("opencx", by) }, form.body)
    },
  },
}

describe("while a secret is changed", () => {
  for (const [name, { request, settings }] of Object.entries(changes))
    it.live(name, () =>
      Effect.gen(function* () {
        const both = settings("new", "old")
        const all = yield* Effect.forEach(["old", "new", "stranger"] as const, (by) =>
          verdict(both, request(by)),
        )
        assert.deepStrictEqual(all, ["taken", "taken", "refused"])
        assert.strictEqual(yield* verdict(settings("new"), request("old")), "refused")
        assert.strictEqual(yield* verdict(settings("old"), request("new")), "refused")
      }),
    )
})
