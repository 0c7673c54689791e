import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { makeSunshineClient, messagingOf } from "../../src/index.ts"
import { overHttp } from "../fake/http.ts"
import { type Reply, routes } from "../fake/ScriptedServer.ts"
import { access, appId, appPath, connection, scriptedChat } from "../fake/sunshine.ts"
import { openChatWorld } from "../fake/sunshineEmulator.ts"

const app = (multiConvoEnabled: boolean): Reply => ({
  json: { app: { id: appId, settings: { multiConvoEnabled } } },
})
const board = { switchboards: [{ id: "b1", enabled: true, defaultSwitchboardIntegrationId: "s1" }] }
const members = [
  { id: "s1", name: "opencx", integrationId: "i1", integrationType: "custom" },
  { id: "s2", name: "zd-agentWorkspace", integrationId: "i2", integrationType: "zd:agentWorkspace" },
]

const account = (more: Parameters<typeof routes>[0] = {}) =>
  scriptedChat(
    routes({
      [`GET ${appPath}`]: app(true),
      [`GET ${appPath}/switchboards`]: { json: board },
      [`GET ${appPath}/switchboards/b1/switchboardIntegrations`]: {
        json: { switchboardIntegrations: members },
      },
      [`GET ${appPath}/integrations`]: { json: { integrations: [] } },
      ...more,
    }),
  )

const warningsOf = (more: Parameters<typeof routes>[0]) =>
  Effect.gen(function* () {
    const { port } = yield* account(more)
    return (yield* port.verify).warnings.join("\n")
  })

describe("verify", () => {
  it.live("an app that is set up well has nothing to say", () =>
    Effect.gen(function* () {
      const { port, server } = yield* account()
      assert.deepStrictEqual(yield* port.verify, { appId, multiConversations: true, warnings: [] })
      assert.lengthOf(server.seen, 4)
    }).pipe(overHttp),
  )

  it.live("on a fresh account it names multi-conversations and who answers first", () =>
    Effect.gen(function* () {
      const { port } = yield* openChatWorld({ multiConversations: false })
      const { multiConversations, warnings } = yield* port.verify
      assert.isFalse(multiConversations)
      assert.lengthOf(warnings, 2)
      assert.include(warnings[0], "multi-conversations are off")
      assert.include(warnings[1], "somebody else answers first")
      assert.include(warnings[1], 'web "Web Widget" (first zd-answerBot)')
    }).pipe(overHttp),
  )

  it.live("the exact name, and the one that is spelt differently", () =>
    Effect.gen(function* () {
      const { port } = yield* openChatWorld({ integration: "OpenCX-prod" })
      const { warnings } = yield* port.verify
      assert.include(warnings.join("\n"), 'named exactly "opencx"')
      assert.include(warnings.join("\n"), 'There is "OpenCX-prod"')
      const named = yield* openChatWorld({
        integration: "acme-ai",
        connection: { integrationName: "acme-ai" },
      })
      assert.notInclude((yield* named.port.verify).warnings.join("\n"), "named exactly")
    }).pipe(overHttp),
  )

  it.live("an Integration key, a wrong secret and a wrong App ID are told apart", () =>
    Effect.gen(function* () {
      const { emulator } = yield* openChatWorld()
      const failing = (more: object) =>
        Effect.gen(function* () {
          const client = yield* makeSunshineClient({ ...access(emulator.url), ...more })
          const { port } = messagingOf(connection(emulator.url), client)
          return (yield* Effect.flip(port.verify)).message
        })
      assert.include(yield* failing({ secret: Redacted.make("wrong") }), "does not accept the key")
      assert.include(yield* failing({ appId: "0123456789abcdef01234567" }), "no app with this App ID")
      assert.include(yield* failing({ keyId: "int_1" }), "must start with app_")
      const { port } = yield* account({
        [`GET ${appPath}/switchboards`]: {
          status: 403,
          json: { errors: [{ code: "forbidden", title: "Forbidden" }] },
        },
      })
      const error = yield* Effect.flip(port.verify)
      assert.strictEqual(error.reason._tag, "PermissionDenied")
      assert.include(error.message, "App key")
    }).pipe(overHttp),
  )

  it.live("no switchboard, no Agent Workspace, a webhook without its triggers", () =>
    Effect.gen(function* () {
      const none = yield* warningsOf({ [`GET ${appPath}/switchboards`]: { json: { switchboards: [] } } })
      assert.include(none, "no switchboard that is switched on")
      const off = yield* warningsOf({
        [`GET ${appPath}/switchboards`]: { json: { switchboards: [{ id: "b1", enabled: false }] } },
      })
      assert.include(off, "no switchboard that is switched on")
      const alone = yield* warningsOf({
        [`GET ${appPath}/switchboards/b1/switchboardIntegrations`]: {
          json: { switchboardIntegrations: members.slice(0, 1) },
        },
      })
      assert.include(alone, "no chat can reach the humans")
      const integrations = [{ id: "i1", type: "custom", webhooks: [{ triggers: ["conversation:message"] }] }]
      const deaf = yield* warningsOf({ [`GET ${appPath}/integrations`]: { json: { integrations } } })
      assert.notInclude(deaf, "trigger conversation:message")
      assert.include(deaf, "lacks the trigger switchboard:passControl")
      assert.notInclude(deaf, "leaves out")
      const everything = ["conversation:message", "switchboard:passControl", "switchboard:releaseControl"]
      const webhooks = [{ triggers: everything, includeFullSource: false, includeFullUser: false }]
      const short = yield* warningsOf({
        [`GET ${appPath}/integrations`]: { json: { integrations: [{ id: "i1", type: "custom", webhooks }] } },
      })
      assert.include(short, "phone numbers are not known")
      assert.include(short, "names may not be known")
      assert.notInclude(short, "lacks the trigger")
    }).pipe(overHttp),
  )

  it.live("who answers first is read over all pages, and only where it can be read", () =>
    Effect.gen(function* () {
      const text = yield* warningsOf({
        [`GET ${appPath}/integrations`]: (seen) =>
          seen.query.get("page[after]") === null
            ? {
                json: {
                  integrations: [
                    { id: "1", type: "web", displayName: "Shop", defaultResponder: { name: "opencx" } },
                    { id: "2", type: "messenger" },
                  ],
                  meta: { hasMore: true, afterCursor: "k" },
                },
              }
            : {
                json: {
                  integrations: [{ id: "3", type: "whatsapp", defaultResponder: { name: "zd-answerBot" } }],
                },
              },
      })
      assert.include(text, "whatsapp (first zd-answerBot)")
      assert.notInclude(text, "Shop")
      assert.notInclude(text, "messenger")
    }).pipe(overHttp),
  )
})
