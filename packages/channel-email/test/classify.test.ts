import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { packUuid } from "../src/threading/hash.ts"
import { outgoingMessageId } from "../src/threading/messageId.ts"
import { deliveryId, mail, sessionId, undecoded } from "./support/account.ts"
import { accountOf, arrivalOf, message, receive } from "./support/receive.ts"

describe("machines are not answered", () => {
  const automatic = (headers: Record<string, string>, envelopeFrom: string | null = "ann@customer.example") =>
    Effect.map(
      message(
        mail(headers, "x"),
        { ownDomains: ["robots.acme.example"] },
        arrivalOf({ envelope: { from: envelopeFrom, to: [] } }),
      ),
      (m) => m.automatic,
    )

  it.effect("each rule", () =>
    Effect.gen(function* () {
      const cases: ReadonlyArray<Record<string, string>> = [
        { "Auto-Submitted": "auto-replied (vacation)" },
        { "Auto-Submitted": "auto-generated" },
        { Precedence: "bulk" },
        { Precedence: "auto_reply" },
        { "List-Id": "<news.shop.example>" },
        { "List-Unsubscribe": "<https://x.example>" },
        { "X-Auto-Response-Suppress": "DR, OOF" },
        { "X-Autoreply": "yes" },
        { From: "MAILER-DAEMON@customer.example" },
        { From: "no-reply@shop.example" },
        { "Return-Path": "<>" },
        { From: "support@acme.example" },
        { From: "x@robots.acme.example" },
        { "X-OpenCX-Session": "abc" },
        { "Message-ID": outgoingMessageId(accountOf().settings, deliveryId, sessionId) },
        { Subject: "Automatic reply: Broken lamp" },
        { Subject: "Abwesenheitsnotiz: Lampe" },
        { "Content-Type": "multipart/report; report-type=feedback-report; boundary=b" },
      ]
      for (const headers of cases) {
        const reason = yield* automatic(headers, null)
        assert.isNotNull(reason, JSON.stringify(headers))
      }
      assert.isNotNull(yield* automatic({}, ""))
    }),
  )

  it.effect("people are", () =>
    Effect.gen(function* () {
      for (const headers of [
        {},
        { "Auto-Submitted": "no" },
        { Precedence: "normal" },
        { "X-Auto-Response-Suppress": "DR" },
        { From: "noreen@customer.example" },
        { Subject: "Automatic door broken" },
        { From: "bounce.house@rentals.example" },
      ]) {
        assert.isNull(yield* automatic(headers), JSON.stringify(headers))
      }
    }),
  )
})

describe("bounces", () => {
  const ours = outgoingMessageId(accountOf().settings, deliveryId, sessionId)
  const verp = `bounce+${undecoded().signer.sign("bounce", packUuid(deliveryId))}@acme.example`
  const report = (fields: string, original = `Message-ID: ${ours}\r\n`) =>
    mail(
      {
        From: "MAILER-DAEMON@mx.customer.example",
        Subject: "Undelivered Mail",
        "Message-ID": "<dsn@mx>",
        "Content-Type": "multipart/report; report-type=delivery-status; boundary=b",
      },
      "",
    ) +
    `--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.customer.example\r\n\r\n${fields}\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n${original}Subject: Re: lamp\r\n\r\ntext\r\n--b--\r\n`
  const failed =
    "Final-Recipient: rfc822; ann@customer.example\r\nAction: failed\r\nStatus: 5.2.2\r\nDiagnostic-Code: smtp; 552 5.2.2 Mailbox full"
  const at = (to: string) => arrivalOf({ envelope: { from: "", to: [to] } })

  it.effect("a failure finds its delivery by the bounce address or by the Message-ID", () =>
    Effect.gen(function* () {
      const expected = {
        _tag: "Delivery" as const,
        deliveryId,
        status: "failed" as const,
        explanation:
          "The email to ann@customer.example could not be delivered: the mailbox is full. The mail server said: 552 5.2.2 Mailbox full",
      }
      for (const [raw, to] of [
        [report(failed, ""), verp],
        [report(failed), "support@acme.example"],
      ] as const) {
        const [event] = yield* receive(raw, {}, at(to))
        assert.deepInclude(event, expected)
      }
    }),
  )

  it.effect(
    "a delay is no failure; a success is a success; somebody else's bounce is kept, not answered",
    () =>
      Effect.gen(function* () {
        const [delayed] = yield* receive(
          report(failed.replace("failed", "delayed").replace("5.2.2", "4.2.2")),
          {},
          at(verp),
        )
        assert.strictEqual(delayed?._tag, "Ignored")
        const [done] = yield* receive(
          report("Final-Recipient: rfc822; a@b.example\r\nAction: delivered\r\nStatus: 2.0.0"),
          {},
          at(verp),
        )
        assert.strictEqual(done?._tag === "Delivery" ? done.status : "", "delivered")
        const foreign = yield* message(
          report(failed, "Message-ID: <other@elsewhere.example>\r\n"),
          {},
          at("support@acme.example"),
        )
        assert.strictEqual(foreign.automatic, "bounce")
        const forged = yield* message(
          report(failed, `Message-ID: <oc.${deliveryId}.abc@evil.example>\r\n`),
          {},
          at("support@acme.example"),
        )
        assert.strictEqual(forged.automatic, "bounce")
      }),
  )

  it.effect("an out-of-office note to the bounce address is no failure", () =>
    Effect.gen(function* () {
      const note = yield* message(
        mail({ "Auto-Submitted": "auto-replied", Subject: "Out of office" }, "Back on Monday"),
        {},
        at(verp),
      )
      assert.include(note.automatic ?? "", "auto-reply")
    }),
  )

  it.effect("old servers write prose", () =>
    Effect.gen(function* () {
      const raw = mail(
        { From: "MAILER-DAEMON@x.example", Subject: "failure notice", "Message-ID": "<p@x>" },
        `<ann@customer.example>:\n550 no such user\n\n--- Below this line is a copy\nMessage-ID: ${ours}\n`,
      )
      const [event] = yield* receive(raw, {}, at("support@acme.example"))
      assert.include(
        event?._tag === "Delivery" ? (event.explanation ?? "") : "",
        "ann@customer.example could not be delivered: the address does not exist",
      )
    }),
  )
})
