/** A whole installation whose Zendesk account has fields of its own, brands, groups, and the webhooks of assist mode. */
import {
  background,
  checkConfig,
  customersOf,
  demoConfig,
  freePort,
  hookUrls,
  makeMailSink,
  noExtras,
  type RuntimeConfigInput,
  runtimeLayer,
  sampleSeed,
  servicesLayer,
  setUpMessaging,
  setUpWebhook,
  startProviders,
} from "@opencx/runtime"
import { type EmulatorOptions, make as makeEmulator, type Seed } from "@opencx/zendesk-emulator"
import { Effect, Exit, Layer, Schema, Scope } from "effect"
import { asAdmin } from "../support/people.ts"
import { type ChatSite, learned, runWorld } from "../support/world.ts"

type OrganizationInput = RuntimeConfigInput["organizations"][number]

export interface FieldSiteOptions {
  readonly seed?: Seed
  readonly emulator?: Omit<EmulatorOptions, "port" | "host" | "seed">
  readonly organization?: Partial<OrganizationInput>
  readonly reconcileSeconds?: number
}

/** A site whose runtime can be down for a while. */
export interface FieldSite extends ChatSite {
  readonly runtime: { readonly start: () => Promise<void>; readonly stop: () => Promise<void> }
}

const host = "127.0.0.1"
const organization = "larkspoke"

const named = (hooks: ChatSite["hooks"], what: string): string =>
  hooks.find((one) => one.what === what)?.url ?? ""

/** Everything in one scope; answers when the Help Center is in. */
const start = Effect.fnUntraced(function* (options: FieldSiteOptions, dataDir: string) {
  const [port, smtpPort] = yield* Effect.all([freePort(host, 0), freePort(host, 0)])
  const emulator = yield* makeEmulator({
    subdomain: organization,
    limits: { requestsPerMinute: Number.POSITIVE_INFINITY },
    ...options.emulator,
    seed: { ...sampleSeed, ...options.seed },
  })
  const sink = yield* makeMailSink({ host, port: 0 })
  const providers = yield* startProviders(host)
  const urls = { twilio: providers.twilio.url, meta: providers.meta.url, relay: providers.relay.url }
  const configured = (webhookSecret: string | null, signingSecret?: string) => {
    const config = demoConfig(
      {
        host,
        port,
        smtpPort,
        sinkPort: sink.port,
        emulatorUrl: emulator.url,
        dataDir,
        realTime: { providers: urls, webhookSecret },
      },
      {
        reconcileSeconds: options.reconcileSeconds ?? 600,
        ...(signingSecret === undefined ? {} : { signingSecret }),
      },
    )
    const organizations = config.organizations.map((one) => ({ ...one, ...options.organization }))
    return checkConfig({ ...config, organizations }, {}, "the site")
  }
  const draft = yield* configured(null)
  const hooks = yield* Effect.scoped(
    Effect.flatMap(Layer.build(servicesLayer(draft)), (built) => Effect.provide(hookUrls, built)),
  )
  const { signingSecret } = yield* setUpWebhook(emulator.url, named(hooks, "zendesk ticketing"))
  const { webhookSecret } = yield* setUpMessaging(emulator.url, named(hooks, "zendesk messaging"))
  emulator.sunshine.configure({ conversationControl: "release" })
  const config = yield* configured(webhookSecret, signingSecret)
  const runtime = yield* switchFor(
    Effect.gen(function* () {
      const services = yield* Layer.build(runtimeLayer(config, noExtras))
      yield* Effect.forkScoped(Effect.provide(background, services))
    }),
  )
  yield* Effect.promise(runtime.start)
  return { dataDir, emulator, sink, providers, hooks, signingSecret, port, smtpPort, runtime }
})

/** Something that runs in a scope of its own, so that a test can stop it and start it again; at the end it is stopped. */
const switchFor = <E, R>(run: Effect.Effect<void, E, R | Scope.Scope>) =>
  Effect.gen(function* () {
    const runHere = Effect.runPromiseWith(yield* Effect.context<R>())
    let running: Scope.Closeable | null = null
    const stop = async (): Promise<void> => {
      const scope = running
      running = null
      if (scope !== null) await runHere(Scope.close(scope, Exit.void))
    }
    const start = async (): Promise<void> => {
      const scope = Scope.makeUnsafe()
      running = scope
      await runHere(Effect.provideService(run, Scope.Scope, scope))
    }
    yield* Effect.addFinalizer(() => Effect.promise(stop))
    return { start, stop }
  })

const Created = Schema.Struct({ webhook: Schema.Struct({ id: Schema.String }) })

/** Conditions that both triggers share, as the runtime's README has them. */
const open = [
  { field: "status", operator: "less_than", value: "solved" },
  { field: "status", operator: "is_not", value: "hold" },
  {
    field: "current_tags",
    operator: "not_includes",
    value: "opencx_autopilot opencx_handedoff opencx_skipped_topic_no_assist",
  },
]

const whenCustomersWrite = [
  ...open,
  { field: "comment_is_public", operator: "is", value: "true" },
  { field: "role", operator: "is", value: "end_user" },
]

const whenAgentsAsk = [
  ...open,
  { field: "comment_is_public", operator: "is", value: "false" },
  { field: "role", operator: "is", value: "agent" },
  { field: "comment_includes_word", operator: "includes", value: "@opencx" },
]

const body = `{ "ticket_id": "{{ticket.id}}", "author_id": "{{current_user.id}}", "status": "{{ticket.status}}" }`

/** What an administrator sets up for assist mode. */
const setUpAssist = async (site: Pick<ChatSite, "emulator" | "hooks">): Promise<void> => {
  const made = await asAdmin(site, "/api/v2/webhooks", {
    method: "POST",
    json: {
      webhook: {
        name: "OpenCX assist",
        status: "active",
        endpoint: named(site.hooks, "zendesk assist"),
        http_method: "POST",
        request_format: "json",
        subscriptions: ["conditional_ticket_events"],
      },
    },
  })
  const { webhook } = Schema.decodeUnknownSync(Created)(await made.json())
  const actions = [{ field: "notification_webhook", value: [webhook.id, body] }]
  for (const all of [whenCustomersWrite, whenAgentsAsk]) {
    const trigger = { title: `OpenCX assist ${all.length}`, conditions: { all, any: [] }, actions }
    await asAdmin(site, "/api/v2/triggers", { method: "POST", json: { trigger } })
  }
}

const Opened = Schema.Struct({ ticket: Schema.Struct({ id: Schema.Int }) })

/** The number of a ticket that was just made. */
export const openedIn = (answer: unknown): number => Schema.decodeUnknownSync(Opened)(answer).ticket.id

/** A customer opens a ticket by mail to Zendesk itself, past OpenCX. */
export const opensTicket = async (
  site: Pick<ChatSite, "emulator">,
  body: string,
  name = "Ada Lee",
): Promise<number> => {
  const email = `${name.toLowerCase().replaceAll(/\W+/g, ".")}@customer.example`
  const answer = await fetch(`${site.emulator.url}/__emulator/tickets`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ subject: "A question", body, requester: { name, email } }),
  })
  return openedIn(await answer.json())
}

const decodeTickets = Schema.decodeUnknownSync(
  Schema.Struct({
    tickets: Schema.Array(
      Schema.Struct({
        id: Schema.Int,
        custom_fields: Schema.Array(Schema.Struct({ id: Schema.Int, value: Schema.Unknown })),
      }),
    ),
  }),
)

/** Field id → value of everything that is filled. */
export const fieldsHeld = (
  site: Pick<ChatSite, "emulator">,
  ticketId: number,
): Readonly<Record<string, unknown>> => {
  const ticket = decodeTickets(site.emulator.state(["tickets"])).tickets.find(({ id }) => id === ticketId)
  return Object.fromEntries(
    (ticket?.custom_fields ?? []).flatMap(({ id, value }) =>
      value === null || value === "" || value === false || (Array.isArray(value) && value.length === 0)
        ? []
        : [[String(id), value]],
    ),
  )
}

/** Starts it; `close` ends everything. */
export const startFieldSite = async (options: FieldSiteOptions = {}): Promise<FieldSite> => {
  const { close, logs, value } = await runWorld({}, (dataDir) => start(options, dataDir))
  const { dataDir, emulator, hooks, port, providers, runtime, sink, signingSecret, smtpPort } = value
  try {
    await setUpAssist({ emulator, hooks })
    await learned(logs, organization)
  } catch (error) {
    await close()
    throw error
  }
  return {
    organization,
    runtimeUrl: `http://${host}:${port}`,
    smtpPort,
    supportAddress: "support@larkspoke.example",
    hook: named(hooks, "zendesk ticketing"),
    messagingHook: named(hooks, "zendesk messaging"),
    hooks,
    signingSecret,
    emulator,
    sink,
    dataDir,
    realTime: { providers, people: customersOf(providers, hooks) },
    logs,
    close,
    runtime,
  }
}
