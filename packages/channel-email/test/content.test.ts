import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { mail } from "./support/account.ts"
import { message } from "./support/receive.ts"

describe("charsets", () => {
  const encoded = (charset: string, bytes: string, subject: string) =>
    mail(
      {
        Subject: subject,
        "Content-Type": `text/plain; charset=${charset}`,
        "Content-Transfer-Encoding": "base64",
      },
      Buffer.from(bytes, "hex").toString("base64"),
    )

  it.effect("ISO-2022-JP, Shift_JIS, windows-1256, GB18030, KOI8-R", () =>
    Effect.gen(function* () {
      const cases = [
        ["iso-2022-jp", "1b24423d244d7d1b2842", "修理"],
        ["shift_jis", "8f43979d", "修理"],
        ["windows-1256", "e3d1cdc8c7", "مرحبا"],
        ["gb18030", "c4e3bac3", "你好"],
        ["koi8-r", "f0d2c9d7c5d4", "Привет"],
      ] as const
      for (const [charset, hex, expected] of cases) {
        const event = yield* message(
          encoded(charset, hex, `=?${charset}?B?${Buffer.from(hex, "hex").toString("base64")}?=`),
        )
        assert.strictEqual(event.text, expected, charset)
        assert.strictEqual(event.subject, expected, charset)
      }
    }),
  )

  it.effect("encoded names, unknown charsets and broken encodings", () =>
    Effect.gen(function* () {
      const named = yield* message(mail({ From: "=?UTF-8?B?2YXYsdmK2YU=?= <Maryam@Customer.Example>" }, "x"))
      assert.strictEqual(named.sender.name, "مريم")
      assert.strictEqual(named.sender.value, "maryam@customer.example")
      const odd = yield* message(
        mail(
          { "Content-Type": "text/plain; charset=x-klingon", "Content-Transfer-Encoding": "base64" },
          "!!!not base64!!!",
        ),
      )
      assert.isString(odd.text)
    }),
  )
})

describe("files", () => {
  const attachment = (name: string, type: string, content: string) =>
    `--b\r\nContent-Type: ${type}; name="${name}"\r\nContent-Disposition: attachment; filename="${name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(content).toString("base64")}\r\n`
  const withFiles = (...files: ReadonlyArray<string>) =>
    mail({ "Content-Type": "multipart/mixed; boundary=b" }, "") +
    `--b\r\nContent-Type: text/plain\r\n\r\nSee files.\r\n${files.join("")}--b--\r\n`

  it.effect("names lose paths and tricks; programs are removed and named", () =>
    Effect.gen(function* () {
      const event = yield* message(
        withFiles(
          attachment("../../etc/passwd", "text/plain", "x"),
          attachment("C:\\\\temp\\\\photo.png", "image/png", "p"),
          attachment("invoice\u202Efdp.exe", "application/octet-stream", "MZ"),
          attachment("setup.exe. ", "application/octet-stream", "MZ"),
          attachment("run.JS", "text/javascript", "x"),
        ),
      )
      assert.deepStrictEqual(
        event.files.map((f) => f.fileName),
        ["passwd", "photo.png"],
      )
      assert.match(
        event.text,
        /^See files\.\n\n\[attachment removed: invoice.*\.exe\]\n\[attachment removed: setup\.exe/,
      )
      assert.include(event.text, "run.JS]")
    }),
  )

  it.effect("unnamed pictures of the text are kept under a made-up name", () =>
    Effect.gen(function* () {
      const raw =
        mail({ "Content-Type": "multipart/related; boundary=b" }, "") +
        '--b\r\nContent-Type: text/html\r\n\r\n<p>Look <img src="cid:1"></p>\r\n--b\r\nContent-Type: image/png\r\nContent-ID: <1>\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw==\r\n--b--\r\n'
      const event = yield* message(raw)
      assert.deepStrictEqual(
        event.files.map((f) => [f.fileName, f.bytes.length]),
        [["attachment-1.png", 4]],
      )
      assert.strictEqual(event.text, "Look")
    }),
  )

  it.effect("more or larger files than the account takes are left out and named", () =>
    Effect.gen(function* () {
      const event = yield* message(
        withFiles(...Array.from({ length: 55 }, (_, i) => attachment(`f${i}.txt`, "text/plain", "x"))),
      )
      assert.strictEqual(event.files.length, 50)
      assert.include(event.text, "f54.txt")
      const big = yield* message(
        withFiles(attachment("big.bin", "application/octet-stream", "x".repeat(2_000))),
        { maxBytes: 1_024 },
      )
      assert.strictEqual(big.files.length, 0)
      assert.include(big.text, "big.bin")
    }),
  )
})
