/** What operators do to a runtime that is up, and to one that is not, on the command line. */
import { assert, beforeAll, afterAll, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { createHmac, randomUUID } from "node:crypto"
import { readdir, readFile, rm, stat, writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import { mailsTo, tickets, users } from "../../src/tour/observe.ts"
import { readyOf, runCli, type Started, startCli, stopped } from "../support/cli.ts"
import { runHere } from "../support/inProcess.ts"
import { eventually } from "../support/run.ts"
import { Hooks, setStage, type Stage } from "../support/stage.ts"

const timeout = 120_000

let stage: Stage
let running: Started

const serve = async () => {
  running = startCli(["serve", "--config", stage.configFile, "--json"])
  await readyOf(running)
}

beforeAll(async () => {
  stage = await setStage()
  await serve()
}, 120_000)
afterAll(async () => {
  running.send("SIGKILL")
  await running.ended
  await stage.close()
})

const opencx = (...args: ReadonlyArray<string>) => runHere([...args, "--config", stage.configFile])

const done = async (...args: ReadonlyArray<string>): Promise<string> => {
  const { code, err, out } = await opencx(...args)
  assert.strictEqual(code, 0, `${args.join(" ")}\n${err}`)
  return out
}

const refused = async (...args: ReadonlyArray<string>): Promise<string> => {
  const { code, err } = await opencx(...args)
  assert.strictEqual(code, 1, args.join(" "))
  assert.notMatch(err, /^\s+at .*\.(?:ts|js):\d+/m)
  return err
}

const Letters = Schema.fromJsonString(
  Schema.Array(Schema.Struct({ id: Schema.String, session: Schema.String, why: Schema.String })),
)
const letters = async () => Schema.decodeUnknownSync(Letters)(await done("dead-letters", "list", "--json"))

const ticketOf = (customer: string) => {
  const user = users(stage).find(({ email }) => email === customer)
  return tickets(stage).find(({ requester_id }) => requester_id === user?.id)
}

const handedOff = async (customer: string, text = "I want to talk to a human, please.") => {
  await stage.write(customer, text)
  const ticket = await eventually("the ticket", () => ticketOf(customer))
  await eventually("the word about it", () => mailsTo(stage, customer)[0])
  return ticket
}

/** How many dead letters the runtime counts. */
const dead = async (): Promise<number> => {
  const text = await (await fetch(`${stage.runtimeUrl}/metrics`)).text()
  return Number(/^opencx_work_dead(?:\{[^}]*\})? (\d+)$/m.exec(text)?.[1] ?? "0")
}

const newestLetter = async () => {
  const [letter] = await letters()
  assert.isDefined(letter)
  return letter ?? { id: "", why: "" }
}

/** A reply that the customer's mail server refuses for good. */
const undeliverable = async (ticketId: number, body: string) => {
  const before = await dead()
  stage.sink.refuse({ code: 550, message: "5.1.1 nobody@example.com is not known" })
  stage.emulator.agent(ticketId, { action: "reply", body })
  await eventually("a dead letter", async () => (await dead()) > before)
  stage.sink.refuse(null)
}

const got = (customer: string, text: string) =>
  mailsTo(stage, customer).filter((mail) => mail.text.includes(text)).length

describe("opencx dead-letters", { timeout }, () => {
  it("shows no words and no addresses, and runs again what the runtime takes over, once", async () => {
    const customer = "lou@example.com"
    const ticket = await handedOff(customer)
    await undeliverable(ticket.id, "Better late than never.")
    const letter = await newestLetter()
    assert.include(letter.why, "550")
    const shown = await done("dead-letters", "show", letter.id)
    const list = await done("dead-letters", "list", "--task", "Deliver")
    assert.include(list, letter.id)
    for (const text of [shown, list, letter.why])
      for (const word of ["Better late", "lou@", "nobody@"]) assert.notInclude(text, word)
    assert.strictEqual(await done("dead-letters", "list", "--task", "OpenTicket", "--json"), "[]")
    assert.include(await done("dead-letters", "replay", letter.id), "will run again")
    await eventually("the reply at last", () => got(customer, "Better late") === 1, 40)
    assert.include(await done("dead-letters", "replay", letter.id), "no dead letter")
    assert.deepStrictEqual(await letters(), [])
  })

  it("replays all while no runtime is up; the next one carries them out", async () => {
    const customer = "max@example.com"
    const ticket = await handedOff(customer)
    await undeliverable(ticket.id, "First of two.")
    await undeliverable(ticket.id, "Second of two.")
    assert.strictEqual((await stopped(running)).code, 0)
    const replayed = JSON.parse(await done("dead-letters", "replay", "--all", "--json"))
    assert.deepStrictEqual(
      replayed.map(({ result }: { result: string }) => result),
      ["done", "done"],
    )
    await serve()
    await eventually("both", () => got(customer, "First of two.") + got(customer, "Second of two.") === 2, 40)
  })

  it("discards with a reason, and says what is missing or unknown", async () => {
    const ticket = await handedOff("ned@example.com")
    await undeliverable(ticket.id, "Never mind.")
    const letter = await newestLetter()
    assert.include(await refused("dead-letters", "discard", letter.id), "--reason")
    assert.include(await refused("dead-letters", "discard", letter.id, "--reason", " "), "Say why")
    assert.include(await refused("dead-letters", "replay"), "--all")
    assert.include(await refused("dead-letters", "replay", "--all", letter.id), "Both")
    assert.include(await refused("dead-letters", "replay", randomUUID()), "no work with the id")
    assert.include(await refused("dead-letters", "show", "x"), "UUID")
    const out = await done("dead-letters", "discard", letter.id, "--reason", "the customer called")
    assert.include(out, "discarded")
    assert.include(await done("dead-letters", "show", letter.id), '"discarded"')
    assert.deepStrictEqual(await letters(), [])
  })
})

describe("opencx sessions", { timeout }, () => {
  it("finds conversations and tells the whole story of one", async () => {
    const ticket = await handedOff(
      "zoe@example.com",
      "Ich möchte mit einem Menschen über Fahrräder sprechen.",
    )
    const id = ticket.external_id ?? ""
    const finds = [
      ["--external-id", String(ticket.id)],
      ["--contact", "zoe@example.com"],
      ["--text", "über Fahrräder"],
      ["--tag", "opencx_handedoff", "--contact", "Zoe@example.com", "--channel", "email"],
    ]
    for (const conditions of finds) {
      const out = await done("sessions", "list", ...conditions)
      assert.strictEqual(out.split("\n").length, 1, out)
      assert.include(out, id)
    }
    assert.strictEqual(
      (await done("sessions", "list", "--text", "no such words")).trim(),
      "No conversation fits.",
    )
    assert.include(await done("sessions", "list", "--org", "larkspok"), "Organizations that have: larkspoke.")
    assert.include(await done("sessions", "list", "--org", "larkspok", "--json"), '"sessions":[]')
    const page = JSON.parse(await done("sessions", "list", "--org", "larkspoke", "--limit", "1", "--json"))
    assert.lengthOf(page.sessions, 1)
    const next = await done("sessions", "list", "--org", "larkspoke", "--after", page.next)
    assert.notInclude(next, page.sessions[0].id)
    assert.include(await refused("sessions", "list", "--after", "x"), "--after")
    const story = await done("sessions", "show", id)
    for (const part of ["HandoffConfirmed", `ticketId: ${ticket.id}`, "OpenTicket: done", "zoe@example.com"])
      assert.include(story, part)
    const whole = JSON.parse(await done("sessions", "show", id, "--json"))
    assert.isTrue(whole.entries.some(({ body }: { body: { trace?: unknown } }) => body.trace !== undefined))
    assert.include(await refused("sessions", "show", randomUUID()), "no session")
  })
})

const filesIn = async (folder: string): Promise<ReadonlyArray<string>> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))

describe("opencx contacts", { timeout }, () => {
  it("hands out everything, then erases it here and in Zendesk, while the runtime is up", async () => {
    const needle = `needle${randomUUID().slice(0, 8)}`
    const customer = `${needle}@example.com`
    const ticket = await handedOff(customer, `I want to talk to a human about ${needle}, please.`)
    const folder = dirname(stage.configFile)
    const out = join(folder, "export")
    const listed = await done("contacts", "export", customer, "--org", "larkspoke", "--out", out)
    assert.include(listed, `Zendesk ticket ${ticket.id}`)
    const record = await readFile(join(out, "contact.json"), "utf8")
    assert.include(record, `about ${needle}`)
    assert.strictEqual((await stat(join(out, "contact.json"))).mode & 0o077, 0)
    assert.isAbove((await readdir(join(out, "files"))).length, 0)
    assert.include(
      await refused("contacts", "export", customer, "--org", "larkspoke", "--out", out),
      "it exists",
    )
    await rm(out, { recursive: true })
    assert.include(
      await refused("contacts", "erase", "nobody@example.com", "--org", "larkspoke"),
      "no contact",
    )
    assert.include(await refused("contacts", "erase", customer, "--org", "larkspoke"), "--yes")
    const erase = ["contacts", "erase", customer, "--org", "larkspoke", "--yes", "--in-zendesk", "--json"]
    // As long as work for the contact is under way, it is refused.
    const answer = await eventually("the erasure", async () => {
      const { code, out } = await opencx(...erase)
      return code === 0 ? out : undefined
    })
    const erased = JSON.parse(answer)
    assert.strictEqual(erased.sessions, 1)
    assert.isTrue(erased.compacted)
    assert.deepStrictEqual(
      erased.inZendesk.map(({ result, what }: { result: string; what: string }) => [what, result]),
      [
        ["ticket", "deleted"],
        ["user", "deleted"],
      ],
    )
    for (const file of await filesIn(folder)) assert.isFalse((await readFile(file)).includes(needle), file)
    assert.notInclude(JSON.stringify(stage.emulator.state(["tickets", "users"])), needle)
    assert.include(await refused("contacts", "erase", customer, "--org", "larkspoke", "--yes"), "no contact")
    await handedOff(customer, "It is me again: I want to talk to a human, please.")
  })
})

const signal = async (url: string): Promise<number> => {
  const body = JSON.stringify({ ticket_id: "1", status: "open" })
  const { webhookSigningSecret } = JSON.parse(await readFile(stage.configFile, "utf8")).organizations[0]
    .zendesk
  const at = new Date().toISOString()
  const answer = await fetch(url, {
    method: "POST",
    body,
    headers: {
      "content-type": "application/json",
      "x-zendesk-webhook-invocation-id": randomUUID(),
      "x-zendesk-webhook-signature-timestamp": at,
      "x-zendesk-webhook-signature": createHmac("sha256", webhookSigningSecret)
        .update(at + body)
        .digest("base64"),
    },
  })
  await answer.arrayBuffer()
  return answer.status
}

const urls = async () => Schema.decodeUnknownSync(Schema.fromJsonString(Hooks))(await done("urls", "--json"))

const ticketing = async () => (await urls()).find(({ what }) => what === "zendesk ticketing")?.url ?? ""

describe("opencx keys", { timeout }, () => {
  it("changes the master key beside a running runtime, and no URL changes", async () => {
    const before = await ticketing()
    const keyFile = join(dirname(stage.configFile), "master.key")
    const old = (await readFile(keyFile, "utf8")).trim()
    assert.include(await done("keys", "rotate"), "sealed anew")
    assert.include(await readFile(keyFile, "utf8"), old)
    const { current, secrets } = JSON.parse(await done("keys", "status", "--json"))
    assert.deepStrictEqual(Object.keys(secrets), [current])
    assert.strictEqual(await signal(before), 200)
    assert.strictEqual(await ticketing(), before)
    await done("keys", "forget")
    assert.notInclude(await readFile(keyFile, "utf8"), old)
    await stopped(running)
    await serve()
    assert.strictEqual(await signal(before), 200)
    const env = { OPENCX_MASTER_KEY: Buffer.alloc(32, 1).toString("base64") }
    const { err } = await runCli(["keys", "rotate", "--config", stage.configFile], { env })
    assert.include(err, "OPENCX_MASTER_KEY_PREVIOUS")
  })

  it("changes the signing key; the running runtime accepts old and new URLs", async () => {
    const old = await ticketing()
    const { acceptedUntil } = JSON.parse(await done("keys", "rotate-signing", "--keep-days", "30", "--json"))
    assert.isAbove(Date.parse(acceptedUntil), Date.now() + 29 * 86_400_000)
    const fresh = await ticketing()
    assert.notStrictEqual(fresh, old)
    assert.strictEqual(await signal(old), 200)
    await eventually("the new URL", async () => (await signal(fresh)) === 200, 30)
    assert.strictEqual(await signal(old), 200)
    assert.include(await refused("keys", "rotate-signing", "--keep-days", "-1"), "0 to 3650")
  })

  it("says what a lost master key has sealed, and starts anew without it", async () => {
    const keyFile = join(dirname(stage.configFile), "master.key")
    await stopped(running)
    const kept = await readFile(keyFile, "utf8")
    await rm(keyFile)
    assert.include(await refused("urls"), "opencx keys lost")
    assert.include(await done("keys", "lost"), "installation/signing-key")
    // Put back, all is as it was.
    await writeFile(keyFile, kept, { mode: 0o600 })
    assert.include(await done("keys", "lost"), "Every stored secret can be opened")
    await rm(keyFile)
    const { removed, unreadable } = JSON.parse(await done("keys", "lost", "--yes", "--json"))
    assert.isTrue(removed)
    assert.include(unreadable, "installation/signing-key")
    await serve()
    assert.strictEqual(await signal(await ticketing()), 200)
  })
})

describe("opencx backup and restore", { timeout }, () => {
  it("move a running installation, with conversations, URLs and secrets", async () => {
    const folder = dirname(stage.configFile)
    const ticket = await handedOff("moving@example.com")
    const before = await urls()
    const file = join(folder, "backup.opencx")
    assert.include(await done("backup", file), "master key in it")
    assert.include(await refused("backup", file), "never overwrites")
    assert.include(await refused("restore", file), "Another OpenCX process", "while the runtime is up")
    const env = { OPENCX_DATA_DIR: join(folder, "moved") }
    const moved = (...args: ReadonlyArray<string>) => runCli([...args, "--config", stage.configFile], { env })
    const restored = await moved("restore", file)
    assert.strictEqual(restored.code, 0, restored.err)
    const shown = await moved("sessions", "show", ticket.external_id ?? "")
    assert.include(shown.out, "moving@example.com")
    assert.deepStrictEqual(JSON.parse((await moved("urls", "--json")).out), before)
    assert.include((await moved("restore", file)).err, "holds a database already")
    const pg = { OPENCX_DATABASE_URL: "postgres://nobody:secret-word@127.0.0.1:1/none" }
    const { err } = await runCli(["backup", `${file}2`, "--config", stage.configFile], { env: pg })
    assert.include(err, "pg_dump")
    assert.notInclude(err, "secret-word")
  })
})
