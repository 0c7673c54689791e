/** A carrier's secret is changed: webhooks signed with the old and the new one are taken while both stand in the settings. */
import { assert, describe, it } from "@effect/vitest"
import { bindAccount, contractHookUrl } from "@opencx/testing"
import { Effect, type Scope } from "effect"
import { makeSmsPlugin } from "../src/index.ts"
import * as F from "./support/fakes.ts"
import { toRequest } from "./support/host.ts"

const plugin = makeSmsPlugin()
const hookUrl = contractHookUrl("sms")
type Hook = Parameters<typeof toRequest>[0]

const verdict = (settings: unknown, hook: Hook) =>
  Effect.gen(function* () {
    const bound = yield* bindAccount(plugin, settings)
    if (bound.receive === null) return yield* Effect.die("takes webhooks")
    yield* bound.receive(toRequest(hook))
    return "taken"
  }).pipe(
    Effect.catchTags({
      SignatureRejected: () => Effect.succeed("refused"),
      MalformedInput: ({ detail }) => Effect.succeed(detail),
    }),
  )

interface Change {
  /** Settings with this secret, and this one as the one before. */
  readonly settings: (secret: "old" | "new", previous?: "old") => unknown
  readonly signed: (by: "old" | "new" | "stranger") => Hook
}

const changes: Readonly<Record<string, Effect.Effect<Change, never, Scope.Scope>>> = {
  telnyx: Effect.gen(function* () {
    const carriers = { old: yield* F.fakeTelnyx, new: yield* F.fakeTelnyx, stranger: yield* F.fakeTelnyx }
    const text = { from: F.customer, to: F.ours, text: "Hello", webhookUrl: hookUrl }
    return {
      settings: (secret, previous) =>
        F.telnyxSettings(
          carriers[secret].publicKey,
          undefined,
          {},
          {
            previousPublicKey: previous === undefined ? undefined : carriers[previous].publicKey,
          },
        ),
      signed: (by) => carriers[by].inboundHook(text),
    } satisfies Change
  }),
  vonage: Effect.gen(function* () {
    const vonage = yield* F.fakeVonage
    const { body } = vonage.inboundHook({
      from: "14155550199",
      to: "14155550100",
      text: "Hello",
      webhookUrl: hookUrl,
    })
    return {
      settings: (secret, previous) =>
        F.vonageSettings(undefined, {
          signatureSecret: `${secret}-secret-1`,
          previousSignatureSecret: previous && `${previous}-secret-1`,
        }),
      signed: (by) => vonage.hook(hookUrl, JSON.parse(body), {}, `${by}-secret-1`),
    } satisfies Change
  }),
  ...Object.fromEntries(
    (["v3", "v2"] as const).map((signature) => [
      `plivo, ${signature}`,
      Effect.gen(function* () {
        const [one, two, three] = [
          yield* F.plivoOf("old-token-1"),
          yield* F.plivoOf("new-token-1"),
          yield* F.plivoOf("stranger-token-1"),
        ]
        const carriers = { old: one, new: two, stranger: three }
        const text = { MessageUUID: "u1", From: "14155550199", To: "14155550100", Text: "Hello" }
        return {
          settings: (secret, previous) =>
            F.plivoSettings(undefined, {
              authToken: `${secret}-token-1`,
              previousAuthToken: previous && `${previous}-token-1`,
              signature,
            }),
          signed: (by) => carriers[by].hook(hookUrl, text, signature === "v2" ? { only: signature } : {}),
        } satisfies Change
      }),
    ]),
  ),
}

describe("while a secret is changed", () => {
  for (const [name, change] of Object.entries(changes))
    it.live(name, () =>
      Effect.gen(function* () {
        const { settings, signed } = yield* change
        const both = settings("new", "old")
        const all = yield* Effect.forEach(["old", "new", "stranger"] as const, (by) =>
          verdict(both, signed(by)),
        )
        assert.deepStrictEqual(all, ["taken", "taken", "refused"])
        assert.strictEqual(yield* verdict(settings("new"), signed("old")), "refused")
        assert.strictEqual(yield* verdict(settings("old"), signed("new")), "refused")
      }),
    )
})
