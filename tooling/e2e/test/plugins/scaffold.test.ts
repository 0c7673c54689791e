/**
 * A channel of somebody else, from nothing to a conversation: a package is written outside this repository, installed from
 * packed packages, built and tested there; then a runtime of this repository loads it by its name. The plugin then runs on
 * its own copies of `effect` and `@opencx/core`, the runtime on others.
 */
import { tickets } from "@opencx/runtime"
import { Schema } from "effect"
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it, type TestContext } from "vitest"
import { eventually, ticketOf } from "../support/customers.ts"
import { eventuallyAsked, operatorOf } from "../support/operator.ts"
import { type RuntimeProcess, startRuntime } from "../support/runtimeProcess.ts"
import { setStage, type Stage } from "../support/stage.ts"
import { type FakeProgram, startFake } from "./fakeProgram.ts"
import { packed, registryTrouble, repository, run } from "./packed.ts"

const organization = "larkspoke"
const name = "@acme/opencx-channel-acmechat"
const secrets = { apiKey: "e2e-api-key-0123456789", webhookSecret: "e2e-webhook-secret-0123456789" }
const place = mkdtempSync(join(tmpdir(), "opencx-scaffold-"))
const folder = join(place, "plugin")
const site = join(place, "site")
/** Why nothing can be tested; null when all is well. */
let unreachable: string | null = null

const Hooks = Schema.fromJsonString(Schema.Array(Schema.Struct({ what: Schema.String, url: Schema.String })))
const Config = Schema.fromJsonString(
  Schema.StructWithRest(
    Schema.Struct({
      organizations: Schema.Array(Schema.Record(Schema.String, Schema.Unknown)),
    }),
    [Schema.Record(Schema.String, Schema.Unknown)],
  ),
)
const Packed = Schema.fromJsonString(Schema.Array(Schema.Struct({ filename: Schema.String })))

const succeed = async (command: string, args: ReadonlyArray<string>, cwd: string, seconds: number) => {
  const ended = await run(command, args, cwd, seconds)
  assert.strictEqual(ended.code, 0, `${command} ${args.join(" ")}\n${ended.output}`)
  return ended
}

/** From the registry that npm is set up for, and from these files. */
const install = (cwd: string, files: ReadonlyArray<string>) =>
  succeed("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", ...files], cwd, 150)

const here = (ctx: TestContext): void => {
  if (unreachable !== null) ctx.skip(`without a registry: ${unreachable}`)
}

let core: string

beforeAll(async () => {
  unreachable = await registryTrouble(place)
  if (unreachable !== null)
    return console.log(`SCAFFOLD TEST SKIPPED, nothing can be installed without the registry: ${unreachable}`)
  const main = join(repository, "packages/create-channel/src/main.ts")
  const flags = ["--scope", "@acme", "--id", "acmechat", "--title", "Acme chat", "--provider-auth", "hmac"]
  const args = [main, "opencx-channel-acmechat", "--dir", folder, ...flags]
  await succeed(process.execPath, args, place, 30)
  core = await packed("core", place)
  await install(folder, [core, await packed("testing", place)])
}, 400_000)

afterAll(() => rmSync(place, { recursive: true, force: true }))

describe("a new channel package, outside this repository", () => {
  it("builds, and its types are right", { timeout: 120_000 }, async (ctx) => {
    here(ctx)
    await succeed("npm", ["run", "build"], folder, 60)
    await succeed("npm", ["run", "check"], folder, 60)
  })

  it("passes its tests, the channel contract among them", { timeout: 120_000 }, async (ctx) => {
    here(ctx)
    const { output } = await succeed("npm", ["test"], folder, 110)
    const [, passed = "0"] = /Tests\s+(\d+) passed \(\1\)/.exec(output) ?? []
    assert.isAtLeast(Number(passed), 75, output)
  })
})

describe("in a runtime that names it in its configuration", () => {
  let stage: Stage
  let runtime: RuntimeProcess
  let fake: FakeProgram
  let hookUrl = ""

  /** The stage's configuration, in the folder where the plugin is installed, with the plugin and an account of it. */
  const writeConfig = (): string => {
    const config = Schema.decodeUnknownSync(Config)(readFileSync(stage.configFile, "utf8"))
    const settings = { ...secrets, apiBaseUrl: fake.apiBaseUrl }
    const accounts = [{ id: "main", channel: "acmechat", settings }]
    const organizations = config.organizations.map((organization) => ({ ...organization, accounts }))
    const file = join(site, "opencx.config.json")
    writeFileSync(file, JSON.stringify({ ...config, plugins: [name], organizations }))
    return file
  }

  const hookOf = async (configFile: string): Promise<string> => {
    const main = join(repository, "apps/runtime/src/main.ts")
    const args = [main, "urls", "--config", configFile, "--json"]
    const { stdout } = await succeed(process.execPath, args, site, 60)
    const hooks = Schema.decodeUnknownSync(Hooks)(stdout)
    return hooks.find(({ what }) => what === "acmechat account main")?.url ?? ""
  }

  beforeAll(async () => {
    if (unreachable !== null) return
    mkdirSync(site)
    writeFileSync(join(site, "package.json"), JSON.stringify({ name: "site", private: true }))
    const { stdout } = await succeed("npm", ["pack", "--json", "--pack-destination", place], folder, 90)
    const [made] = Schema.decodeUnknownSync(Packed)(stdout.slice(stdout.indexOf("[")))
    await install(site, [core, join(place, made?.filename ?? "")])
    stage = await setStage({ reconcileSeconds: 1 })
    fake = await startFake(folder, secrets)
    const configFile = writeConfig()
    hookUrl = await hookOf(configFile)
    fake.callHooksAt(hookUrl)
    runtime = await startRuntime(configFile)
    // The Help Center is read after the start; until then the AI has nothing to answer from.
    const learnt = /^opencx_sync_articles(?:\{[^}]*\})? [1-9]/m
    const metrics = () => operatorOf({ ...stage, organization }).metrics()
    await eventuallyAsked("the Help Center", async () => learnt.test(await metrics()), 30)
  }, 240_000)

  afterAll(async () => {
    await runtime?.kill()
    await fake?.stop()
    await stage?.close()
  })

  const shownTo = (user: string) =>
    fake.shown().filter((message) => message.conversation === `conversation-${user}`)
  const arrived = (user: string, words: string) =>
    eventually(`"${words}" at ${user}`, () => shownTo(user).find((m) => m.text.includes(words)), 30)
  const ticketAbout = (words: string) =>
    eventually(`a ticket about "${words}"`, () => ticketOf(stage, words), 30)
  const sessionOf = (ticketId: number) =>
    operatorOf({ ...stage, organization }).session(
      tickets(stage).find((t) => t.id === ticketId)?.external_id ?? "",
    )

  it("has `effect` and `@opencx/core` of its own there", (ctx) => {
    here(ctx)
    const resolved = (from: string, what: string) => createRequire(from).resolve(what)
    for (const what of ["effect", "@opencx/core"]) {
      const plugins = resolved(join(site, "node_modules", name, "dist/index.js"), what)
      assert.notStrictEqual(plugins, resolved(join(repository, "apps/runtime/src/main.ts"), what))
      assert.include(plugins, site)
    }
  })

  it(
    "a signed question is answered by the AI through the provider's API",
    { timeout: 90_000 },
    async (ctx) => {
      here(ctx)
      assert.strictEqual(await fake.write("ada", "How do I reset my password?"), 200)
      const answer = await arrived("ada", "password")
      assert.notMatch(answer.text, /\*\*|\]\(/, "the Markdown is rendered")
      assert.strictEqual(await fake.report(answer.id, "delivered"), 200)
    },
  )

  it("a webhook of somebody else is turned away", async (ctx) => {
    here(ctx)
    const post = (headers: Record<string, string>) =>
      fetch(hookUrl, { method: "POST", body: '{"events":[]}', headers }).then((answer) => answer.status)
    assert.strictEqual(await post({}), 401)
    const forged = { "x-acme-timestamp": String(Math.floor(Date.now() / 1000)) }
    assert.strictEqual(await post({ ...forged, "x-acme-signature": `v1=${"0".repeat(64)}` }), 401)
  })

  it("the provider's handshake is answered", async (ctx) => {
    here(ctx)
    const answer = await fetch(`${hookUrl}?challenge=are-you-there`)
    assert.strictEqual(await answer.text(), "are-you-there")
  })

  it("a human: a ticket, the reply at the provider, a receipt", { timeout: 90_000 }, async (ctx) => {
    here(ctx)
    assert.strictEqual(await fake.write("bob", "I want to talk to a human, please. Case 4711."), 200)
    const ticket = await ticketAbout("4711")
    assert.include(ticket.tags, "opencx_channel_acmechat")
    const said = JSON.stringify((await sessionOf(ticket.id)).entries)
    assert.include(said, "Zendesk Messaging is not connected")
    stage.emulator.agent(ticket.id, { action: "note", body: "INTERNAL: check the frame number" })
    stage.emulator.agent(ticket.id, { action: "reply", body: "Hello Bob, Ann here. Which frame?" })
    const reply = await arrived("bob", "Hello Bob, Ann here. Which frame?")
    assert.strictEqual(await fake.report(reply.id, "read"), 200)
    await eventuallyAsked("the receipt", async () =>
      (await sessionOf(ticket.id)).entries.some(
        ({ body }) => body["_tag"] === "DeliveryUpdate" && body["status"] === "read",
      ),
    )
    assert.isFalse(shownTo("bob").some((m) => m.text.includes("INTERNAL")))
  })

  it("after STOP nothing more is sent, and the human reads why", { timeout: 90_000 }, async (ctx) => {
    here(ctx)
    assert.strictEqual(await fake.write("eve", "I want to talk to a human, please. Case 4712."), 200)
    const { id } = await ticketAbout("4712")
    await arrived("eve", "colleague")
    assert.strictEqual(await fake.write("eve", "STOP"), 200)
    stage.emulator.agent(id, { action: "reply", body: "Are you still there?" })
    await ticketAbout('opted out of messages on this channel by writing "STOP"')
    assert.isFalse(shownTo("eve").some((m) => m.text.includes("still there")))
  })
})
