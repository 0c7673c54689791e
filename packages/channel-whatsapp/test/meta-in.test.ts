/** What Meta's webhooks become, kind by kind. */
import { assert, describe, it } from "@effect/vitest"
import type { ChannelEvent } from "@opencx/core"
import { bindAccount, sampleMessage } from "@opencx/testing"
import { Effect } from "effect"
import * as A from "./support/accounts.ts"
import { plugin, receive } from "./support/worlds.ts"

const tags = (events: ReadonlyArray<ChannelEvent>) => events.map((e) => e._tag)
const whys = (events: ReadonlyArray<ChannelEvent>) =>
  events.flatMap((e) => (e._tag === "Ignored" ? [e.why] : []))
const one = (over: Record<string, unknown>, settings?: unknown) =>
  receive(A.signed(A.messages(A.inbound(over))), settings)

describe("handshake", () => {
  const ask = (query: Record<string, string>, settings: unknown = A.metaSettings()) =>
    Effect.gen(function* () {
      const bound = yield* bindAccount(plugin(), settings)
      const url = `${A.hookUrl}?${new URLSearchParams(query).toString()}`
      return bound.handshake?.(A.request({}, "", url, "GET"))
    })
  const good = {
    "hub.mode": "subscribe",
    "hub.verify_token": A.meta.verifyToken,
    "hub.challenge": "115 8201444",
  }

  it.effect("answers the challenge as plain text to whoever knows the token", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* ask(good), {
        status: 200,
        contentType: "text/plain",
        body: "115 8201444",
      })
      for (const bad of [
        { ...good, "hub.verify_token": "guess" },
        { ...good, "hub.verify_token": "" },
        { ...good, "hub.mode": "unsubscribe" },
        { ...good, "hub.challenge": "" },
        {},
      ])
        assert.strictEqual((yield* ask(bad))?.status, 403)
      assert.strictEqual((yield* ask(good, A.twilioSettings()))?.status, 405)
    }),
  )
})

describe("texts of messages", () => {
  const cases: ReadonlyArray<readonly [string, Record<string, unknown>, string]> = [
    ["text in Arabic", { text: { body: "مرحبًا، مصباحي مكسور 💡" } }, "مرحبًا، مصباحي مكسور 💡"],
    ["button", { type: "button", button: { text: "Yes", payload: "p" } }, "Yes"],
    [
      "button reply",
      {
        type: "interactive",
        interactive: { type: "button_reply", button_reply: { id: "1", title: "Track" } },
      },
      "Track",
    ],
    [
      "list reply",
      {
        type: "interactive",
        interactive: { type: "list_reply", list_reply: { id: "1", title: "Lamp", description: "Model 7" } },
      },
      "Lamp\nModel 7",
    ],
    [
      "form",
      {
        type: "interactive",
        interactive: {
          type: "nfm_reply",
          nfm_reply: { name: "flow", body: "Sent", response_json: '{"flow_token":"x","city":"Köln","n":2}' },
        },
      },
      "city: Köln\nn: 2",
    ],
    [
      "location with text coordinates",
      {
        type: "location",
        location: { latitude: "52.5", longitude: 13.4, name: "Shop", address: "Main St 1" },
      },
      "[location]\nShop\nMain St 1\nhttps://maps.google.com/?q=52.5,13.4",
    ],
    [
      "contacts, one of them broken",
      {
        type: "contacts",
        contacts: [
          {
            name: { formatted_name: "Bo" },
            phones: [{ phone: "+49 1" }],
            emails: [{ email: "b@x.example" }],
          },
          7,
          {},
          { vcard: "BEGIN:VCARD", phones: [{ phone: "+49 2" }] },
        ],
      },
      "[contact]\nBo, +49 1, b@x.example\n+49 2",
    ],
    [
      "order",
      {
        type: "order",
        order: {
          catalog_id: "c",
          text: "Please hurry",
          product_items: [{ product_retailer_id: "LAMP-7", quantity: 2, item_price: 9.5, currency: "EUR" }],
        },
      },
      "[order]\n- 2 × LAMP-7 at 9.5 EUR\nPlease hurry",
    ],
  ]
  for (const [name, over, text] of cases) {
    it.live(name, () =>
      Effect.gen(function* () {
        assert.strictEqual(A.firstMessage(yield* one({ text: undefined, ...over })).text, text)
      }),
    )
  }

  it.live("forwarded, about a product, after an advertisement: beside the text, not in it", () =>
    Effect.gen(function* () {
      const message = A.firstMessage(
        yield* one({
          context: { forwarded: true, referred_product: { catalog_id: "c", product_retailer_id: "LAMP-7" } },
          referral: { headline: "Sale", source_url: "https://fb.example/1", source_type: "ad" },
        }),
      )
      assert.strictEqual(message.text, "My lamp is broken.")
      for (const part of ["(forwarded)", "LAMP-7", "Sale", "https://fb.example/1"])
        assert.include(message.fullText ?? "", part)
    }),
  )

  it.live("what WhatsApp does not pass on is kept and not answered", () =>
    Effect.gen(function* () {
      const message = A.firstMessage(yield* one({ type: "unsupported", errors: [{ code: 131051 }] }))
      assert.isNotNull(message.automatic)
      assert.include(message.text, "does not pass on")
    }),
  )

  it.live("reactions, welcome requests, group chats and unknown types are ignored with a reason", () =>
    Effect.gen(function* () {
      for (const [over, why] of [
        [{ type: "reaction", reaction: { message_id: "wamid.1", emoji: "👍" } }, "reaction"],
        [{ type: "reaction", reaction: { message_id: "wamid.1" } }, "reaction"],
        [{ type: "request_welcome" }, "opened the chat"],
        [{ group_id: "g1" }, "group"],
        [{ type: "hologram" }, "hologram"],
        [{ from: undefined, from_user_id: undefined }, "nothing says who"],
        [{ type: "text", text: undefined }, "without text"],
        [{ type: "system", system: { type: "customer_identity_changed", body: "x" } }, "no address"],
      ] as const) {
        const events =
          why === "nothing says who"
            ? yield* receive(A.signed(A.envelope(A.change({ messages: [A.inbound(over)] }))))
            : yield* one(over)
        assert.deepStrictEqual(tags(events), ["Ignored"])
        assert.include(whys(events)[0] ?? "", why)
      }
    }),
  )

  it.live("an old message of a backlog keeps its time and is nobody's robot", () =>
    Effect.gen(function* () {
      const message = A.firstMessage(yield* one({ timestamp: String(A.now - 5 * 86_400) }))
      assert.strictEqual(message.sentAt, (A.now - 5 * 86_400) * 1000)
      assert.isNull(message.automatic)
    }),
  )
})

describe("batches", () => {
  it.live("every entry, change, message and status counts; the customer's order wins", () =>
    Effect.gen(function* () {
      const status = {
        id: "wamid.OUT1",
        status: "delivered",
        timestamp: String(A.now),
        biz_opaque_callback_data: `${sampleMessage().deliveryId}.1.1.`,
      }
      const events = yield* receive(
        A.signed({
          object: "whatsapp_business_account",
          entry: [
            {
              id: A.meta.wabaId,
              changes: [
                A.change({
                  messages: [
                    A.inbound({ id: "wamid.b", timestamp: String(A.now - 1) }),
                    A.inbound({ id: "wamid.a", timestamp: String(A.now - 9) }),
                    A.inbound({ id: "wamid.c", timestamp: String(A.now - 1) }),
                    A.inbound({ id: "wamid.a", timestamp: String(A.now - 9) }),
                  ],
                  statuses: [{ bad: 1 }, status],
                  errors: [{ code: 131000, message: "Something went wrong" }],
                }),
                A.change({ event: "x" }, "account_update"),
              ],
            },
            { nonsense: true },
            { id: "1", changes: [A.change({ messages: [A.inbound({ id: "wamid.d" })] })] },
          ],
        }),
      )
      assert.deepStrictEqual(
        events.map((e) => (e._tag === "Ignored" ? e.why : e.dedupKey)),
        [
          "wamid.a",
          "wamid.b",
          "wamid.c",
          "a status that cannot be read",
          "status:wamid.OUT1:delivered",
          "Meta reports an error: Something went wrong",
          "webhook field account_update is not used",
          "an entry that cannot be read",
          "wamid.d",
        ],
      )
    }),
  )

  it.live("changes of another number are ignored, and say so", () =>
    Effect.gen(function* () {
      const events = yield* receive(
        A.signed(
          A.envelope(
            A.change({ messages: [A.inbound()] }, "messages", "999999999999999"),
            A.change({ messages: [A.inbound({ id: "wamid.ours" })] }),
          ),
        ),
      )
      assert.deepStrictEqual(tags(events), ["Ignored", "Message"])
      assert.include(whys(events)[0] ?? "", "phone number id 999999999999999")
    }),
  )

  it.live("webhooks about other products are acknowledged", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(tags(yield* receive(A.signed({ object: "page", entry: [] }))), ["Ignored"])
    }),
  )
})

describe("opting out", () => {
  it.live("a whole message STOP refuses; START resumes and is answered; anything longer is a message", () =>
    Effect.gen(function* () {
      for (const [body, expected] of [
        ["STOP", ["OptOut"]],
        [" stop. ", ["OptOut"]],
        ["Unsubscribe", ["OptOut"]],
        ["start", ["OptOut", "Message"]],
        ["STOP PLEASE", ["Message"]],
        ["cancel", ["Message"]],
        ["yes", ["Message"]],
      ] as const) {
        const events = yield* one({ text: { body } })
        assert.deepStrictEqual(tags(events), [...expected], body)
        assert.strictEqual(new Set(events.map((e) => e.dedupKey)).size, events.length)
        const [first] = events
        if (first?._tag === "OptOut") {
          assert.strictEqual(first.optedOut, body !== "start")
          assert.strictEqual(first.thread.defaultKey, "bsuid:DE.13491208655302741918")
        }
      }
    }),
  )

  it.live("can be switched off", () =>
    Effect.gen(function* () {
      const events = yield* one({ text: { body: "STOP" } }, A.metaSettings({ optOutWords: false }))
      assert.deepStrictEqual(tags(events), ["Message"])
    }),
  )
})

describe("statuses", () => {
  const about = (over: Record<string, unknown>, data = `${sampleMessage().deliveryId}.1.1.${A.now}`) =>
    receive(
      A.signed(
        A.envelope(
          A.change({
            statuses: [
              {
                id: "wamid.O",
                status: "sent",
                timestamp: String(A.now),
                biz_opaque_callback_data: data,
                ...over,
              },
            ],
          }),
        ),
      ),
    )

  it.live("sent, delivered, read and played become receipts of our delivery", () =>
    Effect.gen(function* () {
      for (const [status, expected] of [
        ["sent", "sent"],
        ["delivered", "delivered"],
        ["read", "read"],
        ["played", "read"],
      ] as const) {
        const [event] = yield* about({ status })
        assert.deepStrictEqual(event, {
          _tag: "Delivery",
          dedupKey: `status:wamid.O:${status}`,
          deliveryId: sampleMessage().deliveryId,
          status: expected,
          explanation: null,
          at: A.now * 1000,
          part: { deliveryId: sampleMessage().deliveryId, name: "1/1", providerId: "wamid.O" },
        })
      }
    }),
  )

  it.live("failures are told in plain words, whether or not the code is known", () =>
    Effect.gen(function* () {
      const iso = new Date(A.now * 1000).toISOString()
      for (const [code, part] of [
        [131047, `closed at ${iso.slice(11, 16)} UTC on ${iso.slice(0, 10)}`],
        [131026, "not on WhatsApp, has blocked the business"],
        [131050, "want no such messages"],
        [131049, "marketing"],
        [130472, "experiment"],
        [131053, "did not accept the file"],
        [999_999, "something new"],
      ] as const) {
        const [event] = yield* about({
          status: "failed",
          errors: [{ code, title: "t", error_data: { details: "something new" } }],
        })
        if (event?._tag !== "Delivery") return assert.fail("a receipt was expected")
        assert.strictEqual(event.status, "failed")
        assert.include(event.explanation ?? "", part)
      }
      const [bare] = yield* about({ status: "failed" })
      assert.include((bare?._tag === "Delivery" ? bare.explanation : null) ?? "", "did not deliver")
    }),
  )

  it.live("of several parts the last one counts, but every failure", () =>
    Effect.gen(function* () {
      const id = sampleMessage().deliveryId
      assert.deepStrictEqual(tags(yield* about({ status: "delivered" }, `${id}.1.3.`)), ["Ignored"])
      assert.deepStrictEqual(tags(yield* about({ status: "delivered" }, `${id}.3.3.`)), ["Delivery"])
      const [failed] = yield* about({ status: "failed", errors: [{ code: 131026 }] }, `${id}.2.3.`)
      assert.include((failed?._tag === "Delivery" ? failed.explanation : null) ?? "", "part 2 of 3")
    }),
  )

  it.live("statuses of other programs on the same number, and new ones, are ignored", () =>
    Effect.gen(function* () {
      for (const data of ["campaign-7", "", "00000000-0000-4000-8000-000000000001.x.1."])
        assert.deepStrictEqual(tags(yield* about({}, data)), ["Ignored"])
      assert.deepStrictEqual(tags(yield* about({ status: "warped" })), ["Ignored"])
    }),
  )
})
