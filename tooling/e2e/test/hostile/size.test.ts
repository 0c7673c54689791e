/** Mails that are too large, too deep or too slow: the port stays open for everybody else. */
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { connect } from "node:net"
import { eventuallyAsked, operatorOf, settled } from "../support/operator.ts"
import { customerOf, handedOff, ticketWith } from "../support/people.ts"
import { smtpDialogue, waitInSilence } from "../support/sockets.ts"
import { type Site, startInstallation, startSite } from "../support/world.ts"

let site: Site

beforeAll(async () => {
  site = await startSite()
})
afterAll(() => site.close())

describe("mails that are built to hurt", () => {
  it("5,000 parts deep is taken quickly and kept, and the next mail is served", async () => {
    const gus = customerOf(site, "gus@example.com")
    const depth = 5_000
    const open = Array.from(
      { length: depth },
      (_, n) => `Content-Type: multipart/mixed; boundary="b${n}"\r\n\r\n--b${n}\r\n`,
    )
    const began = Date.now()
    await gus.write("", {
      raw: `From: ${gus.address}\r\nTo: ${site.supportAddress}\r\nSubject: Deep\r\nMessage-ID: <deep@example.com>\r\nMIME-Version: 1.0\r\n${open.join("")}Content-Type: text/plain\r\n\r\nI want to talk to a human.\r\n`,
    })
    assert.isBelow(Date.now() - began, 10_000)
    const hal = customerOf(site, "hal@example.com")
    await handedOff(site, hal)
    const kept = await eventuallyAsked("the deep mail on a timeline", async () =>
      (await operatorOf(site).sessions()).find((s) => s.subject === "Deep"),
    )
    assert.isString(kept.id)
  })

  it("half a million empty parts, and headers without end, do not stop the others", async () => {
    const ida = customerOf(site, "ida@example.com")
    const parts = "--b\r\nContent-Type: text/plain\r\n\r\n\r\n".repeat(100_000)
    await ida.write("", {
      raw: `From: ${ida.address}\r\nTo: ${site.supportAddress}\r\nSubject: Parts\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n${parts}--b--\r\n`,
    })
    const many = Array.from({ length: 20_000 }, (_, n) => `X-Header-${n}: ${"v".repeat(40)}`).join("\r\n")
    await ida.write("", {
      raw: `From: ${ida.address}\r\nTo: ${site.supportAddress}\r\nSubject: Headers\r\n${many}\r\n\r\nhello\r\n`,
    })
    await handedOff(site, customerOf(site, "jo@example.com"))
  }, 60_000)

  it("27 MB is refused with 552, announced or not", async () => {
    const announced = await smtpDialogue(site.smtpPort, [
      "EHLO test",
      "MAIL FROM:<x@example.com> SIZE=28311552",
    ])
    assert.match(announced.at(-1) ?? "", /^552/)
    const kim = customerOf(site, "kim@example.com")
    const before = (await operatorOf(site).sessions()).length
    const line = `${"x".repeat(76)}\r\n`
    const big = `From: ${kim.address}\r\nTo: ${site.supportAddress}\r\nSubject: Big\r\n\r\n${line.repeat(Math.ceil((27 * 1_048_576) / line.length))}`
    const refused = await kim.write("", { raw: big }).then(() => "taken", String)
    assert.match(refused, /552/)
    await settled(site)
    assert.strictEqual((await operatorOf(site).sessions()).length, before)
  }, 60_000)

  it("for others than us are refused: this is no relay", async () => {
    const refusals = [
      "someone@elsewhere.example",
      "support@larkspoke.example.evil.example",
      "support%evil.example@larkspoke.example",
      "postmaster",
      "bounce+aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@larkspoke.example",
    ]
    for (const address of refusals) {
      const answers = await smtpDialogue(site.smtpPort, [
        "EHLO test",
        "MAIL FROM:<x@example.com>",
        `RCPT TO:<${address}>`,
      ])
      assert.match(answers.at(-1) ?? "", /^5\d\d/, address)
    }
  })

  it("that nobody can read are kept with what can be read of them", async () => {
    const lou = customerOf(site, "lou@example.com")
    await lou.write("", {
      raw: `From: ${lou.address}\r\nTo: ${site.supportAddress}\r\nSubject: Broken\r\nContent-Type: multipart/mixed; boundary="never"\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!! not base64 \u0000 ----`,
    })
    await eventuallyAsked("the mail on a timeline", async () =>
      (await operatorOf(site).sessions()).some((s) => s.subject === "Broken"),
    )
  })
})

describe("clients that take their time", () => {
  let impatient: Site
  beforeAll(async () => {
    const [only] = await startInstallation({
      organizations: ["impatient"],
      change: (config) => ({
        ...config,
        listeners: {
          email: {
            smtp: {
              ...Object(Object(config.listeners?.["email"])["smtp"]),
              idleMs: 1000,
              dataMs: 1500,
              maxClients: 20,
            },
          },
        },
      }),
    })
    if (only === undefined) throw new Error("nothing was installed")
    impatient = only
  })
  afterAll(() => impatient?.close())

  it("are let go: silent ones, and those that dribble a mail", async () => {
    const silent = await waitInSilence(impatient.smtpPort, 10_000)
    assert.match(silent.text, /^220 /)
    assert.isBelow(silent.ms, 6000)
    const began = Date.now()
    const dribbling = await smtpDribble(impatient)
    assert.match(dribbling, /354 /)
    assert.notMatch(dribbling.slice(dribbling.indexOf("354 ")), /250 /)
    assert.isBelow(Date.now() - began, 12_000)
  })

  it("do not keep others out for long when they take all places", async () => {
    const crowd = Array.from({ length: 40 }, () => waitInSilence(impatient.smtpPort, 10_000))
    await Promise.all(crowd)
    const customer = customerOf(impatient, "patient@example.com")
    await customer.write("I want to talk to a human.")
    await ticketWith(impatient, customer.address, "talk to a human")
  })
})

/** Sends a mail byte by byte, for ever; answers with what the server says at last. */
const smtpDribble = (at: Site): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port: at.smtpPort })
    const lines = ["EHLO slow", "MAIL FROM:<slow@example.com>", `RCPT TO:<${at.supportAddress}>`, "DATA"]
    let text = ""
    let timer: NodeJS.Timeout | undefined
    const end = () => {
      clearInterval(timer)
      resolve(text)
    }
    socket.on("data", (chunk: Buffer) => {
      text += chunk.toString("latin1")
      const line = lines.shift()
      if (line !== undefined) socket.write(`${line}\r\n`)
      else if (timer === undefined) timer = setInterval(() => socket.write("x"), 100)
    })
    socket.on("close", end)
    socket.on("error", (error: NodeJS.ErrnoException) =>
      error.code === "ECONNRESET" || error.code === "EPIPE" ? end() : reject(error),
    )
    setTimeout(() => socket.destroy(), 15_000).unref()
  })
