/** The whole world of the demonstration, the tour and the end-to-end tests: Zendesk, mail server, runtime. */
import { type Emulator, type EmulatorOptions, make as makeEmulator } from "@opencx/zendesk-emulator"
import { Effect, FileSystem, Layer, Option, Path } from "effect"
import type * as Context from "effect/Context"
import { ConfigurationError } from "../config/ConfigError.ts"
import { checkConfig } from "../config/load.ts"
import { DatabaseLive } from "../layers/Database.ts"
import { type HookUrl, hookUrls } from "../layers/HookUrls.ts"
import { Listeners } from "../layers/Listeners.ts"
import { Settings } from "../layers/Settings.ts"
import { Signing } from "../layers/Signing.ts"
import { Sync } from "../layers/Sync.ts"
import { runtimeLayer } from "../Runtime.ts"
import { type DemoAddresses, demoConfig, type DemoTuning, supportAddress } from "./config.ts"
import { type Customers, customersOf } from "./customers.ts"
import { demoExtras } from "./pages.ts"
import { makeMailSink, type MailSink } from "./MailSink.ts"
import { shopSchedule, ticketFields } from "./helping.ts"
import { type ModelServer, startModelServer } from "./ModelServer.ts"
import { freePort, wantedPort } from "./ports.ts"
import { type Providers, startProviders } from "./providers.ts"
import { sampleSeed, setUpAssist, setUpWebhook } from "./sampleAccount.ts"
import { setUpMessaging } from "./sampleMessaging.ts"

export interface WorldOptions {
  readonly host?: string
  /** Ports that were asked for; where absent the usual one is taken, or a free one. */
  readonly ports?: {
    readonly http?: number
    readonly emulator?: number
    readonly smtp?: number
    readonly sink?: number
  }
  /** The demonstration's data go to `<dataDir>/demo`, which is emptied first: Zendesk starts anew too. */
  readonly dataDir: string
  readonly emulator?: Omit<EmulatorOptions, "port" | "host" | "seed">
  readonly tuning?: DemoTuning
  /** With AI fields, drafts for agents, and a second shop whose customers a language model answers. */
  readonly isWhole?: boolean
}

/** Where everything is, as `opencx demo --json` prints it. */
export interface WorldUrls {
  readonly runtime: string
  readonly sessions: string
  readonly emulator: string
  readonly agent: string
  /** The emulated Agent Workspace. */
  readonly chats: string
  readonly mails: string
  /** The same mails as JSON, oldest first. */
  readonly mailsJson: string
  /** Sessions and dead letters as JSON. */
  readonly api: string
  /** The emulator's control plane: `/calls`, `/faults`, `/state`, … */
  readonly emulatorControl: string
  readonly smtp: string
  readonly sink: string
  readonly supportAddress: string
  readonly zendeskWebhook: string
  readonly messagingWebhook: string
  /** Customers' phones: texts, WhatsApp, calls. */
  readonly phones: string
  /** A page of the shop with the chat widget on it. */
  readonly shop: string
  /** The same for programs: POST `/sms`, `/whatsapp`, `/calls`, …, GET what customers got. */
  readonly customers: string
  readonly organization: string
  readonly dataDir: string
}

export interface World {
  readonly urls: WorldUrls
  readonly emulator: Emulator
  readonly sink: MailSink
  readonly providers: Providers
  readonly people: Customers
  /** Only in a whole world. */
  readonly model: ModelServer | null
  readonly services: Context.Context<Layer.Success<ReturnType<typeof runtimeLayer>>>
}

const choose = (host: string, asked: number | undefined, usual: number, flag: string) =>
  asked === undefined ? freePort(host, usual) : wantedPort(host, asked, flag)

/** What a demonstration leaves behind: the database, and the key unless it came from the environment. */
const ownFiles = new Set(["opencx.db", "master.key"])

const emptyDir = Effect.fnUntraced(function* (dataDir: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const dir = path.resolve(dataDir, "demo")
  const found = yield* Effect.option(fs.readDirectory(dir))
  const exists = yield* Effect.orElseSucceed(fs.exists(dir), () => true)
  const ours = Option.match(found, {
    onNone: () => !exists,
    onSome: (names) => names.length === 0 || names.some((name) => ownFiles.has(name)),
  })
  // Somebody's own folder or file may have this name: only what a demonstration has made is removed.
  if (!ours) {
    return yield* new ConfigurationError({
      problem: `${dir} is there, and no demonstration has made it.`,
      hint: "Choose another place with --data-dir; the demonstration empties the folder `demo` in it.",
    })
  }
  yield* fs.remove(dir, { recursive: true, force: true })
  yield* fs.makeDirectory(dir, { recursive: true, mode: 0o700 })
  return dir
})

/** The signed webhook URLs, before the runtime runs: the same that it will answer to. */
const hooksOf = (config: Parameters<typeof Settings.layer>[0]) =>
  Effect.scoped(
    Effect.gen(function* () {
      const signing = Signing.layer.pipe(
        Layer.provideMerge(DatabaseLive),
        Layer.provideMerge(Settings.layer(config)),
      )
      const built = yield* Layer.build(signing)
      return yield* Effect.provide(hookUrls, built)
    }),
  )

const hookNamed = (urls: ReadonlyArray<HookUrl>, what: string): string =>
  urls.find((u) => u.what === what)?.url ?? ""

/** Configured twice: the webhook URLs must be known in Zendesk before its secrets can be known here. */
const configure = Effect.fnUntraced(function* (
  places: Omit<DemoAddresses, "realTime" | "help">,
  { emulator, model, providers }: Pick<World, "emulator" | "model" | "providers">,
  tuning: DemoTuning,
) {
  const urls = { twilio: providers.twilio.url, meta: providers.meta.url, relay: providers.relay.url }
  const written = (secrets: {
    readonly signingSecret?: string
    readonly webhookSecret: string | null
    readonly assistSecret: string | null
  }) => {
    const { assistSecret, webhookSecret, ...signing } = secrets
    const help = model === null ? {} : { help: { modelUrl: model.url, signingSecret: assistSecret } }
    const addresses = { ...places, realTime: { providers: urls, webhookSecret }, ...help }
    return checkConfig(demoConfig(addresses, { ...tuning, ...signing }), {}, "the demonstration")
  }
  const hooks = yield* hooksOf(yield* written({ webhookSecret: null, assistSecret: null }))
  const { signingSecret } = yield* setUpWebhook(emulator.url, hookNamed(hooks, "zendesk ticketing"))
  const { webhookSecret } = yield* setUpMessaging(emulator.url, hookNamed(hooks, "zendesk messaging"))
  emulator.sunshine.configure({ conversationControl: "release" })
  const assist = model === null ? null : yield* setUpAssist(emulator.url, hookNamed(hooks, "zendesk assist"))
  const assistSecret = assist?.signingSecret ?? null
  return { config: yield* written({ signingSecret, webhookSecret, assistSecret }), hooks }
})

/** Starts everything; it stops with its scope. Ready when this returns: the Help Center is synced. */
export const startWorld = Effect.fn("startWorld")(function* (options: WorldOptions) {
  const host = options.host ?? "127.0.0.1"
  const port = yield* choose(host, options.ports?.http, 3000, "--port")
  const smtpPort = yield* choose(host, options.ports?.smtp, 2525, "--smtp-port")
  const sinkPort = yield* choose(host, options.ports?.sink, 2526, "--sink-port")
  const emulatorPort = yield* choose(host, options.ports?.emulator, 3001, "--emulator-port")
  const emulator = yield* makeEmulator({
    ...options.emulator,
    port: emulatorPort,
    host,
    subdomain: "larkspoke",
    seed: options.isWhole === true ? { ...sampleSeed, ticketFields, schedules: [shopSchedule] } : sampleSeed,
  })
  const model = options.isWhole === true ? yield* startModelServer(host) : null
  const sink = yield* makeMailSink({ host, port: sinkPort })
  const dataDir = yield* emptyDir(options.dataDir)

  const providers = yield* startProviders(host)
  const places = { host, port, smtpPort, sinkPort: sink.port, emulatorUrl: emulator.url, dataDir }
  const { config, hooks } = yield* configure(places, { emulator, model, providers }, options.tuning ?? {})
  const people = customersOf(providers, hooks)

  const services = yield* Layer.build(
    runtimeLayer(config, demoExtras({ sink, people, emulatorUrl: emulator.url })),
  )
  yield* Effect.provide(syncAll, services)
  const listening = yield* Effect.provide(Listeners, services)
  const runtime = `http://${host}:${port}`
  const urls: WorldUrls = {
    runtime,
    sessions: `${runtime}/sessions`,
    emulator: emulator.url,
    agent: `${emulator.url}/agent`,
    chats: `${emulator.url}/agent/chats`,
    mails: `${runtime}/demo/mails`,
    mailsJson: `${runtime}/demo/mails.json`,
    api: `${runtime}/api`,
    emulatorControl: `${emulator.url}/__emulator`,
    smtp: listening["smtp"] ?? `${host}:${smtpPort}`,
    sink: `${host}:${sink.port}`,
    supportAddress,
    zendeskWebhook: hookNamed(hooks, "zendesk ticketing"),
    messagingWebhook: hookNamed(hooks, "zendesk messaging"),
    phones: `${runtime}/demo/phones`,
    shop: `${runtime}/demo/shop`,
    customers: `${runtime}/demo/customers`,
    organization: "larkspoke",
    dataDir,
  }
  return { urls, emulator, sink, providers, people, model, services } satisfies World
})

const syncAll = Effect.gen(function* () {
  const sync = yield* Sync
  yield* Effect.forEach(sync.sources, (source) => sync.run(source), { discard: true })
})
