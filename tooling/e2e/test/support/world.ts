/** Whole installations in this process: emulated Zendesk, customers' mailboxes and the runtime, on real sockets. */
import { NodeServices } from "@effect/platform-node"
import { RetryPolicy, type RetryPolicyValues } from "@opencx/core"
import {
  background,
  checkConfig,
  type Customers,
  demoConfig,
  type DemoTuning,
  freePort,
  type HookUrl,
  hookUrls,
  type MailSink,
  makeMailSink,
  noExtras,
  type Providers,
  type RuntimeConfigInput,
  runtimeLayer,
  sampleSeed,
  servicesLayer,
  setUpWebhook,
  startWorld,
} from "@opencx/runtime"
import {
  type Emulator,
  type EmulatorOptions,
  make as makeEmulator,
  type Seed,
} from "@opencx/zendesk-emulator"
import { Effect, Exit, type FileSystem, Layer, Logger, type Path, References, Scope } from "effect"
import { FetchHttpClient, type HttpClient } from "effect/http"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { eventually } from "./customers.ts"

/** A site with live chat and every real-time channel. */
export interface ChatSite extends Site {
  readonly realTime: { readonly providers: Providers; readonly people: Customers }
  /** The organization's signed webhook URL for Zendesk Messaging. */
  readonly messagingHook: string
  /** Where the embedded database is. */
  readonly dataDir: string
  /** Every signed webhook URL of the organization. */
  readonly hooks: ReadonlyArray<HookUrl>
}

/** One organization as its customers and its agents see it. */
export interface Site {
  readonly organization: string
  readonly runtimeUrl: string
  readonly smtpPort: number
  readonly supportAddress: string
  /** The organization's signed webhook URL for Zendesk. */
  readonly hook: string
  /** With which Zendesk signs what it sends there. */
  readonly signingSecret: string
  readonly emulator: Emulator
  readonly sink: MailSink
  /** Every line that the runtime logged, before anything is cut out of it. */
  readonly logs: ReadonlyArray<string>
  readonly close: () => Promise<void>
}

/** Retries as in production, only faster. */
const quick: RetryPolicyValues = {
  tries: 6,
  withinMs: 60_000,
  baseMs: 50,
  maxMs: 500,
  storeMs: 50,
  confirmMs: 3000,
  lookMs: 200,
}

const host = "127.0.0.1"

type Outside = Scope.Scope | FileSystem.FileSystem | Path.Path | HttpClient.HttpClient

interface Running<A> {
  readonly value: A
  readonly logs: ReadonlyArray<string>
  readonly close: () => Promise<void>
}

/** Runs `start` in a scope of its own, with a data folder of its own; `close` ends both. */
export const runWorld = async <A, E>(
  retry: Partial<RetryPolicyValues>,
  start: (dataDir: string) => Effect.Effect<A, E, Outside>,
): Promise<Running<A>> => {
  const logs: Array<string> = []
  const collecting = Layer.mergeAll(
    Logger.layer([Logger.map(Logger.formatLogFmt, (line) => void logs.push(line))]),
    Layer.succeed(References.MinimumLogLevel, "Debug"),
  )
  const dataDir = await mkdtemp(join(tmpdir(), "opencx-e2e-"))
  const scope = Scope.makeUnsafe()
  const close = async () => {
    await Effect.runPromise(Scope.close(scope, Exit.void))
    await rm(dataDir, { recursive: true, force: true })
  }
  const starting = start(dataDir).pipe(
    Effect.provideService(Scope.Scope, scope),
    Effect.provideService(RetryPolicy, { ...quick, ...retry }),
    Effect.provide(Layer.mergeAll(NodeServices.layer, FetchHttpClient.layer, collecting)),
  )
  try {
    return { value: await Effect.runPromise(starting), logs, close }
  } catch (error) {
    await close()
    throw error
  }
}

export interface SiteOptions {
  readonly tuning?: DemoTuning
  readonly emulator?: Omit<EmulatorOptions, "port" | "host" | "seed">
  readonly retry?: Partial<RetryPolicyValues>
}

/** The emulator's default limits are for one customer a minute; tests are quicker. */
const unlimited = { limits: { requestsPerMinute: Number.POSITIVE_INFINITY } }

const secretOf = (emulator: Emulator): string => {
  const state: unknown = emulator.state(["webhooks"])["webhooks"]
  const [hook] = Array.isArray(state) ? state : []
  return String(hook?.secret ?? "")
}

/** What nobody has read yet cannot be answered: the first question would go to a human. */
export const learned = (logs: ReadonlyArray<string>, id: string) =>
  eventually(
    `the Help Center of ${id}`,
    () => logs.some((line) => line.includes("Synced ") && line.includes(` of ${id} (`)),
    20,
  )

/** The demonstration's world: one organization, everything as `opencx demo` starts it. */
export const startSite = async (options: SiteOptions = {}): Promise<ChatSite> => {
  const { close, logs, value } = await runWorld(options.retry ?? {}, (dataDir) =>
    Effect.gen(function* () {
      const world = yield* startWorld({
        dataDir,
        ports: { http: 0, emulator: 0, smtp: 0, sink: 0 },
        emulator: { ...unlimited, ...options.emulator },
        tuning: { reconcileSeconds: 600, ...options.tuning },
      })
      yield* Effect.forkScoped(Effect.provide(background, world.services))
      return { ...world, hooks: yield* Effect.provide(hookUrls, world.services) }
    }),
  )
  const { emulator, hooks, people, providers, sink, urls } = value
  await learned(logs, urls.organization)
  return {
    realTime: { providers, people },
    messagingHook: urls.messagingWebhook,
    dataDir: urls.dataDir,
    hooks,
    organization: urls.organization,
    runtimeUrl: urls.runtime,
    smtpPort: Number(urls.smtp.split(":")[1]),
    supportAddress: urls.supportAddress,
    hook: urls.zendeskWebhook,
    signingSecret: secretOf(emulator),
    emulator,
    sink,
    logs,
    close,
  }
}

type OrganizationInput = RuntimeConfigInput["organizations"][number]

export interface InstallationOptions {
  /** Ids of the organizations; each gets a Zendesk account and mailboxes of its own. */
  readonly organizations: ReadonlyArray<string>
  readonly retry?: Partial<RetryPolicyValues>
  /** What Zendesk holds at the start, by organization; the sample account where none is named. */
  readonly seeds?: Readonly<Record<string, Seed>>
  /** Last changes to the whole configuration, and to each organization. */
  readonly change?: (config: RuntimeConfigInput) => RuntimeConfigInput
  readonly changeOrganization?: (organization: OrganizationInput) => OrganizationInput
}

interface Tenant {
  readonly id: string
  readonly emulator: Emulator
  readonly sink: MailSink
}

const supportAddressOf = (id: string): string => `support@${id}.example`

const startTenant = Effect.fnUntraced(function* (id: string, seed: Seed) {
  const emulator = yield* makeEmulator({ ...unlimited, subdomain: id, seed })
  const sink = yield* makeMailSink({ host, port: 0 })
  return { id, emulator, sink } satisfies Tenant
})

/** The sample configuration, once per tenant. */
const configOf = (
  at: { readonly port: number; readonly smtpPort: number; readonly dataDir: string },
  tenants: ReadonlyArray<Tenant>,
  secrets: ReadonlyMap<string, string>,
  options: InstallationOptions,
): RuntimeConfigInput => {
  const sampleOf = ({ emulator, id, sink }: Tenant): RuntimeConfigInput => {
    const signingSecret = secrets.get(id)
    const addresses = { ...at, host, sinkPort: sink.port, emulatorUrl: emulator.url }
    const sample = demoConfig(addresses, {
      reconcileSeconds: 600,
      ...(signingSecret === undefined ? {} : { signingSecret }),
    })
    // Ids and addresses are the sample's own but for the organization's name in them.
    const text = JSON.stringify(sample.organizations).replaceAll("larkspoke.example", `${id}.example`)
    const parsed: ReadonlyArray<OrganizationInput> = JSON.parse(text)
    const organizations = parsed.map((one) => ({ ...one, id, name: `Shop ${id}` }))
    return { ...sample, organizations: organizations.map(options.changeOrganization ?? ((one) => one)) }
  }
  const samples = tenants.map(sampleOf)
  const [first] = samples
  if (first === undefined) throw new Error("an installation needs an organization")
  const config = { ...first, organizations: samples.flatMap((sample) => sample.organizations) }
  return options.change === undefined ? config : options.change(config)
}

const install = (options: InstallationOptions) =>
  Effect.fnUntraced(function* (dataDir: string) {
    const tenants = yield* Effect.forEach(options.organizations, (id) =>
      startTenant(id, options.seeds?.[id] ?? sampleSeed),
    )
    const at = { dataDir, port: yield* freePort(host, 0), smtpPort: yield* freePort(host, 0) }
    const draft = yield* checkConfig(configOf(at, tenants, new Map(), options), {}, "the draft")
    const hooks = yield* Effect.scoped(
      Effect.flatMap(Layer.build(servicesLayer(draft)), (built) => Effect.provide(hookUrls, built)),
    )
    const hookOf = (id: string) =>
      hooks.find((one) => one.organization === id && one.what === "zendesk ticketing")?.url ?? ""
    const secrets = new Map<string, string>()
    for (const { emulator, id } of tenants) {
      secrets.set(id, (yield* setUpWebhook(emulator.url, hookOf(id))).signingSecret)
    }
    const config = yield* checkConfig(configOf(at, tenants, secrets, options), {}, "the installation")
    const services = yield* Layer.build(runtimeLayer(config, noExtras))
    yield* Effect.forkScoped(Effect.provide(background, services))
    return tenants.map(({ emulator, id, sink }) => ({
      organization: id,
      runtimeUrl: `http://${host}:${at.port}`,
      smtpPort: at.smtpPort,
      supportAddress: supportAddressOf(id),
      hook: hookOf(id),
      hooks: hooks.filter(({ organization }) => organization === id),
      signingSecret: secrets.get(id) ?? "",
      dataDir,
      emulator,
      sink,
    }))
  })

/** A site, every signed webhook URL of its organization, and where the database is. */
export type InstalledSite = Site & Pick<ChatSite, "hooks" | "dataDir">

/** One runtime with several organizations, each with a Zendesk account of its own. `close` of any of them ends all. */
export const startInstallation = async (
  options: InstallationOptions,
): Promise<ReadonlyArray<InstalledSite>> => {
  const { close, logs, value } = await runWorld(options.retry ?? {}, install(options))
  const sites = value.map((site) => ({ ...site, logs, close }))
  for (const id of options.organizations) await learned(logs, id)
  return sites
}
