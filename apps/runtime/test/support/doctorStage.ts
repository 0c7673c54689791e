/** An emulated Zendesk that is set up, our own store, and the doctor over both: tests break one of them and look again. */
import {
  AccountId,
  ChannelId,
  ContactId,
  Contacts,
  ConversationStore,
  emptySession,
  type Entry,
  type Identity,
  type Lane,
  type OrgId,
  Session,
  SessionId,
  type Task,
  ThreadKey,
  WorkId,
} from "@opencx/core"
import {
  applySetup,
  makeSunshineClient,
  makeZendeskClient,
  sunshineAccess,
  SunshineConnection,
  ZendeskConnection,
} from "@opencx/zendesk"
import {
  type Emulator,
  type EmulatorOptions,
  make as makeEmulator,
  sampleSunshineApp,
} from "@opencx/zendesk-emulator"
import { assert } from "@effect/vitest"
import { Clock, Effect, Exit, Layer, Schema, Scope } from "effect"
import { randomUUID } from "node:crypto"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { checkConfig } from "../../src/config/load.ts"
import { OrganizationConfig } from "../../src/config/RuntimeConfig.ts"
import { type About, diagnose } from "../../src/doctor/diagnose.ts"
import type { CheckResult, Diagnosis } from "../../src/doctor/Diagnosis.ts"
import { noChoice, setupInput } from "../../src/setup/account.ts"
import { setupServices } from "../../src/setup/services.ts"
import { Front, type Instead } from "./front.ts"
import { outside } from "./run.ts"
import { oauth } from "./zendeskStage.ts"

/** What both clients take. */
type Method = "GET" | "POST" | "PATCH" | "DELETE"

type Services = Layer.Success<ReturnType<typeof setupServices>> | Layer.Success<typeof outside>

/** A session and what happened in it; the rest is what a new one has. */
export interface Told {
  readonly channel?: string
  readonly session?: Partial<typeof Session.Encoded>
  readonly bodies?: ReadonlyArray<Entry["body"]>
  /** Work that is due in an hour. */
  readonly waiting?: ReadonlyArray<Task>
  /** Work that was given up, and why. */
  readonly dead?: ReadonlyArray<{ readonly task: Task; readonly why: string }>
}

export interface DoctorStage {
  readonly emulator: Emulator
  readonly publicUrl: string
  /** What our public URL answers to webhooks, with a page; 0 hangs up. */
  readonly answer: (status: number) => void
  /** Makes the public URL a proxy before Zendesk, which answers some paths by itself; null: no longer. */
  readonly instead: (instead: Instead | null) => void
  /** Lays changes over the organization for the diagnoses from now on. */
  readonly configure: (more: object) => void
  readonly within: <A, E>(effect: Effect.Effect<A, E, Services>) => Promise<A>
  /** `laterMs`: by a clock that is so much ahead. `patienceMs`: how long Zendesk is waited for. */
  readonly look: (about?: About, laterMs?: number, patienceMs?: number) => Promise<Diagnosis>
  /** Makes or repairs everything in Zendesk. */
  readonly setUp: (choose?: ReadonlyArray<string>) => Promise<void>
  /** A call to Support as an administrator; answers with its JSON. */
  readonly support: (method: Method, path: string, body?: object) => Promise<unknown>
  readonly put: (path: string, body: object) => Promise<unknown>
  readonly sunshine: (method: Method, path: string, body?: object) => Promise<unknown>
  readonly tell: (told: Told) => Promise<Session>
  /** The contact of these addresses, made if there is none. */
  readonly contact: (identity: Identity, ...also: ReadonlyArray<Identity>) => Promise<ContactId>
  readonly close: () => Promise<void>
}

const decodeOrganization = Schema.decodeUnknownSync(OrganizationConfig)
const decodeSession = Schema.decodeUnknownSync(Session)
const decodeConnection = Schema.decodeUnknownSync(ZendeskConnection)
const decodeMessaging = Schema.decodeUnknownSync(SunshineConnection)

const { appId, keyId, secret } = sampleSunshineApp

/** A session as the engine would have left it. */
const newSession = (lane: Lane, told: Told): Session =>
  decodeSession({
    ...emptySession(lane, {
      id: SessionId.make(randomUUID()),
      contactId: ContactId.make(randomUUID()),
      state: "human",
      subject: null,
      language: null,
      at: Date.now(),
    }),
    ...told.session,
    lastSeq: told.bodies?.length ?? 0,
  })

export const tellIn = Effect.fnUntraced(function* (orgId: OrgId, told: Told) {
  const store = yield* ConversationStore
  const lane = {
    orgId,
    channel: ChannelId.make(told.channel ?? "email"),
    accountId: AccountId.make("support"),
    threadKey: ThreadKey.make(randomUUID()),
  }
  const session = newSession(lane, told)
  const entries = (told.bodies ?? []).map((body, i) => ({
    sessionId: SessionId.make(session.id),
    seq: i + 1,
    at: session.createdAt + i,
    body,
  }))
  const work = (told.dead ?? []).map(({ task }) => ({
    id: WorkId.make(randomUUID()),
    queue: "desk" as const,
    task,
    notBefore: null,
  }))
  const waiting = (told.waiting ?? []).map((task) => ({
    id: WorkId.make(randomUUID()),
    queue: "desk" as const,
    task,
    notBefore: Date.now() + 3_600_000,
  }))
  yield* store.apply({
    lane,
    eventKey: randomUUID(),
    sessionId: null,
    decide: () => ({ session, entries, work: [...work, ...waiting], address: null }),
  })
  for (const [index, { id }] of work.entries())
    yield* store.settle(id, "dead", {
      _tag: "Failed",
      explanation: told.dead?.[index]?.why ?? "",
      permanent: true,
    })
  return session
})

const clientsOf = Effect.fnUntraced(function* (organization: OrganizationConfig) {
  const connection = decodeConnection(organization.zendesk)
  const access = sunshineAccess(decodeMessaging(organization.messaging), connection)
  if (access === null) throw new Error("no address")
  return { support: yield* makeZendeskClient(connection), sunshine: yield* makeSunshineClient(access) }
})

export const setDoctorStage = async (options: EmulatorOptions = {}): Promise<DoctorStage> => {
  const dataDir = await mkdtemp(join(tmpdir(), "opencx-runtime-test-"))
  const scope = Scope.makeUnsafe()
  const start = Effect.gen(function* () {
    const emulator = yield* makeEmulator({
      timeScale: 0.01,
      searchLagMs: { tickets: 0, users: 0 },
      limits: { requestsPerMinute: Number.POSITIVE_INFINITY },
      ...options,
    })
    const raw = {
      id: "acme",
      name: "Acme",
      zendesk: { subdomain: "acme", baseUrl: emulator.url, auth: oauth },
      messaging: { appId, keyId, secret },
    }
    const front = yield* Effect.acquireRelease(
      Effect.sync(() => new Front()),
      ({ server }) => Effect.sync(() => server.close()),
    )
    front.zendesk = emulator.url
    const publicUrl = yield* Effect.promise(() => front.listen())
    const settings = { dataDir, publicUrl, organizations: [raw] }
    const config = yield* checkConfig(settings, {}, "the test")
    const services = yield* Layer.build(Layer.provideMerge(setupServices(config), outside))
    const clients = yield* Effect.provide(clientsOf(decodeOrganization(raw)), services)
    return { clients, emulator, front, publicUrl, raw, services }
  })
  const { clients, emulator, front, publicUrl, raw, services } = await Effect.runPromise(
    start.pipe(Effect.provideService(Scope.Scope, scope), Effect.provide(outside)),
  )
  const within = <A, E>(effect: Effect.Effect<A, E, Services>): Promise<A> =>
    Effect.runPromise(Effect.provide(effect, services))
  let organization = decodeOrganization(raw)
  const call =
    (client: typeof clients.support | typeof clients.sunshine) =>
    (method: Method, path: string, body?: object): Promise<unknown> => {
      const json = body === undefined ? {} : { json: JSON.stringify(body) }
      // Changes are answered with 204 here and there.
      return method === "GET" || method === "POST"
        ? within(client.json(Schema.Unknown, { method, path, ...json }))
        : within(client.request({ method, path, ...json }))
    }
  return {
    answer: (status) => {
      front.status = status
    },
    instead: (instead) => {
      front.instead = instead
    },
    publicUrl,
    emulator,
    within,
    configure: (more) => {
      organization = decodeOrganization({ ...raw, ...more })
    },
    look: (about, laterMs = 0, patienceMs) =>
      within(
        Effect.updateService(diagnose(organization, about ?? null, patienceMs), Clock.Clock, (clock) => ({
          currentTimeMillisUnsafe: () => clock.currentTimeMillisUnsafe() + laterMs,
          currentTimeMillis: Effect.map(clock.currentTimeMillis, (now) => now + laterMs),
          currentTimeNanosUnsafe: () => clock.currentTimeNanosUnsafe(),
          currentTimeNanos: clock.currentTimeNanos,
          monotonicTimeNanosUnsafe: () => clock.monotonicTimeNanosUnsafe(),
          monotonicTimeNanos: clock.monotonicTimeNanos,
          sleep: (duration) => clock.sleep(duration),
        })),
      ),
    setUp: async (choose = []) => {
      const report = await within(
        Effect.flatMap(setupInput(organization, { ...noChoice, choose }), (input) =>
          applySetup(input, { irreversible: true }),
        ),
      )
      assert.deepStrictEqual(report.failed, [])
    },
    put: (path, body) => within(clients.support.request({ method: "PUT", path, json: JSON.stringify(body) })),
    support: call(clients.support),
    sunshine: call(clients.sunshine),
    tell: (told) => within(tellIn(organization.id, told)),
    contact: (identity, ...also) =>
      within(
        Effect.flatMap(Contacts, (contacts) =>
          contacts.resolve({ orgId: organization.id, identity, also, name: null, locale: null }),
        ).pipe(Effect.map(({ id }) => id)),
      ),
    close: async () => {
      await Effect.runPromise(Scope.close(scope, Exit.void))
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** The check of this name; fails where it was not asked. */
export const checkIn = ({ checks }: Diagnosis, id: string): CheckResult => {
  const found = checks.find((one) => one.id === id)
  if (found === undefined) throw new Error(`the check ${id} was not asked`)
  return found
}

/** Expects that diagnosis with that fix. */
export const isProblem = (found: Diagnosis, id: string, problem: RegExp, fix: RegExp): CheckResult => {
  const check = checkIn(found, id)
  assert.strictEqual(check.status, "problem", `${id}: ${check.problem ?? ""}`)
  assert.match(check.problem ?? "", problem)
  assert.match(check.fix ?? "", fix)
  return check
}

export const isOk = (found: Diagnosis, ...ids: ReadonlyArray<string>): void => {
  for (const id of ids) {
    const check = checkIn(found, id)
    assert.strictEqual(check.status, "ok", `${id}: ${check.problem ?? ""} ${check.evidence.join("; ")}`)
  }
}

/** Needed checks that are no `ok`: none, where nothing is broken. */
export const troubles = ({ checks }: Diagnosis): ReadonlyArray<string> =>
  checks
    .filter(({ needed, status }) => needed && status !== "ok")
    .map(({ id, problem }) => `${id}: ${problem ?? ""}`)
