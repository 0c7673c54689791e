import type { Server } from "node:http"
import { Effect, Schema, type Scope } from "effect"
import { agentPage } from "./agent-page/page.ts"
import { agentAction, requesterReply } from "./control/agentActions.ts"
import { controlPlane } from "./control/control.ts"
import { type Counts, countsOf, stateOf, ticketState } from "./control/state.ts"
import { publicArticle } from "./help-center/publicPage.ts"
import { type Fault, Faults } from "./faults/Faults.ts"
import { cdnServer } from "./http/cdn.ts"
import { type Call, CallsLog } from "./http/CallsLog.ts"
import { Pipeline } from "./http/Server.ts"
import { type LiveAccount, liveAccount } from "./routes.ts"
import { type ScheduleHandle, scheduleHandle } from "./schedules/control.ts"
import { type SunshineHandle, sunshineHandle } from "./control/sunshineHandle.ts"
import type { DeliveryRecord } from "./webhooks/Delivery.ts"
import type { NotificationMail } from "./world/model.ts"
import { type EmulatorOptions, toSettings } from "./world/options.ts"
import type { CdnRequest } from "./world/World.ts"

/** A running account on loopback. Everything here is also in the control plane under `/__emulator`. */
export interface Emulator {
  /** Base URL, without a trailing slash; stands for `https://<subdomain>.zendesk.com`. */
  readonly url: string
  readonly port: number
  /** Origin of the attachment CDN. */
  readonly cdnUrl: string
  /** The user behind the OAuth client: author of what the connector writes. */
  readonly integrationUserId: number
  /** Milliseconds of the emulator's clock. */
  readonly now: () => number
  readonly advanceClock: (ms: number) => void
  readonly setClockSkew: (ms: number) => void
  /** API calls numbered above `since`, oldest first. */
  readonly calls: (since?: number) => ReadonlyArray<Call>
  readonly clearCalls: () => void
  readonly counts: () => Counts
  /** The picture `GET /__emulator/state` gives; `only` picks parts. */
  readonly state: (only?: ReadonlyArray<string>) => Readonly<Record<string, unknown>>
  readonly deliveries: () => ReadonlyArray<DeliveryRecord>
  readonly notifications: () => ReadonlyArray<NotificationMail>
  readonly cdnRequests: () => ReadonlyArray<CdnRequest>
  /** Arms a fault; the id is for `removeFault`. Throws a SyntaxError on a bad `match.path`. */
  readonly addFault: (fault: Fault) => number
  readonly removeFault: (id: number) => boolean
  readonly clearFaults: () => void
  /** `{action: "reply" | "note" | "solve" | …, body?, html_body?, author_id?, attachments?, status?}`. */
  readonly agent: (ticketId: number, action: object) => object
  /** The customer answers by e-mail: `{body}`. A closed ticket yields its follow-up. */
  readonly requesterReply: (ticketId: number, message: object) => object
  /** The messaging side: live chats, customers on Sunshine's channels, and how it behaves. */
  readonly sunshine: SunshineHandle
  /** Schedules of business hours, as an administrator changes them. */
  readonly schedules: ScheduleHandle
  /** Back to the seed; faults and calls are cleared too. */
  readonly reset: () => void
  /** Ends every connection, retry and held request. */
  readonly close: () => Promise<void>
}

const listen = (server: Server, port: number, host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once("error", reject)
    server.listen(port, host, () => {
      server.off("error", reject)
      const address = server.address()
      resolve(typeof address === "object" && address !== null ? address.port : port)
    })
  })

const stop = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })

class Running {
  readonly faults = new Faults()
  readonly calls: CallsLog
  account: LiveAccount
  private readonly options: EmulatorOptions
  private readonly urls: { readonly baseUrl: string; readonly cdnUrl: string }

  constructor(options: EmulatorOptions, urls: { readonly baseUrl: string; readonly cdnUrl: string }) {
    this.options = options
    this.urls = urls
    const settings = toSettings(options)
    this.calls = new CallsLog(settings.callsLogSize, settings.callsLogBytes)
    this.account = liveAccount(settings, this.faults, urls)
  }

  reset(): void {
    this.halt()
    this.faults.clear()
    this.calls.clear()
    this.account = liveAccount(toSettings(this.options), this.faults, this.urls)
  }

  halt(): void {
    this.account.world.close()
    this.account.delivery.close()
    this.account.messaging.hooks.close()
  }
}

/** Starts an account. Rejects when a port is taken or a seed is unusable. */
export const startEmulator = async (options: EmulatorOptions = {}): Promise<Emulator> => {
  const host = options.host ?? "127.0.0.1"
  let running: Running | undefined
  const current = (): Running => {
    if (running === undefined) throw new Error("the emulator is starting")
    return running
  }
  const cdn = cdnServer(() => current().account.world)
  const cdnPort = await listen(cdn, options.cdnPort ?? 0, host)
  const pipeline = new Pipeline({
    account: () => current().account,
    faults: () => current().faults,
    calls: () => current().calls,
    inside: async (request) =>
      control(request) ??
      publicArticle(current().account.world, request) ??
      (await agentPage(current().account.messaging, request)),
  })
  const control = controlPlane({
    world: () => current().account.world,
    delivery: () => current().account.delivery,
    faults: () => current().faults,
    calls: () => current().calls,
    messaging: () => current().account.messaging,
    reset: () => current().reset(),
  })
  const server = pipeline.listen()
  const port = await listen(server, options.port ?? 0, host).catch(async (error: unknown) => {
    await stop(cdn)
    throw error
  })
  const baseUrl = options.publicUrl ?? `http://${host}:${port}`
  running = new Running(options, { baseUrl, cdnUrl: options.cdnUrl ?? `http://localhost:${cdnPort}` })
  return handle(running, { url: baseUrl, port, server, cdn, pipeline })
}

const handle = (
  running: Running,
  net: {
    readonly url: string
    readonly port: number
    readonly server: Server
    readonly cdn: Server
    readonly pipeline: Pipeline
  },
): Emulator => {
  const world = () => running.account.world
  return {
    url: net.url,
    port: net.port,
    cdnUrl: world().cdnUrl,
    get integrationUserId() {
      return world().integrationUser()?.id ?? 0
    },
    now: () => world().now(),
    advanceClock: (ms) => world().advance(ms),
    setClockSkew: (ms) => world().skew(ms),
    calls: (since = 0) => running.calls.since(since),
    clearCalls: () => running.calls.clear(),
    counts: () => countsOf(world(), running.account.delivery, running.account.messaging),
    state: (only = []) => stateOf(world(), running.account.delivery, running.account.messaging, only),
    deliveries: () => running.account.delivery.log.all(),
    notifications: () => world().notifications.all(),
    cdnRequests: () => world().cdnRequests.all(),
    addFault: (fault) => running.faults.add(fault),
    removeFault: (id) => running.faults.remove(id),
    clearFaults: () => running.faults.clear(),
    agent: (ticketId, action) => ticketState(world(), agentAction(world(), ticketId, action)),
    requesterReply: (ticketId, message) => ticketState(world(), requesterReply(world(), ticketId, message)),
    sunshine: sunshineHandle(net.url, () => running.account.messaging),
    schedules: scheduleHandle(world),
    reset: () => running.reset(),
    close: async () => {
      net.pipeline.release()
      running.halt()
      await Promise.all([stop(net.server), stop(net.cdn)])
    },
  }
}

/** Why an emulator did not start. */
export class EmulatorError extends Schema.TaggedError<EmulatorError>(
  "@opencx/zendesk-emulator/EmulatorError",
)("EmulatorError", {
  hint: Schema.String,
  cause: Schema.Defect(),
}) {
  override get message(): string {
    return this.hint
  }
}

const portTaken = (cause: unknown): boolean =>
  cause instanceof Error && "code" in cause && cause.code === "EADDRINUSE"

/** The same account, closed with the scope. */
export const make = (options: EmulatorOptions = {}): Effect.Effect<Emulator, EmulatorError, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.tryPromise({
      try: () => startEmulator(options),
      catch: (cause) =>
        new EmulatorError({
          hint: portTaken(cause)
            ? `port ${options.port ?? 0} is taken; pass another port, or 0 for any free one`
            : "the emulator did not start; see the cause",
          cause,
        }),
    }),
    (emulator) => Effect.promise(() => emulator.close()),
  )
