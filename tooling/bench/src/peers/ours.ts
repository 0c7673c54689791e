/** Contestant: the runtime on SQLite, with the shared behaviour in place of its agent. A process of its own. */
import { NodeRuntime } from "@effect/platform-node"
import { CustomerText, SupportAgent, SupportAgentError, type TurnContext, Unavailable } from "@opencx/core"
import { checkConfig, demoConfig, freePort, hookUrls, noExtras, runtimeLayer } from "@opencx/runtime"
import { Context, Effect, Layer, Logger } from "effect"
import { trace } from "../channels/agent.ts"
import { answerTo } from "./behaviour.ts"
import { sayReady, setupOf, type Setup } from "./setup.ts"

const host = "127.0.0.1"

/** The sample organization with the outside world's credentials, so much of it as is used here. */
const configOf = Effect.fnUntraced(function* (setup: Setup) {
  const { dataDir, meta, twilio, zendesk } = setup
  const port = yield* freePort(host, 0)
  const [smtpPort, sinkPort] = [yield* freePort(host, 0), yield* freePort(host, 0)]
  const sample = demoConfig(
    { host, port, smtpPort, sinkPort, emulatorUrl: zendesk, dataDir },
    // Nothing is read in the background, and one customer may be answered as often as they write.
    { reconcileSeconds: 86_400, handoff: { maxAnswersPerTenMinutes: 100 } },
  )
  const accounts = [
    {
      id: "text",
      channel: "sms",
      settings: {
        provider: {
          name: "twilio",
          accountSid: twilio.accountSid,
          authToken: twilio.authToken,
          from: twilio.number,
          apiBaseUrl: twilio.url,
        },
      },
    },
    {
      id: "whatsapp",
      channel: "whatsapp",
      settings: {
        provider: "meta",
        phoneNumberId: meta.phoneNumberId,
        wabaId: meta.wabaId,
        accessToken: meta.accessToken,
        appSecret: meta.appSecret,
        verifyToken: meta.verifyToken,
        apiBaseUrl: meta.url,
      },
    },
  ]
  const organizations = sample.organizations?.map((one) => ({ ...one, accounts, sources: [] }))
  const { listeners: _mail, ...rest } = sample
  return { port, config: yield* checkConfig({ ...rest, organizations }, {}, "the contestant") }
})

const unanswered = ({ lines, unanswered: count }: TurnContext): ReadonlyArray<string> =>
  lines
    .filter(({ role }) => role === "customer")
    .slice(-count)
    .map(({ text }) => text)

const away = (cause: unknown) =>
  new SupportAgentError({
    operation: "respond",
    reason: new Unavailable({ detail: String(cause), retryAfterMs: null }),
  })

const respond = (context: TurnContext) =>
  Effect.map(Effect.tryPromise({ try: () => answerTo(unanswered(context)), catch: away }), (text) => ({
    _tag: "Answer" as const,
    text: CustomerText.make(text),
    sources: [],
    confidence: 1,
    language: "en",
    trace,
  }))

const program = Effect.gen(function* () {
  const { config, port } = yield* configOf(setupOf(process.argv[2]))
  const services = yield* Layer.build(runtimeLayer(config, noExtras))
  Object.assign(Context.get(services, SupportAgent), { respond })
  const hooks = yield* Effect.provide(hookUrls, services)
  const hook = (what: string) => hooks.find((one) => one.what === what)?.url ?? ""
  sayReady({
    sms: hook("sms account text"),
    whatsapp: hook("whatsapp account whatsapp"),
    told: `http://${host}:${port}/api/organizations/larkspoke/sessions`,
  })
  return yield* Effect.never
})

process.stdin.on("close", () => process.kill(process.pid, "SIGTERM")).resume()
NodeRuntime.runMain(program.pipe(Effect.scoped, Effect.provide(Logger.layer([]))))
