/** `opencx contacts erase --in-zendesk` for a customer of a live chat, whose ticket only Zendesk knows. */
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import {
  AccountId,
  ChannelId,
  ChatId,
  Contacts,
  ConversationStore,
  OrgId,
  Secrets,
  ThreadKey,
} from "@opencx/core"
import { makeSunshineClient, type SunshineClient, sunshineAccess, SunshineConnection } from "@opencx/zendesk"
import { sampleSunshineApp } from "@opencx/zendesk-emulator"
import { Effect, Schema } from "effect"
import { randomUUID } from "node:crypto"
import { loadConfig } from "../../src/config/load.ts"
import { onData } from "../../src/operate/onData.ts"
import { runHere } from "../support/inProcess.ts"
import { eventually, run } from "../support/run.ts"
import { closedSession } from "../support/sessions.ts"
import { setZendeskStage, type ZendeskStage } from "../support/zendeskStage.ts"

const orgId = OrgId.make("acme")
const needle = `needle${randomUUID().slice(0, 8)}`
const customer = `${needle}@example.com`

let stage: ZendeskStage
beforeAll(async () => {
  stage = await setZendeskStage()
}, 30_000)
afterAll(() => stage.close())

const Made = Schema.Struct({ user: Schema.Struct({ id: Schema.String }) })
const Opened = Schema.Struct({ conversation: Schema.Struct({ id: Schema.String }) })

const send = (client: SunshineClient, path: string, body: object) =>
  client.request({ method: "POST", path, json: JSON.stringify(body) })

/** A chat that the humans have, as it is in Zendesk. */
const chatInZendesk = Effect.gen(function* () {
  const { appId, keyId, secret } = sampleSunshineApp
  const connection = yield* Schema.decodeUnknownEffect(SunshineConnection)({ appId, keyId, secret })
  const access = sunshineAccess(connection, { subdomain: "acme", baseUrl: stage.emulator.url })
  if (access === null) throw new Error("the stage has messaging")
  const client = yield* makeSunshineClient(access)
  const { user } = yield* client.json(Made, {
    method: "POST",
    path: "/users",
    json: JSON.stringify({ externalId: randomUUID(), profile: { givenName: needle } }),
  })
  const { conversation } = yield* client.json(Opened, {
    method: "POST",
    path: "/conversations",
    json: JSON.stringify({
      type: "personal",
      participants: [{ userId: user.id, subscribeSDKClient: false }],
    }),
  })
  const path = `/conversations/${conversation.id}`
  yield* send(client, `${path}/messages`, {
    author: { type: "user", userId: user.id },
    content: { type: "text", text: `About ${needle}` },
  })
  yield* send(client, `${path}/passControl`, { switchboardIntegration: "zd-agentWorkspace" })
  return { conversationId: ChatId.make(conversation.id), userId: user.id }
})

/** The same chat as our store knows it: no ticket stands in it. */
const told = Effect.fnUntraced(function* (chat: Effect.Success<typeof chatInZendesk>) {
  const identity = { kind: "email", value: customer, verified: true } as const
  const contact = yield* (yield* Contacts).resolve({ orgId, identity, name: needle, locale: null })
  const lane = {
    orgId,
    channel: ChannelId.make("sms"),
    accountId: AccountId.make("texts"),
    threadKey: ThreadKey.make(randomUUID()),
  }
  const session = {
    ...closedSession(lane, { at: 1_000, contactId: contact.id }),
    chat: { ...chat, native: false, control: "humans", controlAt: null, humansHadIt: false },
  } as const
  yield* (yield* ConversationStore).apply({
    lane,
    eventKey: "made",
    sessionId: session.id,
    decide: () => ({ session, entries: [], work: [], address: null }),
  })
  return contact.id
})

const on = <A, E>(use: Parameters<typeof onData<A, E, never>>[1]) =>
  run(Effect.flatMap(loadConfig(stage.configFile, {}), (config) => onData(config, use)))

const erase = (...more: ReadonlyArray<string>) =>
  runHere([
    "contacts",
    "erase",
    customer,
    "--org",
    "acme",
    "--in-zendesk",
    ...more,
    "--config",
    stage.configFile,
  ])

const Tickets = Schema.decodeUnknownSync(
  Schema.Struct({ tickets: Schema.Array(Schema.Struct({ id: Schema.Number })) }),
)

describe("opencx contacts erase --in-zendesk", { timeout: 60_000 }, () => {
  it("names the ticket behind a chat, and ends what was cut off, after it has lost every trace of it", async () => {
    const chat = await run(chatInZendesk)
    const { id } = await eventually("the ticket", () => Tickets(stage.emulator.state(["tickets"])).tickets[0])
    const contactId = await on(told(chat))
    const asked = await erase()
    assert.strictEqual(asked.code, 1)
    for (const part of [`Zendesk ticket ${id}, behind a live chat`, chat.conversationId, "--yes"])
      assert.include(asked.err, part)
    assert.lengthOf(Tickets(stage.emulator.state(["tickets"])).tickets, 1)
    // Deleted for the time being, and no further: from here on Zendesk does not lead to it any more.
    stage.emulator.addFault({ kind: "status503", match: { method: "DELETE", path: "/deleted_tickets/" } })
    const broken = await erase("--yes")
    assert.strictEqual(broken.code, 1)
    assert.include(broken.err, "nothing was erased here")
    const kept = () => on(Effect.flatMap(Secrets, (secrets) => secrets.get("acme", `erasing/${contactId}`)))
    assert.isNotNull(await kept())
    stage.emulator.clearFaults()
    const again = await erase("--yes", "--json")
    assert.strictEqual(again.code, 0, again.err)
    const { inZendesk } = JSON.parse(again.out)
    assert.deepInclude(inZendesk, { what: "ticket", id: String(id), result: "deleted", why: null })
    assert.isNull(await kept())
    const left = JSON.stringify(stage.emulator.state(["tickets", "users", "chats", "messagingUsers"]))
    assert.notInclude(left, needle)
  })
})
