import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted, Ref, Schema } from "effect"
import {
  AccountId,
  type ChannelEvent,
  definePlugin,
  DeliveryId,
  MalformedInput,
  memoryDeliveryParts,
  type PluginSpec,
  type RawRequest,
  SendFailure,
  sendProgress,
  SessionId,
  SignatureRejected,
  type Signer,
  stateless,
} from "../../src/index.ts"
import { orgId, text, uuid } from "../support/fixtures.ts"

const Settings = Schema.Struct({
  host: Schema.NonEmptyString,
  token: Schema.RedactedFromValue(Schema.String.check(Schema.isMinLength(8))),
  port: Schema.Int,
})
type Settings = typeof Settings.Type

const signer: Signer = { sign: (purpose, words) => `${purpose}${words}`, open: () => null }
const account = (settings: unknown, id = "main") => ({
  orgId,
  accountId: AccountId.make(id),
  organizationName: "Acme",
  settings,
  signer,
  hookUrl: "https://us.example/hooks/pigeon/t",
  publicUrl: "https://us.example",
})
const good = { host: "pigeon.example", token: "correct-horse", port: 1 }

const request = (body: string, signature = "good"): RawRequest => ({
  method: "POST",
  url: "https://us.example/hooks/pigeon",
  headers: { "x-signature": signature },
  body: new TextEncoder().encode(body),
  remoteAddress: null,
})

const spec = (inbound: PluginSpec<Settings, typeof Settings.Encoded>["inbound"] = {}) => ({
  id: "pigeon",
  title: "Carrier pigeon",
  capabilities: {
    handoff: "ticket",
    channelTag: "pigeon",
    textLimit: 160,
    markup: "plain",
    media: { inbound: false, outbound: false, maxBytes: 0 },
    receipts: false,
    typing: false,
    replyWindowMinutes: null,
    optOutWords: ["STOP"],
  } as const,
  identity: ["external"] as const,
  settings: Settings,
  inbound,
  outbound: stateless<Settings>((message, thread, { settings }) =>
    thread.address === "nowhere"
      ? Effect.fail(
          new SendFailure({ kind: { _tag: "Permanent", code: "404", explanation: "no such loft" } }),
        )
      : Effect.succeed({ providerId: `${settings.host}:${message.text}`, messageId: null }),
  ),
})

describe("definePlugin", () => {
  it("is data: nothing runs, and a bad id is refused at once", () => {
    const plugin = definePlugin(spec())
    assert.deepInclude(plugin, { title: "Carrier pigeon", listen: null })
    assert.strictEqual<string>(plugin.id, "pigeon")
    assert.throws(() => definePlugin({ ...spec(), id: "Bad Id" }))
  })

  it.effect("binds one account with decoded settings and can send", () =>
    Effect.gen(function* () {
      const bound = yield* definePlugin(spec()).bind(account(good))
      assert.deepInclude(bound, { orgId, accountId: AccountId.make("main"), receive: null })
      const sender = yield* bound.open
      const message = {
        deliveryId: DeliveryId.make(uuid(1)),
        sessionId: SessionId.make(uuid(2)),
        author: "ai",
        authorName: null,
        purpose: null,
        text: text("coo"),
        subject: null,
        sources: [],
        files: [],
        progress: sendProgress(memoryDeliveryParts(), { orgId, deliveryId: DeliveryId.make(uuid(1)) }),
      } as const
      const receipt = yield* sender.send(message, { key: "k", address: "loft", lastInboundAt: null })
      assert.strictEqual(receipt.providerId, "pigeon.example:coo")
      const failure = yield* Effect.flip(
        sender.send(message, { key: "k", address: "nowhere", lastInboundAt: null }),
      )
      assert.strictEqual(failure.kind._tag, "Permanent")
    }).pipe(Effect.scoped),
  )

  it.effect("refuses settings with all places and no secret", () =>
    Effect.gen(function* () {
      const settings = { host: "", token: "hunter2", port: "25", extra: "hunter3" }
      const error = yield* Effect.flip(definePlugin(spec()).bind(account(settings)))
      assert.strictEqual(error._tag, "SettingsRejected")
      assert.include(error.detail, `pigeon account "main" of "acme"`)
      for (const place of [`["host"]`, `["token"]`, `["port"]`, `["extra"]`])
        assert.include(error.detail, place)
      assert.notMatch(JSON.stringify(error) + error.message + error.hint, /hunter/)
    }),
  )

  it.effect("refuses a misspelt setting, which would do nothing in silence", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(definePlugin(spec()).bind(account({ ...good, prot: 2 })))
      assert.include(error.detail, `["prot"]`)
    }),
  )

  it.effect.each([null, "hunter2", ["hunter2"], { token: { value: "hunter2" } }])(
    "refuses %j without repeating it",
    (settings) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(definePlugin(spec()).bind(account(settings)))
        assert.notInclude(JSON.stringify(error), "hunter")
        assert.isAbove(error.hint.length, 10)
      }),
  )
})

describe("receive", () => {
  const ignored: ChannelEvent = { _tag: "Ignored", dedupKey: "1", why: "a test" }

  const watched = Effect.gen(function* () {
    const decoded = yield* Ref.make<ReadonlyArray<string>>([])
    const plugin = definePlugin(
      spec({
        verify: ({ headers }, { settings }) =>
          headers["x-signature"] === "good" && Redacted.value(settings.token) === "correct-horse"
            ? Effect.void
            : Effect.fail(new SignatureRejected({ detail: "wrong signature" })),
        decode: ({ body }) => {
          const words = new TextDecoder().decode(body)
          return Ref.update(decoded, (all) => [...all, words]).pipe(
            Effect.andThen(
              words === "junk"
                ? Effect.fail(new MalformedInput({ detail: "junk", hint: "send JSON" }))
                : Effect.succeed([ignored]),
            ),
          )
        },
        answer: () => ({ status: 202, contentType: "text/xml", body: "<ok/>" }),
      }),
    )
    const bound = yield* plugin.bind(account(good))
    const receive = bound.receive
    if (receive === null) return assert.fail("this plugin takes webhooks")
    return { bound, receive, decoded: Ref.get(decoded) }
  })

  it.effect("verifies, then decodes", () =>
    Effect.gen(function* () {
      const { bound, decoded, receive } = yield* watched
      assert.deepStrictEqual(yield* receive(request("hello")), [ignored])
      assert.deepStrictEqual(yield* decoded, ["hello"])
      assert.strictEqual(bound.answer(request("hello")).status, 202)
    }),
  )

  it.effect("does not even look at a body with a wrong signature", () =>
    Effect.gen(function* () {
      const { decoded, receive } = yield* watched
      const error = yield* Effect.flip(receive(request("junk", "bad")))
      assert.strictEqual(error._tag, "SignatureRejected")
      assert.deepStrictEqual(yield* decoded, [])
    }),
  )

  it.effect("a genuine request that cannot be read is the sender's mistake", () =>
    Effect.gen(function* () {
      const { receive } = yield* watched
      const error = yield* Effect.flip(receive(request("junk")))
      assert.strictEqual(error._tag, "MalformedInput")
    }),
  )

  it.effect("is absent where either half is missing: nothing is decoded unverified", () =>
    Effect.gen(function* () {
      const decodeOnly = definePlugin(spec({ decode: () => Effect.succeed([ignored]) }))
      const bound = yield* decodeOnly.bind(account(good))
      assert.isNull(bound.receive)
      assert.deepStrictEqual(bound.answer(request("")), { status: 200, contentType: "text/plain", body: "" })
    }),
  )
})

describe("listen", () => {
  const accept = () => Effect.void

  it.effect("gets all accounts decoded, its own options and the journal", () =>
    Effect.gen(function* () {
      const plugin = definePlugin(
        spec({
          listen: (host) =>
            Effect.as(host.accept({ orgId, accountId: AccountId.make("main") }, []).pipe(Effect.orDie), {
              hosts: host.accounts.map((a) => a.settings.host).join(),
              options: String(host.options),
            }),
        }),
      )
      const accounts = [account(good), account({ ...good, host: "second" }, "other")]
      const { listen } = plugin
      if (listen === null) return assert.fail("this plugin listens")
      assert.deepStrictEqual(yield* listen({ accounts, options: 2525, accept }), {
        hosts: "pigeon.example,second",
        options: "2525",
      })
      const error = yield* Effect.flip(listen({ accounts: [account({})], options: null, accept }))
      assert.strictEqual(error._tag, "SettingsRejected")
    }).pipe(Effect.scoped),
  )
})
