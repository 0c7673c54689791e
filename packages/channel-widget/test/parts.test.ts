/** Parts that need no socket: limits, files by content, the browser's files, and the looks of English in every language. */
import { assert, describe, it } from "vitest"
import { Effect } from "effect"
import { loadAssets } from "../src/assets.ts"
import { isAllowed, sniffType } from "../src/files/sniff.ts"
import { Buckets } from "../src/http/Buckets.ts"
import { TokenBox } from "../src/identity/tokens.ts"
import { chooseLocale, textsOf } from "../src/locales/index.ts"
import { signer } from "./support/world.ts"

describe("limits", () => {
  it("let a burst through, then as many as come back with time", () => {
    const buckets = new Buckets()
    const take = (at: number) => buckets.take("a", 60, at)
    for (let n = 0; n < 60; n++) assert.strictEqual(take(0), 0)
    assert.strictEqual(take(0), 1)
    assert.strictEqual(take(999), 1)
    assert.strictEqual(take(1_000), 0)
    assert.strictEqual(take(1_000), 1)
    // A clock that goes back gives nothing and takes nothing.
    assert.strictEqual(take(0), 1)
    assert.strictEqual(buckets.take("a", 60, 120_000), 0)
    assert.strictEqual(buckets.take("b", 1, 0), 0)
    assert.strictEqual(buckets.take("b", 1, 30_000), 30)
  })

  it("remember many callers, not all of the world", () => {
    const buckets = new Buckets()
    assert.strictEqual(buckets.take("first", 1, 0), 0)
    assert.isAbove(buckets.take("first", 1, 0), 0)
    for (let n = 0; n < 50_001; n++) buckets.take(`caller-${n}`, 1, 0)
    assert.strictEqual(buckets.take("first", 1, 0), 0)
  })
})

describe("a file's type", () => {
  const bytes = (text: string) => Uint8Array.from(text, (c) => c.codePointAt(0) ?? 0)
  const zipped = (first: string) => bytes(`PK\u0003\u0004${"\u0000".repeat(26)}${first}`)
  const docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
  it.each<[string, Uint8Array, string]>([
    ["a.jpg", bytes("\u00ff\u00d8\u00ff\u00e0rest"), "image/jpeg"],
    ["a.gif", bytes("GIF89a"), "image/gif"],
    ["a.webp", bytes("RIFF1234WEBPVP8 "), "image/webp"],
    ["a.heic", bytes("\u0000\u0000\u0000\u0018ftypheic"), "image/heic"],
    ["a.mov", bytes("\u0000\u0000\u0000\u0018ftypqt  "), "video/quicktime"],
    ["a.mp4", bytes("\u0000\u0000\u0000\u0018ftypisom"), "video/mp4"],
    ["a.pdf", bytes("%PDF-1.7"), "application/pdf"],
    ["a.docx", zipped("[Content_Types].xml"), docx],
    ["a.docm", zipped("[Content_Types].xml"), "application/zip"],
    ["a.zip", zipped("photos/"), "application/zip"],
    [
      "a.odt",
      zipped("mimetypeapplication/vnd.oasis.opendocument.text"),
      "application/vnd.oasis.opendocument.text",
    ],
    ["a.mp3", bytes("ID3\u0003"), "audio/mpeg"],
    ["a.ogg", bytes("OggS"), "audio/ogg"],
    ["a.csv", bytes("a,b\n1,2"), "text/csv"],
    ["a.txt", new TextEncoder().encode("مرحبا 👋\n"), "text/plain"],
    ["a.txt", new TextEncoder().encode("a < b & c > d, 1 <2"), "text/plain"],
    ["a.txt", new TextEncoder().encode("é".repeat(40_000)), "text/plain"],
    ["a.txt", bytes("\n\n<HTML>"), "text/html"],
    ["a.txt", bytes("<?php system($x)"), "text/html"],
    ["a.png", bytes("\u007fELF"), "application/x-executable"],
    ["a.png", bytes("\u00ca\u00fe\u00ba\u00be"), "application/x-executable"],
    ["a.png", bytes("\u0000\u0001\u0002"), "application/octet-stream"],
    ["a.png", bytes(""), "text/plain"],
  ])("%s %#", (name, content, wanted) => assert.strictEqual(sniffType(content, name), wanted))

  it("is allowed by itself or by its kind", () => {
    assert.isTrue(isAllowed("image/png", ["image/*"]))
    assert.isTrue(isAllowed("image/png", ["image/png"]))
    assert.isFalse(isAllowed("imagex/png", ["image/*"]))
    assert.isFalse(isAllowed("text/html", ["text/plain", "image/*"]))
  })
})

describe("tokens", () => {
  it("end, and belong to one account", () => {
    const box = new TokenBox(signer("a"))
    const claims = box.fresh(1_000)
    const token = box.seal(claims)
    assert.deepStrictEqual(box.open(token, 2_000), claims)
    assert.isNull(box.open(token, claims.exp))
    assert.isNull(new TokenBox(signer("b")).open(token, 2_000))
    const { expiresInMs, ticket } = box.ticket(claims, 1_000)
    assert.deepStrictEqual(box.openTicket(ticket, 1_000 + expiresInMs - 1), claims)
    assert.isNull(box.openTicket(ticket, 1_000 + expiresInMs))
    assert.isNull(box.open(ticket, 1_000))
    assert.isNull(box.openTicket(token, 1_000))
    const known = box.known(
      { sub: "x".repeat(255), name: "é".repeat(200), email: "a@b.example", thread: "u1" },
      0,
    )
    assert.deepStrictEqual(box.open(box.seal(known), 1), known)
  })
})

describe("languages", () => {
  it("are chosen by what the visitor wants, and a site's words win", () => {
    assert.strictEqual(chooseLocale(["fr-CA", "en"], "de"), "fr")
    assert.strictEqual(chooseLocale(["tlh", "PT_br"], "de"), "pt")
    assert.strictEqual(chooseLocale(["", "toString", "__proto__"], "de"), "de")
    const texts = textsOf("fr", { "*": { greeting: "A", send: "B" }, fr: { send: "C" }, de: { send: "D" } })
    assert.strictEqual(texts["greeting"], "A")
    assert.strictEqual(texts["send"], "C")
    assert.strictEqual(texts["you"], "Vous")
  })
})

describe("the browser's files", () => {
  it("are found from the sources", async () => {
    const assets = await Effect.runPromise(loadAssets)
    assert.match(assets?.bundle.name ?? "", /^widget-[0-9a-f]{16}\.js$/)
    const loader = new TextDecoder().decode(assets?.loader.bytes)
    assert.include(loader, assets?.bundle.name ?? "?")
    const bundle = new TextDecoder().decode(assets?.bundle.bytes)
    // Nothing that a strict policy forbids, and nothing that turns text into markup but the library's own unused way.
    assert.notMatch(bundle, /\beval\(|new Function|insertAdjacentHTML|document\.write|srcdoc/)
    assert.isAtMost((bundle.match(/innerHTML/g) ?? []).length, 2)
  })
})
