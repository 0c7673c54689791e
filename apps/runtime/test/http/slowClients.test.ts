/** Clients that are slow, silent or many, on real sockets: each gets its end, memory stays, and others do not notice. */
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { connect, type Socket } from "node:net"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { type Server, startServer } from "../support/server.ts"
import { eventually } from "../support/run.ts"
import { talk } from "../support/sockets.ts"

/** So short only here; the least that the settings allow. */
const limits = { headersSeconds: 1, requestSeconds: 2, maxConnections: 300 }

let server: Server
beforeAll(async () => {
  server = await startServer({ http: { host: "127.0.0.1", port: 0, ...limits } })
})
afterAll(() => server?.close())

const post = "POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
const withinMs = 20_000

const serves = async () => assert.strictEqual((await server.ask("/healthz")).status, 200)

describe("a client that", () => {
  it("sends its headers byte by byte is told so, and let go", { timeout: 60_000 }, async () => {
    const heard = await talk(server.port, "GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ", {
      withinMs,
      drip: "a",
    })
    assert.isTrue(heard.closed)
    assert.match(heard.text, /^HTTP\/1\.1 408 /)
    assert.match(heard.text, /x-content-type-options: nosniff/)
    await serves()
  })

  it("sends new headers without end", { timeout: 60_000 }, async () => {
    const heard = await talk(server.port, "GET /healthz HTTP/1.1\r\nHost: x\r\n", {
      withinMs,
      drip: "x: y\r\n",
      everyMs: 20,
    })
    assert.isTrue(heard.closed)
    assert.match(heard.text, /^HTTP\/1\.1 408 /)
  })

  it.each([
    ["with a length", `${post}Content-Length: 5000\r\n\r\ntoken=`, "a"],
    ["in chunks", `${post}Transfer-Encoding: chunked\r\n\r\n`, "1\r\na\r\n"],
  ])("sends its body byte by byte, %s", { timeout: 60_000 }, async (_, bytes, drip) => {
    const heard = await talk(server.port, bytes, { withinMs, drip })
    assert.isTrue(heard.closed, "the server had enough")
    assert.match(heard.text, /^HTTP\/1\.1 408 /)
    await serves()
  })

  it("says nothing at all", { timeout: 60_000 }, async () => {
    assert.isTrue((await talk(server.port, "", { withinMs })).closed)
  })

  it("stops in the middle of its headers, or of its body", { timeout: 60_000 }, async () => {
    for (const bytes of ["GET /healthz HT", `${post}Content-Length: 5000\r\n\r\ntoken=`]) {
      assert.isTrue((await talk(server.port, bytes, { withinMs })).closed)
      assert.isTrue((await talk(server.port, bytes, { withinMs, half: true })).closed)
    }
    await serves()
  })

  it("closes its half, and gets its answer all the same", async () => {
    const { closed, text } = await talk(server.port, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", {
      withinMs,
      half: true,
    })
    assert.isTrue(closed)
    assert.match(text, /^(?:HTTP\/1\.1 200 |$)/)
  })

  it("asks a thousand things and reads no answer", { timeout: 60_000 }, async () => {
    const socket = connect({ host: "127.0.0.1", port: server.port })
    socket.on("error", () => undefined)
    socket.pause()
    socket.write("GET /login HTTP/1.1\r\nHost: x\r\n\r\n".repeat(1000))
    await serves()
    socket.destroy()
    await serves()
  })
})

const opened = (bytes: string): Promise<Socket> =>
  new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port: server.port })
    socket.on("error", () => undefined)
    socket.on("connect", () => {
      socket.write(bytes)
      resolve(socket)
    })
  })

/** Without what only waits for its collection: that would be chance. */
const heap = (): number => {
  setFlagsFromString("--expose-gc")
  runInNewContext("gc")()
  return process.memoryUsage().heapUsed
}

describe("a crowd of them", () => {
  it("of slow bodies leaves room for others, and no memory behind", { timeout: 120_000 }, async () => {
    await serves()
    const before = heap()
    for (let round = 0; round < 3; round++) {
      const crowd = await Promise.all(
        Array.from({ length: 200 }, () => opened(`${post}Content-Length: 9000\r\n\r\n${"a".repeat(4000)}`)),
      )
      const closed = crowd.map(
        (socket) => new Promise<void>((resolve) => socket.on("close", () => resolve())),
      )
      for (const socket of crowd) socket.resume()
      await serves()
      await Promise.all(closed)
    }
    await serves()
    assert.isBelow(heap() - before, 50_000_000)
  })

  it(
    "that is too many is turned away at the door; when it has gone all is well",
    { timeout: 60_000 },
    async () => {
      const crowd = await Promise.all(Array.from({ length: 300 }, () => opened("GET /healthz HT")))
      const one = await talk(server.port, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", { withinMs: 3000 })
      // The door opens again when the first ones have been cut, which can be at once.
      assert.match(one.text, /^(?:$|HTTP\/1\.1 200 )/)
      for (const socket of crowd) socket.destroy()
      await eventually("an answer", async () => {
        const again = await talk(server.port, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", { withinMs: 500 })
        return again.text.startsWith("HTTP/1.1 200 ")
      })
    },
  )
})
