import { generateKeyPairSync } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import DKIM from "nodemailer/lib/dkim"
import { mail } from "./support/account.ts"
import { arrivalOf, message, noDns } from "./support/receive.ts"

describe("who wrote it", () => {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 })
  const records: Record<string, string> = {
    "s1._domainkey.customer.example": `v=DKIM1; k=rsa; p=${publicKey.export({ type: "spki", format: "der" }).toString("base64")}`,
    "_dmarc.customer.example": "v=DMARC1; p=reject",
    "customer.example": "v=spf1 ip4:192.0.2.25 -all",
  }
  const resolver = ((domain: string, type: string) =>
    type === "TXT" && records[domain] !== undefined ? Promise.resolve([[records[domain]]]) : noDns()) as never
  const signed = (raw: string) =>
    Effect.promise(async () => {
      const chunks: Array<Buffer> = []
      const dkim = new DKIM({
        domainName: "customer.example",
        keySelector: "s1",
        privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
      })
      for await (const chunk of dkim.sign(raw)) chunks.push(Buffer.from(chunk))
      return Buffer.concat(chunks)
    })
  const verify = { authentication: "verify" }
  const verified = (...args: Parameters<typeof message>) =>
    Effect.map(message(...args), (m) => m.sender.verified)
  const raw = mail({}, "Hello")

  it.live("DKIM or SPF with DMARC proves it; a changed body, another server or no DNS do not", () =>
    Effect.gen(function* () {
      const good = yield* signed(raw)
      assert.isTrue(yield* verified(good, verify, arrivalOf(), resolver))
      assert.isFalse(
        yield* verified(
          Buffer.from(good.toString().replace("Hello", "Hallo")),
          verify,
          arrivalOf(),
          resolver,
        ),
      )
      const peer = (ip: string) =>
        arrivalOf({ peer: { ip, helo: "mx.customer.example", mailFrom: "ann@customer.example" } })
      assert.isTrue(yield* verified(raw, verify, peer("192.0.2.25"), resolver))
      assert.isFalse(yield* verified(raw, verify, peer("198.51.100.9"), resolver))
      assert.isFalse(yield* verified(good, verify, arrivalOf()))
      assert.isFalse(yield* verified(raw, verify, arrivalOf(), resolver))
    }),
  )

  it.live("two authors or another sender prove nothing, even in trust mode", () =>
    Effect.gen(function* () {
      const two = `From: victim@customer.example\r\n${raw}`
      assert.isFalse(yield* verified(two, { authentication: "trust" }))
      assert.isFalse(
        yield* verified(mail({ From: "a@customer.example, b@customer.example" }, "x"), {
          authentication: "trust",
        }),
      )
      assert.isFalse(yield* verified(mail({ Sender: "eve@evil.example" }, "x"), { authentication: "trust" }))
      assert.isTrue(yield* verified(raw, { authentication: "trust" }))
    }),
  )

  it.live("only the topmost Authentication-Results of the named server counts, and only behind it", () =>
    Effect.gen(function* () {
      const settings = { ...verify, trustedAuthservId: "mx.acme.example" }
      const results = (id: string, dmarc: string) =>
        `Authentication-Results: ${id};\r\n spf=pass smtp.mailfrom=x; dmarc=${dmarc} (p=none) header.from=customer.example\r\n`
      const behind = arrivalOf({ behindBorder: true })
      assert.isTrue(yield* verified(results("mx.acme.example", "pass") + raw, settings, behind))
      assert.isFalse(
        yield* verified(
          results("mx.acme.example", "fail") + results("mx.acme.example", "pass") + raw,
          settings,
          behind,
        ),
      )
      assert.isFalse(yield* verified(results("mx.evil.example", "pass") + raw, settings, behind))
      assert.isFalse(
        yield* verified(
          results("mx.evil.example", "pass") + results("mx.acme.example", "pass") + raw,
          settings,
          behind,
        ),
      )
      assert.isFalse(yield* verified(results("mx.acme.example", "pass") + raw, settings, arrivalOf()))
      assert.isFalse(
        yield* verified(
          `Authentication-Results: mx.acme.example; dkim=pass (dmarc=pass) reason="; dmarc=fail"\r\n${raw}`,
          settings,
          behind,
        ),
      )
    }),
  )

  it.live("what the sender wrote into that header through the border server proves nothing", () =>
    Effect.gen(function* () {
      const settings = { ...verify, trustedAuthservId: "mx.acme.example" }
      const behind = arrivalOf({ behindBorder: true })
      const refused = "dmarc=fail header.from=customer.example"
      const injected = [
        `spf=pass smtp.mailfrom="; dmarc=pass x"@evil.example; ${refused}`,
        `spf=pass smtp.mailfrom="\\"; dmarc=pass x\\""@evil.example; ${refused}`,
        `spf=pass (domain of (x); dmarc=pass (y)@evil.example designates 192.0.2.1 as permitted sender); ${refused}`,
        `spf=pass (a (b (c) ; dmarc=pass ) d); ${refused}`,
        `spf=pass (a \\) ; dmarc=pass ); ${refused}`,
        `spf=pass smtp.mailfrom="; dmarc=pass x"@evil.example`,
        `spf=pass smtp.mailfrom="; dmarc=pass x@evil.example`,
        `spf=pass (; dmarc=pass`,
        `dmarc=pass header.from=evil.example; ${refused}`,
      ]
      for (const results of injected)
        assert.isFalse(
          yield* verified(`Authentication-Results: mx.acme.example; ${results}\r\n${raw}`, settings, behind),
          results,
        )
      const genuine = 'spf=pass (say "hi") smtp.mailfrom="a b"@customer.example; dmarc=pass (p=none)'
      assert.isTrue(
        yield* verified(`Authentication-Results: mx.acme.example; ${genuine}\r\n${raw}`, settings, behind),
      )
    }),
  )

  it.live("a provider's verdict counts when it is about the author's domain", () =>
    Effect.gen(function* () {
      const verdict = (over: object) =>
        arrivalOf({ verdict: { dmarc: null, dkimDomains: [], spfPass: false, ...over } })
      assert.isTrue(yield* verified(raw, verify, verdict({ dmarc: true })))
      assert.isFalse(
        yield* verified(raw, verify, verdict({ dmarc: false, dkimDomains: ["customer.example"] })),
      )
      assert.isTrue(yield* verified(raw, verify, verdict({ dkimDomains: ["mail.customer.example"] })))
      assert.isFalse(yield* verified(raw, verify, verdict({ dkimDomains: ["evil.example", "example"] })))
      assert.isTrue(yield* verified(raw, verify, verdict({ spfPass: true })))
      assert.isFalse(
        yield* verified(raw, verify, {
          ...verdict({ spfPass: true }),
          envelope: { from: "x@evil.example", to: [] },
        }),
      )
    }),
  )
})
