/** Organizations that change while they run: no event is lost, a bad version changes nothing, other processes notice. */
import { ConversationStore, Organizations, OrgId } from "@opencx/core"
import { OrganizationDocuments } from "@opencx/storage"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { join } from "node:path"
import { freePort } from "../../src/demo/ports.ts"
import { sendMail } from "../../src/demo/sendMail.ts"
import type { ApiClient } from "../../src/api/client.ts"
import { checkConfig } from "../../src/config/load.ts"
import { Signing } from "../../src/layers/Signing.ts"
import { messagingPurpose, ticketingPurpose } from "../../src/signing/purposes.ts"
import { LiveOrganizations } from "../../src/organizations/LiveOrganizations.ts"
import { servicesLayer } from "../../src/Runtime.ts"
import { clientOf, make, operatorHeaders, operatorToken } from "../support/api.ts"
import { eventually, inFolder, run } from "../support/run.ts"
import { type Server, startServer } from "../support/server.ts"

const audit = { orgId: "x", actor: "test", actorName: "test", action: "test", target: "x", changes: [] }
const change = (document: object) => ({
  body: JSON.stringify(document),
  newSecrets: new Map(),
  oldSecrets: [],
  audit,
})

const host = "127.0.0.1"
const account = (outPort: number, address: string, more: object) => ({
  id: "support",
  channel: "email",
  settings: {
    address,
    displayName: "Post",
    outbound: { host, port: outPort, starttls: "never" },
    authentication: "trust",
    ...more,
  },
})

interface Stage {
  readonly server: Server
  readonly client: ApiClient
  readonly smtpPort: number
  /** Where answers go to; nobody is there, they wait. */
  readonly outPort: number
}
const box: { stage?: Stage } = {}
const stage = (): Stage => {
  if (box.stage === undefined) throw new Error("not started")
  return box.stage
}

beforeAll(async () => {
  const [smtpPort, outPort] = await run(Effect.all([freePort(host, 0), freePort(host, 0)]))
  const server = await startServer({
    operatorToken,
    organizations: [],
    listeners: { email: { smtp: { host, port: smtpPort } } },
  })
  const client = await clientOf(server, operatorToken)
  box.stage = { server, client, smtpPort, outPort }
})
afterAll(() => box.stage?.server.close())

const putAccount = (org: string, version: number, settings: object) =>
  stage().server.ask(`/api/organizations/${org}/accounts/support`, {
    method: "PUT",
    headers: { ...operatorHeaders, "content-type": "application/json", "if-match": String(version) },
    body: JSON.stringify(settings),
  })

const sessionsOf = async (org: string) =>
  stage().server.within(
    Effect.flatMap(ConversationStore, (store) => store.sessions(OrgId.make(org), { limit: 200 })),
  )

describe("while an organization is changed again and again", () => {
  it(
    "every webhook is taken, and each becomes the conversation that it begins",
    { timeout: 60_000 },
    async () => {
      const settings = { inbound: { postmark: { username: "pm", password: "postmark-pass" } } }
      const { client, outPort, server } = stage()
      const document = { accounts: [account(outPort, "post@busy.example", settings)] }
      await make(client, "busy", JSON.parse(JSON.stringify(document)))
      const [listed] = await Effect.runPromise(client.accounts.list({ params: { org: OrgId.make("busy") } }))
      const hook = new URL(listed?.hookUrl ?? "").pathname
      const basic = `Basic ${Buffer.from("pm:postmark-pass").toString("base64")}`
      const send = (n: number) =>
        server.ask(hook, {
          method: "POST",
          headers: { authorization: basic, "content-type": "application/json" },
          body: JSON.stringify({
            From: `customer${n}@example.com`,
            To: "post@busy.example",
            OriginalRecipient: "post@busy.example",
            Subject: `Question ${n}`,
            TextBody: "Where is my parcel?",
            Headers: [{ Name: "Message-ID", Value: `<m${n}@example.com>` }],
          }),
        })
      const swaps = (async () => {
        for (let version = 1; version <= 12; version += 1) {
          const answer = await server.ask("/api/organizations/busy/settings", {
            method: "PUT",
            headers: { ...operatorHeaders, "content-type": "application/json", "if-match": String(version) },
            body: JSON.stringify({ name: `Busy ${version}` }),
          })
          assert.strictEqual(answer.status, 200, answer.text)
        }
      })()
      const statuses: Array<number> = []
      for (let n = 0; n < 60; n += 5) {
        const five = await Promise.all([0, 1, 2, 3, 4].map((more) => send(n + more)))
        statuses.push(...five.map(({ status }) => status))
      }
      await swaps
      assert.deepStrictEqual(new Set(statuses), new Set([200]))
      await eventually("sixty conversations", async () => (await sessionsOf("busy")).length === 60, 40)
      const { version } = await Effect.runPromise(
        client.organizations.read({ params: { org: OrgId.make("busy") } }),
      )
      assert.strictEqual(version, 13)
    },
  )

  it("the SMTP door follows: a new address is let in, the old one is not", { timeout: 60_000 }, async () => {
    const { client, outPort, smtpPort } = stage()
    const document = { accounts: [account(outPort, "old@door.example", { inbound: { smtp: true } })] }
    await make(client, "door", JSON.parse(JSON.stringify(document)))
    const write = (to: string) =>
      Effect.runPromise(
        Effect.match(
          sendMail({ host, port: smtpPort, from: "c@example.com", to, subject: "Hi", text: "Hello?" }),
          { onSuccess: () => "taken", onFailure: (error) => error.problem },
        ),
      )
    assert.strictEqual(await write("old@door.example"), "taken")
    const { id: _, ...next } = account(outPort, "new@door.example", { inbound: { smtp: true } })
    const changed = await putAccount("door", 1, next)
    assert.strictEqual(changed.status, 200, changed.text)
    assert.strictEqual(await write("new@door.example"), "taken")
    assert.include(await write("old@door.example"), "No such mailbox")
    await eventually("both conversations", async () => (await sessionsOf("door")).length === 2)
    // An address that another organization has: the door stays as it is, for both.
    await make(client, "twin", JSON.parse(JSON.stringify({ accounts: [{ id: "support", ...next }] })))
    assert.strictEqual(await write("new@door.example"), "taken")
  })
})

describe("a version that cannot run", () => {
  it(
    "leaves the one before running, and says why; a good one takes over by itself",
    { timeout: 30_000 },
    async () => {
      const { client, server } = stage()
      const org = OrgId.make("fragile")
      await make(client, "fragile")
      const documents = await server.within(OrganizationDocuments)
      const bad = { id: "fragile", name: "Fragile", accounts: [{ id: "a", channel: "fax", settings: {} }] }
      await Effect.runPromise(documents.update(org, 1, change(bad)))
      const view = () => Effect.runPromise(client.organizations.read({ params: { org } }))
      const seen = await eventually("the trouble", async () => {
        const found = await view()
        return found.trouble === null ? null : found
      })
      assert.deepInclude(seen, { version: 2, runningVersion: 1 })
      assert.include(seen.trouble?.problem, "fax")
      const organizations = await server.within(Organizations)
      assert.strictEqual((await Effect.runPromise(organizations.get(org))).settings.name, "fragile")
      await Effect.runPromise(documents.update(org, 2, change({ id: "fragile", name: "Mended" })))
      await eventually("the good one", async () => (await view()).runningVersion === 3)
      assert.strictEqual((await Effect.runPromise(organizations.get(org))).settings.name, "Mended")
    },
  )

  it("at the start keeps nobody else from starting; what comes for it is asked to come again", () =>
    inFolder(async (folder) => {
      const dataDir = join(folder, "data")
      const org = OrgId.make("broken")
      const config = await run(checkConfig({ dataDir, organizations: [] }, {}, "the test"))
      const zendesk = {
        subdomain: "broken",
        auth: { type: "api_token", email: "a@broken.example", token: "t" },
        firstComment: 5,
      }
      const store = Effect.gen(function* () {
        const documents = yield* OrganizationDocuments
        yield* documents.create(org, change({ id: "broken", name: "Broken", zendesk }))
        yield* documents.create(OrgId.make("fine"), change({ id: "fine", name: "Fine" }))
      })
      await run(Effect.scoped(Effect.provide(store, servicesLayer(config))))
      const look = Effect.gen(function* () {
        const live = yield* LiveOrganizations
        const organizations = yield* Organizations
        const error = yield* Effect.flip(organizations.get(org))
        return {
          fine: live.get(OrgId.make("fine"))?.version,
          broken: live.get(org),
          isDown: live.isDown(org),
          error: error.message,
        }
      })
      const { broken, error, fine, isDown } = await run(
        Effect.scoped(Effect.provide(look, servicesLayer(config))),
      )
      assert.strictEqual(fine, 1)
      assert.isTrue(isDown)
      assert.isNull(broken?.live)
      assert.include(broken?.trouble?.problem, "firstComment")
      assert.include(error, "cannot be used")
    }))
})

describe("an organization that cannot run", () => {
  it("loses no webhook: its sender is asked to come again, and strangers are still strangers", () =>
    inFolder(async (folder) => {
      const raw = { dataDir: join(folder, "data"), organizations: [] }
      const config = await run(checkConfig(raw, {}, "the test"))
      const broken = { id: "broken", name: "Broken", zendesk: {} }
      const store = Effect.flatMap(OrganizationDocuments, (documents) =>
        documents.create(OrgId.make("broken"), change(broken)),
      )
      await run(Effect.scoped(Effect.provide(store, servicesLayer(config))))
      const server = await startServer({ ...raw, operatorToken })
      try {
        const { urls } = await server.within(Signing)
        const paths = [
          `/hooks/zendesk/ticketing/${urls.sign(ticketingPurpose, ["broken"])}`,
          `/hooks/zendesk/messaging/${urls.sign(messagingPurpose, ["broken"])}`,
          `/hooks/email/${urls.sign("channel:email", ["broken", "support"])}`,
        ]
        for (const path of paths) {
          const answer = await server.ask(path, { method: "POST", body: "{}" })
          assert.strictEqual(answer.status, 503, path)
          assert.strictEqual(answer.headers["retry-after"], "5")
          assert.strictEqual((await server.ask(`${path}x`, { method: "POST", body: "{}" })).status, 401)
        }
      } finally {
        await server.close()
      }
    }))
})

describe("two processes on one database", () => {
  it("notice each other's changes within seconds", { timeout: 30_000 }, () =>
    inFolder((folder) =>
      run(
        Effect.scoped(
          Effect.gen(function* () {
            const raw = { dataDir: join(folder, "data"), organizations: [] }
            const config = yield* checkConfig(raw, {}, "the test")
            const writer = yield* Layer.build(servicesLayer(config))
            const reader = yield* Layer.build(servicesLayer(config))
            const documents = yield* Effect.provide(OrganizationDocuments, writer)
            const live = yield* Effect.provide(LiveOrganizations, reader)
            const org = OrgId.make("shared")
            const sees = (version: number | undefined) =>
              Effect.promise(() =>
                eventually(`version ${version}`, () => live.get(org)?.version === version, 10),
              )
            yield* documents.create(org, change({ id: "shared", name: "One" }))
            yield* sees(1)
            yield* documents.update(org, 1, change({ id: "shared", name: "Two" }))
            yield* sees(2)
            assert.strictEqual(live.get(org)?.live?.config.name, "Two")
            yield* documents.remove(org, 2, audit)
            yield* sees(undefined)
          }),
        ),
      ),
    ),
  )
})
