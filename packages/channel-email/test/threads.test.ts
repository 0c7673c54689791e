import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { packUuid, unpackUuid } from "../src/threading/hash.ts"
import { deliveryId, mail } from "./support/account.ts"
import { message } from "./support/receive.ts"

describe("threads", () => {
  it.effect("arrive in any order, they meet in one", () =>
    Effect.gen(function* () {
      const first = yield* message(mail({ "Message-ID": "<r@c>" }, "1"))
      const second = yield* message(
        mail({ "Message-ID": "<s@c>", "In-Reply-To": "<r@c>", References: "<r@c>" }, "2"),
      )
      const third = yield* message(
        mail(
          {
            "Message-ID": "<t@c>",
            "In-Reply-To": "<oc.x@acme.example>",
            References: "<r@c> <oc.x@acme.example>",
          },
          "3",
        ),
      )
      assert.strictEqual(new Set([first, second, third].map((m) => m.thread.defaultKey)).size, 1)
      assert.deepStrictEqual(third.thread.references, ["<oc.x@acme.example>", "<r@c>"])
      const stranger = yield* message(
        mail({ From: "eve@evil.example", "Message-ID": "<u@e>", References: "<r@c>" }, "4"),
      )
      assert.notStrictEqual(stranger.thread.defaultKey, first.thread.defaultKey)
      assert.strictEqual(stranger.thread.participant, "eve@evil.example")
      assert.match(first.thread.defaultKey, /^[0-9a-z]{16}$/)
    }),
  )

  it.effect("answers go to Reply-To and keep copies; never to ourselves; who wrote stays From", () =>
    Effect.gen(function* () {
      const event = yield* message(
        mail(
          {
            "Reply-To": "Ann private <ann@home.example>, support@acme.example",
            To: "support+abc@acme.example, Bob <bob@customer.example>",
            Cc: "carol@customer.example, SUPPORT@acme.example, no-reply@shop.example",
            Subject: "AW: Re: [2] Broken lamp",
          },
          "x",
        ),
      )
      const address: unknown = JSON.parse(event.address)
      assert.deepStrictEqual(address, {
        to: [{ name: "Ann private", address: "ann@home.example" }],
        cc: [
          { name: "Bob", address: "bob@customer.example" },
          { name: null, address: "carol@customer.example" },
        ],
        from: "support@acme.example",
        messageId: "<q1@customer.example>",
        references: ["<q1@customer.example>"],
        subject: "[2] Broken lamp",
      })
      assert.strictEqual(event.sender.value, "ann@customer.example")
    }),
  )

  it("a UUID packs and unpacks", () => {
    for (const id of [
      deliveryId,
      "00000000-0000-4000-8000-000000000000",
      "ffffffff-ffff-ffff-ffff-ffffffffffff",
    ]) {
      assert.strictEqual(unpackUuid(packUuid(id)), id)
    }
    assert.isNull(unpackUuid("z".repeat(25)))
    assert.isNull(unpackUuid("short"))
  })

  it.effect("mails without Message-ID are told apart by their content, whatever way they took", () =>
    Effect.gen(function* () {
      const plain = mail({ "Message-ID": "" }, "Hello")
      const [a, b, c] = [
        yield* message(plain),
        yield* message(`Received: by x\r\n${plain}`),
        yield* message(mail({ "Message-ID": "" }, "Other")),
      ]
      assert.strictEqual(a?.dedupKey, b?.dedupKey)
      assert.notStrictEqual(a?.dedupKey, c?.dedupKey)
    }),
  )

  it.effect("a date in the future is not believed", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* message(mail({ Date: "Fri, 20 Nov 2099 10:00:00 +0000" }, "x"))).sentAt, 0)
      assert.strictEqual((yield* message(mail({ Date: "nonsense" }, "x"))).sentAt, 0)
    }),
  )
})
