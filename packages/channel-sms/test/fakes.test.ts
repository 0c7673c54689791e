/** The fake Twilio where the channel itself does not show it: what demonstrations and other channels use. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { makeSmsPlugin } from "../src/index.ts"
import * as F from "./support/fakes.ts"
import { saying, startHost, threadOf } from "./support/host.ts"

const basic = `Basic ${Buffer.from(`${F.accountSid}:${F.authToken}`).toString("base64")}`
const call = (
  twilio: F.FakeTwilio,
  form: Record<string, string> | null,
  path = "Messages.json",
  authorization = basic,
) =>
  Effect.promise(async () => {
    const answer = await fetch(`${twilio.url}/2010-04-01/Accounts/${F.accountSid}/${path}`, {
      ...(form === null ? {} : { method: "POST", body: new URLSearchParams(form) }),
      headers: { authorization },
    })
    const body: unknown = await answer.json()
    return { status: answer.status, body }
  })

describe("the fake Twilio", () => {
  it.live("reports sent and delivered by itself when asked to", () =>
    Effect.gen(function* () {
      const twilio = yield* F.fakeTwilio({ autoDeliver: true })
      const host = yield* startHost(makeSmsPlugin(), F.twilioSettings(twilio.url))
      const { sender } = host
      yield* sender.send(saying("Hi"), threadOf())
      for (let round = 0; round < 500 && host.events.length < 2; round++) yield* Effect.sleep(20)
      assert.deepStrictEqual(
        host.events.map((e) => (e._tag === "Delivery" ? e.status : e._tag)),
        ["sent", "delivered"],
      )
    }),
  )

  it.live("takes WhatsApp addresses and templates, and shows one number's messages", () =>
    Effect.gen(function* () {
      const twilio = yield* F.fakeTwilio()
      const to = "whatsapp:+14155550199"
      const from = "whatsapp:+14155550100"
      assert.strictEqual((yield* call(twilio, { To: to, From: from, Body: "Hi" })).status, 201)
      const template = { To: to, From: from, ContentSid: "HX1", ContentVariables: '{"1":"Ann"}' }
      assert.strictEqual((yield* call(twilio, template)).status, 201)
      assert.deepStrictEqual(
        twilio.messagesWith(to).map((m) => [m.body, m.contentSid]),
        [
          ["Hi", null],
          ["", "HX1"],
        ],
      )
      const sid = twilio.sent()[0]?.sid ?? ""
      const fetched = yield* call(twilio, null, `Messages/${sid}.json`)
      assert.deepInclude(fetched.body, { sid, body: "Hi", status: "queued", direction: "outbound-api" })
      yield* Effect.promise(() => twilio.setStatus(sid, "failed", 63016))
      assert.deepInclude((yield* call(twilio, null, `Messages/${sid}.json`)).body, {
        status: "failed",
        error_code: 63016,
      })
    }),
  )

  it.live("refuses as Twilio does, with Twilio's codes", () =>
    Effect.gen(function* () {
      const twilio = yield* F.fakeTwilio()
      const good = { To: F.customer, From: F.ours, Body: "Hi" }
      const refused = (form: Record<string, string>, authorization?: string) =>
        Effect.map(call(twilio, form, "Messages.json", authorization), ({ body, status }) => [
          status,
          Reflect.get(Object(body), "code"),
        ])
      assert.deepStrictEqual(yield* refused(good, "Basic x"), [401, 20003])
      assert.deepStrictEqual(yield* refused({ ...good, To: "nobody" }), [400, 21211])
      assert.deepStrictEqual(yield* refused({ ...good, Body: "" }), [400, 21602])
      assert.deepStrictEqual(yield* refused({ ...good, Body: "a".repeat(1601) }), [400, 21617])
      assert.deepStrictEqual(
        yield* refused({ ...good, StatusCallback: "https://a_b.example/x" }),
        [400, 21609],
      )
      assert.deepStrictEqual(twilio.sent(), [])
    }),
  )
})
