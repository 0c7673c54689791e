import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import {
  AccountId,
  ChannelId,
  type Contact,
  identityOf,
  laneKey,
  OrgId,
  parseLaneKey,
  safeFileName,
  SessionId,
  ThreadKey,
} from "../../src/index.ts"
import { contactId, lane, orgId } from "../support/fixtures.ts"

describe("safeFileName", () => {
  it.each([
    ["report.pdf", "report.pdf"],
    ["../../etc/passwd", "passwd"],
    ["C:\\Users\\x\\a.txt", "a.txt"],
    ["..", "attachment"],
    ["", "attachment"],
    ["   ", "attachment"],
    [".htaccess", "htaccess"],
    [" . .ssh", "ssh"],
    ["folder/", "attachment"],
    ["invoice\u202Efdp.exe", "invoice_fdp.exe"],
    ["a\u0000b\r\nc.txt", "a_b_c.txt"],
    ["a\u061Cb\u200Bc\uFEFF.txt", "a_b_c_.txt"],
    [`a"b<c>d|e?f*g:h.txt`, "a_b_c_d_e_f_g_h.txt"],
    ["تقرير.pdf", "تقرير.pdf"],
    ["نامه‌ها.pdf", "نامه‌ها.pdf"],
    ["👩‍🚒.png", "👩‍🚒.png"],
    ["half\uD83D.png", "half\uFFFD.png"],
  ])("%j becomes %j", (raw, safe) => {
    assert.strictEqual(safeFileName(raw), safe)
  })

  it("keeps a long name's extension, and never half a character", () => {
    const long = safeFileName(`${"x".repeat(500)}.jpeg`)
    assert.strictEqual(long.length, 150)
    assert.match(long, /x\.jpeg$/)
    const faces = safeFileName(`a${"😀".repeat(200)}.png`)
    assert.isAtMost(faces.length, 150)
    assert.isTrue(faces.isWellFormed())
    assert.match(faces, /\.png$/)
    assert.strictEqual(safeFileName(`a.${"e".repeat(300)}`).length, 150)
  })

  it("takes the given fallback", () => {
    assert.strictEqual(safeFileName("/", "picture"), "picture")
  })
})

describe("lane keys", () => {
  it.each(["thread", "a|b", "|", "||x||", "https://x/?a=1&b=|", "عربي", "x".repeat(120)])(
    "%j survives the way there and back",
    (key) => {
      const one = { ...lane, threadKey: ThreadKey.make(key) }
      assert.deepStrictEqual(parseLaneKey(laneKey(one)), one)
    },
  )

  it("are different for different lanes", () => {
    const a = laneKey({ ...lane, accountId: AccountId.make("a"), threadKey: ThreadKey.make("b|c") })
    const b = laneKey({ ...lane, accountId: AccountId.make("a"), threadKey: ThreadKey.make("b") })
    assert.notStrictEqual(a, b)
  })

  it.each(["", "a|b", "a|b|c", "a|b|c|", "A|email|x|t", "acme|9mail|x|t", `acme|email|x|${"t".repeat(121)}`])(
    "%j is none",
    (key) => {
      assert.isNull(parseLaneKey(key))
    },
  )

  it("fit into the 255 characters that a cluster entity id may have", () => {
    const widest = {
      orgId: OrgId.make("o".repeat(48)),
      channel: ChannelId.make("c".repeat(32)),
      accountId: AccountId.make("a".repeat(48)),
      threadKey: ThreadKey.make("t".repeat(120)),
    }
    assert.isAtMost(laneKey(widest).length, 255)
    assert.deepStrictEqual(parseLaneKey(laneKey(widest)), widest)
    assert.isFalse(Schema.is(OrgId)("o".repeat(49)))
    assert.isFalse(Schema.is(ChannelId)("c".repeat(33)))
    assert.isFalse(Schema.is(AccountId)("a".repeat(49)))
  })
})

describe("ids", () => {
  it.each(["", "Acme", "a b", "-a", "a|b", "ä"])("%j is no organization", (id) => {
    assert.isFalse(Schema.is(OrgId)(id))
  })

  it("a session's id is a UUID", () => {
    assert.isFalse(Schema.is(SessionId)("42"))
    assert.isTrue(Schema.is(SessionId)("2b1f7d9e-7a5c-4d2f-9d0a-0d8a5f3e6b11"))
  })
})

describe("identityOf", () => {
  it("prefers what was verified", () => {
    const contact: Contact = {
      id: contactId,
      orgId,
      name: null,
      locale: null,
      identities: [
        { kind: "email", value: "claimed@x.example", verified: false },
        { kind: "email", value: "proved@x.example", verified: true },
        { kind: "phone", value: "+491", verified: false },
      ],
    }
    assert.strictEqual(identityOf(contact, "email")?.value, "proved@x.example")
    assert.strictEqual(identityOf(contact, "phone")?.value, "+491")
    assert.isUndefined(identityOf(contact, "widget"))
  })
})
