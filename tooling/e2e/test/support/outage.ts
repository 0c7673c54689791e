/** A store that does not answer while the process lives: what must be seen meanwhile, and what afterwards. */
import { supportAddress } from "@opencx/runtime"
import { createHmac, randomUUID } from "node:crypto"
import { createConnection } from "node:net"
import { assert } from "vitest"
import { audit, converse, eventually, pause } from "./customers.ts"
import type { RuntimeProcess } from "./runtimeProcess.ts"
import type { Stage } from "./stage.ts"

/** Status of a genuine, signed Zendesk webhook. */
const webhook = async (stage: Stage, body: string): Promise<number> => {
  const timestamp = new Date().toISOString()
  const response = await fetch(stage.hook.url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-zendesk-webhook-invocation-id": randomUUID(),
      "x-zendesk-webhook-signature-timestamp": timestamp,
      "x-zendesk-webhook-signature": createHmac("sha256", stage.hook.secret)
        .update(timestamp + body)
        .digest("base64"),
    },
    body,
  })
  await response.arrayBuffer()
  return response.status
}

const ready = async (stage: Stage): Promise<number> => {
  const response = await fetch(`${stage.runtimeUrl}/readyz`)
  await response.arrayBuffer()
  return response.status
}

/** The code with which the mail server answers a message just now. */
const smtpCode = (stage: Stage): Promise<number> =>
  new Promise((resolve, reject) => {
    const lines = [
      "EHLO test.example",
      "MAIL FROM:<watch@example.com>",
      `RCPT TO:<${supportAddress}>`,
      "DATA",
      `Message-ID: <watch-${randomUUID()}@example.com>\r\nFrom: watch@example.com\r\nSubject: During the outage\r\nAuto-Submitted: auto-generated\r\n\r\nA robot.\r\n.`,
    ]
    const socket = createConnection(stage.smtpPort, "127.0.0.1")
    let step = 0
    socket.setEncoding("utf8").on("error", reject)
    socket.on("data", (text: string) => {
      const last = text.trimEnd().split("\r\n").at(-1) ?? ""
      if (/^\d{3}-/.test(last)) return
      const line = lines[step++]
      if (line !== undefined) return void socket.write(`${line}\r\n`)
      socket.end()
      resolve(Number(last.slice(0, 3)))
    })
  })

interface Outage {
  readonly begin: () => Promise<void>
  readonly end: () => Promise<void>
  readonly seconds: number
  /** Conversations before, and during. */
  readonly before: number
  readonly during: number
}

const ticketSignal = (stage: Stage): string => {
  const call = stage.emulator.state(["tickets"])["tickets"]
  const first: unknown = Array.isArray(call) ? call[0] : undefined
  const { external_id, id } = first as { readonly id: number; readonly external_id: string }
  return JSON.stringify({ v: 1, ticket_id: String(id), external_id, status: "Open" })
}

/** Everything that was accepted must be finished within a minute of the outage's end, without an operator. */
export const liveThrough = async (stage: Stage, runtime: RuntimeProcess, outage: Outage): Promise<void> => {
  const talks = Array.from({ length: outage.before }, (_, n) => converse(stage, n))
  await eventually("a first ticket", () => stage.emulator.counts().tickets > 0)
  const signal = ticketSignal(stage)
  await outage.begin()
  const began = Date.now()
  for (let n = 0; n < outage.during; n += 1) talks.push(converse(stage, outage.before + n))
  await pause(2500)
  const [hookStatus, mailCode] = await Promise.all([webhook(stage, signal), smtpCode(stage)])
  const readyStatus = await ready(stage)
  assert.deepStrictEqual(
    { hookStatus, readyStatus, mail: Math.floor(mailCode / 100) },
    { hookStatus: 503, readyStatus: 503, mail: 4 },
  )
  await pause(Math.max(0, outage.seconds * 1000 - (Date.now() - began)))
  await outage.end()
  const ended = Date.now()
  const late = pause(60_000).then(() =>
    Promise.reject(
      new Error(`not finished a minute after the outage:\n${runtime.log().slice(-40).join("\n")}`),
    ),
  )
  await Promise.race([Promise.all(talks), late])
  console.log(
    `outage of ${outage.seconds} s: everything finished ${((Date.now() - ended) / 1000).toFixed(1)} s after its end`,
  )
  late.catch(() => undefined)
  let status = 0
  for (let tries = 0; tries < 100 && status !== 200; tries += 1) {
    status = await ready(stage)
    await pause(100)
  }
  assert.strictEqual(status, 200, "/readyz is green again")
  const result = await audit(stage, outage.before + outage.during)
  assert.deepStrictEqual(
    { ...result, resent: 0 },
    { lost: [], duplicateTickets: [], duplicateComments: [], duplicateMails: [], resent: 0, leaked: 0 },
  )
}
