/** Signed file addresses, over real sockets: good for their time, for one file, and safe to open. */
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { Blobs, OrgId } from "@opencx/core"
import { Clock, Effect } from "effect"
import { filePath } from "../../src/http/files.ts"
import { Signing } from "../../src/layers/Signing.ts"
import { type Server, startServer } from "../support/server.ts"

const acme = OrgId.make("acme")
const day = 86_400_000

describe("files by signed address", () => {
  const box: { server?: Server } = {}
  beforeAll(async () => {
    box.server = await startServer()
  })
  afterAll(() => box.server?.close())
  const server = (): Server => {
    if (box.server === undefined) throw new Error("not started")
    return box.server
  }

  /** Keeps a file and answers with its path, as it was signed `age` milliseconds ago. */
  const kept = (content: string, contentType: string, fileName: string, age = 0) =>
    server().within(
      Effect.gen(function* () {
        const bytes = new TextEncoder().encode(content)
        const blobId = yield* (yield* Blobs).put(acme, bytes)
        const { urls } = yield* Signing
        const now = yield* Clock.currentTimeMillis
        return filePath(urls, acme, { blobId, contentType, fileName, size: bytes.length }, now - age)
      }),
    )

  it("are served without a login, as what they are", async () => {
    const { headers, status, text } = await server().ask(await kept("pixels", "image/png", "receipt.png"))
    assert.strictEqual(status, 200)
    assert.strictEqual(text, "pixels")
    assert.strictEqual(headers["content-type"], "image/png")
    assert.strictEqual(headers["x-content-type-options"], "nosniff")
    assert.match(String(headers["content-disposition"]), /^inline/)
  })

  it.each(["text/html", "image/svg+xml", "application/javascript", "text/plain\r\nx-evil: 1", ""])(
    "are only ever saved when a page could do something with them: %j",
    async (contentType) => {
      const { headers, status } = await server().ask(
        await kept("<script>alert(1)</script>", contentType, "a.html"),
      )
      assert.strictEqual(status, 200)
      assert.match(String(headers["content-disposition"]), /^attachment/)
      assert.include(String(headers["content-security-policy"]), "sandbox")
      assert.isUndefined(headers["x-evil"])
    },
  )

  it("keep names of any language, and none that leads elsewhere", async () => {
    const arabic = await server().ask(await kept("x", "image/png", "إيصال.png"))
    assert.include(String(arabic.headers["content-disposition"]), encodeURIComponent("إيصال.png"))
    const path = await kept("x", "image/png", "a.png")
    const odd = await server().ask(path.replace("a.png", encodeURIComponent("../../etc/passwd")))
    assert.include(String(odd.headers["content-disposition"]), "passwd")
    assert.notInclude(String(odd.headers["content-disposition"]), "..")
  })

  it("end after two days at the latest, and hold for one at least", async () => {
    assert.strictEqual((await server().ask(await kept("x", "image/png", "a.png", day - 1000))).status, 200)
    assert.strictEqual(
      (await server().ask(await kept("x", "image/png", "a.png", 2 * day + 1000))).status,
      404,
    )
  })

  it("cannot be made up or changed", async () => {
    const path = await kept("x", "image/png", "a.png")
    for (const other of [
      path.replace("/files/", "/files/x"),
      "/files/x.y/a.png",
      path.replace(/\.[a-z2-7]{4}/, ".aaaa"),
    ])
      assert.strictEqual((await server().ask(other)).status, 404, other)
  })
})
