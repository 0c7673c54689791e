/** `opencx demo --json`: programs start it, read one line, use it, and stop it. */
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { connect, type Socket } from "node:net"
import { type Started, readyOf, runCli, startCli, stopped } from "../support/cli.ts"
import { eventually } from "../support/run.ts"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"

const Ready = Schema.Struct({
  ready: Schema.Literal(true),
  runtime: Schema.String,
  sessions: Schema.String,
  emulator: Schema.String,
  agent: Schema.String,
  mails: Schema.String,
  smtp: Schema.String,
  sink: Schema.String,
  supportAddress: Schema.String,
  zendeskWebhook: Schema.String,
  organization: Schema.String,
  dataDir: Schema.String,
})
const Mails = Schema.Struct({
  mails: Schema.Array(Schema.Struct({ envelopeTo: Schema.Array(Schema.String) })),
})

/** The first line that a mail server says. */
const greeting = (address: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const [host = "", port = ""] = address.split(":")
    const socket = connect({ host, port: Number(port) })
    socket.once("error", reject)
    socket.once("data", (data) => {
      socket.destroy()
      resolve(data.toString())
    })
  })

/** A client that has been greeted and then says nothing. */
const held = (address: string): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const [host = "", port = ""] = address.split(":")
    const socket = connect({ host, port: Number(port) })
    socket.once("error", reject)
    socket.once("data", () => resolve(socket.on("error", () => undefined)))
  })

describe("opencx demo --json", { timeout: 30_000 }, () => {
  let folder = ""
  let demo: Started
  let ready: typeof Ready.Type

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "opencx-runtime-test-"))
    const ports = ["--port", "--emulator-port", "--smtp-port", "--sink-port"].flatMap((flag) => [flag, "0"])
    demo = startCli(["demo", "--json", ...ports, "--data-dir", folder])
    ready = Schema.decodeUnknownSync(Ready)(await readyOf(demo))
  }, 30_000)
  afterAll(async () => {
    demo.send("SIGKILL")
    await demo.ended
    await rm(folder, { recursive: true, force: true })
  })

  it("says where everything is when it is ready, and each place answers", async () => {
    assert.strictEqual(ready.dataDir, join(folder, "demo"))
    const answers = await Promise.all(
      [
        ready.sessions,
        ready.agent,
        ready.mails,
        `${ready.runtime}/healthz`,
        `${ready.runtime}/readyz`,
        `${ready.runtime}/metrics`,
      ].map((url) => fetch(url)),
    )
    assert.deepStrictEqual(
      answers.map((answer) => answer.status),
      [200, 200, 200, 200, 200, 200],
    )
    await Promise.all(answers.map((answer) => answer.text()))
    assert.match(await greeting(ready.smtp), /^220 /)
    assert.match(await greeting(ready.sink), /^220 /)
    assert.strictEqual((await fetch(ready.zendeskWebhook, { method: "POST", body: "{}" })).status, 401)
  })

  it("takes a mail of `demo:send`, and the AI's answer lands in the customers' mailbox", async () => {
    const sent = await runCli([
      "demo:send",
      "--smtp",
      ready.smtp,
      "--from",
      "dana@example.com",
      "--text",
      "How long does shipping take?",
    ])
    assert.strictEqual(sent.code, 0)
    assert.match(sent.out, /^Sent as <[^>]+>\./)
    await eventually("the answer", async () => {
      const { mails } = Schema.decodeUnknownSync(Mails)(await (await fetch(`${ready.mails}.json`)).json())
      return mails.some((mail) => mail.envelopeTo.includes("dana@example.com"))
    })
  })

  it("stops at SIGTERM within 15 s with exit code 0, even while somebody holds connections to it", async () => {
    const idle = connect({ host: "127.0.0.1", port: Number(new URL(ready.runtime).port) })
    idle.on("error", () => undefined)
    const mailbox = await held(ready.sink)
    const { code, seconds } = await stopped(demo)
    assert.strictEqual(code, 0)
    assert.isBelow(seconds, 15)
    idle.destroy()
    mailbox.destroy()
  })

  it("has printed that one line and nothing else on standard output", () => {
    assert.strictEqual(demo.out.length, 1)
  })
})
