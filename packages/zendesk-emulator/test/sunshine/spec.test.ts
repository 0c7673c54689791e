import { assert, describe, it } from "@effect/vitest"
import { arr, at, eventually, str } from "../harness.ts"
import { document, lines, payloadNames, present, problems, schemaOf } from "../openapi.ts"
import { appPath, basic, connected, eventsOf, typesOf } from "./harness.ts"

const file = document("sunshine-conversations-v2-openapi-17.12.1.yaml")

/** The document's schema of each event's payload. */
const eventSchemas: Readonly<Record<string, string>> = {
  "client:add": "clientAddEvent",
  "client:remove": "clientRemoveEvent",
  "client:update": "clientUpdateEvent",
  "conversation:create": "conversationCreateEvent",
  "conversation:message": "conversationMessageEvent",
  "conversation:message:delivery:channel": "conversationMessageDeliveryChannelEvent",
  "conversation:message:delivery:failure": "conversationMessageDeliveryFailureEvent",
  "conversation:message:delivery:user": "conversationMessageDeliveryUserEvent",
  "conversation:postback": "conversationPostbackEvent",
  "conversation:read": "conversationReadEvent",
  "conversation:remove": "conversationRemoveEvent",
  "conversation:typing": "conversationTypingEvent",
  "switchboard:acceptControl": "switchboardAcceptControl",
  "switchboard:acceptControl:failure": "switchboardAcceptControlFailure",
  "switchboard:offerControl": "switchboardOfferControl",
  "switchboard:offerControl:failure": "switchboardOfferControlFailure",
  "switchboard:passControl": "switchboardPassControl",
  "switchboard:passControl:failure": "switchboardPassControlFailure",
  "switchboard:releaseControl": "switchboardReleaseControl",
  "user:merge": "userMergeEvent",
  "user:remove": "userRemoveEvent",
  "user:update": "userUpdateEvent",
}

const found = present([file])
if (!found) console.log("NOT COMPARED with the published document: it is not on this machine")

describe.skipIf(!found)("Sunshine answers, events and the published document", () => {
  it("agree on names, types and nulls", async () => {
    const { acme, hook, ours } = await connected(
      {},
      { webhook: { includeFullUser: true, includeFullSource: true } },
    )
    const spec = lines(file)
    const { customerWrites, customer, agent } = acme.emulator.sunshine
    const phone = customerWrites({ channel: "whatsapp", from: "+15550100200", name: "Dana Lee", text: "hi" })
    const id = phone.conversationId
    const control = (action: string, body: object = {}): Promise<unknown> =>
      acme.sc("POST", `/conversations/${id}/${action}`, body)
    const heard = (type: string, count = 1): Promise<void> =>
      eventually(() => typesOf(hook).filter((item) => item === type).length >= count, type)
    await acme.sc("PATCH", `/conversations/${id}`, { metadata: { a: 1 }, displayName: "d", description: "e" })
    await control("acceptControl")
    await control("offerControl", { switchboardIntegration: "opencx", metadata: { a: 1 } })
    await heard("switchboard:offerControl")
    await control("acceptControl")
    await heard("switchboard:acceptControl")
    await control("offerControl", { switchboardIntegration: "opencx" })
    await control("passControl", { switchboardIntegration: "nobody" })
    await control("passControl", { switchboardIntegration: "zd-agentWorkspace" })
    await heard("switchboard:passControl")
    agent(id, { action: "reply", body: "hello" })
    agent(id, { action: "typing" })
    customer(id, { action: "read" })
    customer(id, { action: "postback", payload: "P" })
    acme.emulator.addFault({ kind: "failDelivery", times: 1 })
    const sent = await acme.sc("POST", `/conversations/${id}/messages`, {
      author: { type: "business", displayName: "AI", subtypes: ["AI"] },
      content: { type: "text", text: "x" },
      metadata: { m: 1 },
    })
    await control("releaseControl")
    const web = customerWrites({ channel: "web", from: "b", text: "a" })
    await acme.user("member")
    customerWrites({ channel: "web", from: "b", text: "b", externalId: "member", email: "m@example.com" })
    const second = await acme.user("c1", { profile: { givenName: "A" }, metadata: { a: 1 } })
    await acme.conversation(second)
    const own = await acme.conversation(second)
    const whatsapp = str(
      (await acme.sc("GET", "/integrations?filter[types]=whatsapp")).body,
      "integrations.0.id",
    )
    const linked = await acme.sc("POST", `/users/${second}/clients`, {
      matchCriteria: { type: "whatsapp", integrationId: whatsapp, phoneNumber: "+15550100999" },
      confirmation: { type: "immediate" },
      target: { conversationId: own },
    })
    await heard("client:update")
    await acme.sc("DELETE", `/conversations/${own}`)
    const clients = await acme.sc("GET", `/users/${second}/clients`)
    await acme.sc("DELETE", `/users/${second}/clients/${str(clients.body, "clients.0.id")}`)
    const show = async (path: string, member: string): Promise<unknown> =>
      at((await acme.sc("GET", path)).body, member)
    const form = new FormData()
    form.set("source", new Blob(["x"], { type: "text/plain" }), "a.txt")
    const upload: unknown = await (
      await fetch(`${acme.emulator.url}${appPath}/attachments?access=public`, {
        method: "POST",
        headers: basic(),
        body: form,
      })
    ).json()
    const key = await acme.sc("POST", `/integrations/${ours.integrationId}/keys`, { displayName: "k" })
    const people = await acme.sc("GET", `/conversations/${id}/participants?page[size]=1`)
    const board = await show("/switchboards", "switchboards.0")
    const members = `/switchboards/${str(board, "id")}/switchboardIntegrations`
    const user = await show("/users/member", "user")
    const messages = await acme.sc("GET", `/conversations/${id}/messages`)
    const cases: ReadonlyArray<readonly [string, unknown, ReadonlyArray<string>]> = [
      ["app", await show("", "app"), ["subdomain"]],
      ["appSettings", await show("", "app.settings"), []],
      ["user", user, ["hasPaymentInfo"]],
      ["user", await show("/users/c1", "user"), ["hasPaymentInfo"]],
      ["profile", await show("/users/c1", "user.profile"), ["localeOrigin"]],
      ["identity", at(user, "identities.0"), []],
      ["conversation", await show(`/conversations/${id}`, "conversation"), []],
      ["participant", at(people.body, "participants.0"), []],
      ["message", at(sent.body, "messages.0"), []],
      ...arr(messages.body, "messages").map((message) => ["message", message, []] as const),
      ["author", at(sent.body, "messages.0.author"), []],
      ["source", at(messages.body, "messages.0.source"), []],
      ["client", at(linked.body, "client"), []],
      ["client", at(clients.body, "clients.0"), []],
      ["custom", await show(`/integrations/${ours.integrationId}`, "integration"), []],
      ["whatsapp", await show(`/integrations/${whatsapp}`, "integration"), []],
      ["web", await show("/integrations?filter[types]=web", "integrations.0"), []],
      ["webhook", await show(`/integrations/${ours.integrationId}/webhooks`, "webhooks.0"), []],
      ["switchboard", board, []],
      ["switchboardIntegration", await show(members, "switchboardIntegrations.2"), []],
      ["attachmentSchema", at(upload, "attachment"), []],
      ["apiKey", at(key.body, "key"), []],
      ["meta", at((await acme.sc("GET", "/integrations?page[size]=2")).body, "meta"), []],
      ["links", at((await acme.sc("GET", "/integrations?page[size]=2")).body, "links"), []],
      ["error", at((await acme.sc("GET", "/users/none")).body, "errors.0"), []],
    ]
    for (const [name, sample, extra] of cases) {
      const schema = schemaOf(spec, name)
      assert.isAbove(schema.size, 1, `the reader found nothing in ${name}`)
      assert.isAbove(Object.keys(Object(sample)).length, 0, `no sample of ${name}`)
      assert.deepStrictEqual(problems(schema, sample, extra, []), [], `${name} ${JSON.stringify(sample)}`)
    }
    await acme.sc("DELETE", `/users/${web.userId}`)
    await acme.sc("DELETE", "/users/member")
    await heard("user:remove")
    await eventually(() => acme.emulator.counts().pendingMessagingDeliveries === 0, "deliveries settle")
    const seen = new Set(typesOf(hook))
    assert.deepStrictEqual(
      Object.keys(eventSchemas).filter((type) => !seen.has(type)),
      [],
      "events not seen",
    )
    assert.deepStrictEqual(payloadNames(spec, "userRemoveEvent"), ["user"], "the reader reads payloads")
    for (const event of eventsOf(hook)) {
      const type = str(event, "type")
      const allowed = payloadNames(spec, eventSchemas[type] ?? "")
      assert.isAbove(allowed.length, 0, type)
      const surplus = Object.keys(Object(at(event, "payload"))).filter((name) => !allowed.includes(name))
      assert.deepStrictEqual(surplus, [], type)
      const short = at(event, "payload.conversation")
      if (short !== undefined)
        assert.deepStrictEqual(problems(schemaOf(spec, "conversationTruncated"), short, [], []), [], type)
      const said = at(event, "payload.message")
      if (type === "conversation:message") {
        assert.deepStrictEqual(
          problems(schemaOf(spec, "messageWebhook"), said, ["activity"], []),
          [],
          JSON.stringify(said),
        )
        // The document's example has names and pictures; subtypes are the reference's word.
        const known = ["displayName", "avatarUrl", "subtypes"]
        assert.deepStrictEqual(problems(schemaOf(spec, "authorWebhook"), at(said, "author"), known, []), [])
      }
    }
    await acme.emulator.close()
    await hook.close()
  })
})
