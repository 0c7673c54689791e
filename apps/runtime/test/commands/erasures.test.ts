/** Who was erased does not come back with a backup: restored by command, or put in place by hand before a start. */
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { AccountId, ChannelId, Contacts, ConversationStore, OrgId } from "@opencx/core"
import { ContactRecords, CustomerText, DeliveryId, ThreadKey } from "@opencx/core"
import { Effect, type FileSystem, type Path } from "effect"
import { randomUUID } from "node:crypto"
import {
  appendFile,
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  writeFile,
} from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { loadConfig } from "../../src/config/load.ts"
import { eraseAgain, keepErased } from "../../src/operate/erasures.ts"
import { onData } from "../../src/operate/onData.ts"
import { runHere } from "../support/inProcess.ts"
import { run } from "../support/run.ts"
import { closedSession } from "../support/sessions.ts"

const orgId = OrgId.make("acme")
const needle = `needle${randomUUID().slice(0, 8)}`
const [ana, ben] = [`${needle}@example.com`, "ben@example.com"]

let folder: string
let configFile: string
let backupFile: string

/** A configuration whose data lie in a directory of this name. */
const configFor = async (name: string): Promise<string> => {
  const file = join(folder, `${name}.json`)
  const config = { dataDir: join(folder, name), organizations: [{ id: "acme", name: "Acme" }] }
  await writeFile(file, JSON.stringify(config))
  return file
}

const on = <A, E>(file: string, use: Parameters<typeof onData<A, E, FileSystem.FileSystem | Path.Path>>[1]) =>
  run(Effect.flatMap(loadConfig(file, {}), (config) => onData(config, use)))

const opencx = (file: string, ...args: ReadonlyArray<string>) => runHere([...args, "--config", file])

const done = async (file: string, ...args: ReadonlyArray<string>): Promise<string> => {
  const { code, err, out } = await opencx(file, ...args)
  assert.strictEqual(code, 0, `${args.join(" ")}\n${err}`)
  return out
}

/** Somebody with one conversation. */
const told = Effect.fnUntraced(function* (address: string) {
  const identity = { kind: "email", value: address, verified: true } as const
  const contact = yield* (yield* Contacts).resolve({ orgId, identity, name: address, locale: null })
  const lane = {
    orgId,
    channel: ChannelId.make("email"),
    accountId: AccountId.make("support"),
    threadKey: ThreadKey.make(randomUUID()),
  }
  const session = closedSession(lane, { at: 1_000, contactId: contact.id, lastSeq: 1 })
  const text = CustomerText.make(`Dear ${address}`)
  const body = {
    _tag: "SystemMessage",
    text,
    purpose: "x",
    deliveryId: DeliveryId.make(randomUUID()),
  } as const
  yield* (yield* ConversationStore).apply({
    lane,
    eventKey: "made",
    sessionId: session.id,
    decide: () => ({
      session: { ...session, subject: `About ${address}` },
      entries: [{ sessionId: session.id, seq: 1, at: 1_000, body }],
      work: [],
      address: null,
    }),
  })
})

const isThere = async (file: string, who: string): Promise<boolean> =>
  (
    await on(
      file,
      Effect.flatMap(ContactRecords, (records) => records.find(orgId, who)),
    )
  ).length > 0

const holdsNeedle = async (directory: string): Promise<ReadonlyArray<string>> => {
  const names = await readdir(directory)
  const texts = await Promise.all(names.map((name) => readFile(join(directory, name))))
  return names.filter((_, i) => texts[i]?.includes(needle))
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "opencx-erasures-test-"))
  configFile = await configFor("data")
  backupFile = join(folder, "old.backup")
  await on(configFile, Effect.andThen(told(ana), told(ben)))
  await done(configFile, "backup", backupFile)
  const erased = JSON.parse(
    await done(configFile, "contacts", "erase", ana, "--org", "acme", "--yes", "--json"),
  )
  assert.deepInclude(erased, { sessions: 1, listed: true, compacted: true })
}, 60_000)
afterAll(() => rm(folder, { recursive: true, force: true }))

const listFile = () => join(folder, "data", "erasures.jsonl")

describe("a contact that was erased", { timeout: 60_000 }, () => {
  it("stands in a private list that names nobody", async () => {
    const text = await readFile(listFile(), "utf8")
    assert.match(text, /^\{"orgId":"acme","mark":"[0-9a-f]{64}","at":\d+\}\n$/)
    assert.strictEqual((await stat(listFile())).mode & 0o077, 0)
    assert.deepStrictEqual(await holdsNeedle(join(folder, "data")), [])
  })

  it("stays erased in a backup from before that is restored with the list", async () => {
    const file = await configFor("restored")
    const wrong = await opencx(file, "restore", backupFile, "--erasures", join(folder, "none"))
    assert.strictEqual(wrong.code, 1)
    assert.include(wrong.err, "no such file")
    const out = await done(file, "restore", backupFile, "--erasures", listFile())
    assert.include(out, "1 contacts that were erased since then are erased again")
    assert.isFalse(await isThere(file, ana))
    assert.isTrue(await isThere(file, ben))
    assert.deepStrictEqual(await holdsNeedle(join(folder, "restored")), [])
  })

  it("stays erased in any older backup of a folder, once a newer one lies there", async () => {
    await done(configFile, "backup", join(folder, "new.backup"))
    const file = await configFor("beside")
    const told = JSON.parse(await done(file, "restore", backupFile, "--json"))
    assert.strictEqual(told.erasedAgain, 1)
    assert.isFalse(await isThere(file, ana))
    const fresh = await configFor("fresh")
    assert.strictEqual(
      JSON.parse(await done(fresh, "restore", join(folder, "new.backup"), "--json")).erasedAgain,
      0,
    )
    assert.isTrue(await isThere(fresh, ben))
  })

  it("is erased again at the start, when an older database was put in place by other means", async () => {
    const elsewhere = join(folder, "elsewhere")
    await mkdir(elsewhere)
    await copyFile(backupFile, join(elsewhere, "old.backup"))
    const file = await configFor("by-hand")
    await done(file, "restore", join(elsewhere, "old.backup"))
    assert.isTrue(await isThere(file, ana), "without any list nobody can know")
    const list = join(folder, "by-hand", "erasures.jsonl")
    await writeFile(list, '{"orgId":"acme","mark":"cut o')
    await appendFile(list, `\n${await readFile(listFile(), "utf8")}`)
    await on(file, keepErased)
    assert.isFalse(await isThere(file, ana))
    assert.isTrue(await isThere(file, ben))
    assert.deepStrictEqual(await holdsNeedle(join(folder, "by-hand")), [])
    const again = await run(
      Effect.flatMap(loadConfig(file, {}), (config) => onData(config, eraseAgain(config))),
    )
    assert.strictEqual(again, 0)
  })

  it("is put back on a list that was lost", async () => {
    const before = await readFile(listFile(), "utf8")
    await rm(listFile())
    await on(configFile, keepErased)
    assert.strictEqual(await readFile(listFile(), "utf8"), before)
  })

  it("holds the start up when the list cannot be read", async () => {
    const file = await configFor("unreadable")
    await mkdir(join(folder, "unreadable", "erasures.jsonl"), { recursive: true })
    const refused = await run(
      Effect.flip(Effect.flatMap(loadConfig(file, {}), (config) => onData(config, keepErased))),
    )
    assert.include(refused.message, "erasuresFile")
  })
})
