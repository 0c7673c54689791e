/**
 * The organizations that run. Those of the file are built at the start. Those of the database are built whenever their
 * version changes, whoever changed it and in whichever process: the new one first, then it takes the old one's place, and the
 * old one is closed when nobody can be at work in it any more. One that cannot be built leaves the old one running.
 */
import { Organizations, type OrgId, UnknownOrganization } from "@opencx/core"
import { OrganizationDocuments } from "@opencx/storage"
import { Clock, Context, Effect, Exit, Fiber, Layer, Schedule, Scope, Semaphore } from "effect"
import { filePath } from "../http/files.ts"
import { MessagingAccounts } from "../layers/MessagingAccounts.ts"
import { Settings } from "../layers/Settings.ts"
import { Signing } from "../layers/Signing.ts"
import { ZendeskAccounts } from "../layers/ZendeskAccounts.ts"
import { forgetSource } from "../sync/forgetSource.ts"
import { Watchers } from "../sync/Watchers.ts"
import { buildLive, type LiveOrganization } from "./build.ts"
import { fromDocument, type ManagedBy } from "./configured.ts"

/** Why the newest version does not run. */
export interface Trouble {
  readonly version: number
  readonly problem: string
  readonly hint: string
  /** Epoch milliseconds. */
  readonly since: number
}

export interface Standing {
  readonly orgId: OrgId
  readonly managedBy: ManagedBy
  /** Of what runs; null: nothing runs. */
  readonly version: number | null
  readonly trouble: Trouble | null
  readonly live: LiveOrganization | null
}

/** How often the database is asked for new versions: so long it takes until other processes notice. */
const lookEvery = "2 seconds"

/** Longer than any piece of work: a turn of the AI is given up after a minute, a handoff's steps within a few. */
const closeOldAfter = "10 minutes"

export class LiveOrganizations extends Context.Service<
  LiveOrganizations,
  {
    /** All that are configured, running or not. */
    all(): ReadonlyArray<Standing>
    get(orgId: OrgId): Standing | null
    /** Configured, but not running: what comes for it must come again, and not be turned away. */
    isDown(orgId: OrgId): boolean
    /** Looks for new versions now. Answers when they run, or are known not to. */
    readonly refresh: Effect.Effect<void>
    /** Is run after every change, one after the other; for as long as the scope is open. */
    readonly onChange: (listener: Effect.Effect<void>) => Effect.Effect<void, never, Scope.Scope>
    /** Closes what is not needed any more, when nobody can be at work in it: after `whileInUse`, and a good while. */
    readonly retire: (scope: Scope.Closeable, whileInUse?: Effect.Effect<void>) => Effect.Effect<void>
    readonly watchers: Watchers
  }
>()("@opencx/runtime/organizations/LiveOrganizations") {}

/** What building needs, and clearing away after it. */
type Needs =
  | Effect.Services<ReturnType<typeof buildLive>>
  | Effect.Services<ReturnType<typeof fromDocument>>
  | Effect.Services<ReturnType<typeof forgetSource>>

/** The organizations by id, and how one of them gets its newest version. */
const makeSlots = Effect.gen(function* () {
  const context = yield* Effect.context<Needs>()
  const parent = yield* Effect.scope
  const documents = yield* OrganizationDocuments
  const watchers = new Watchers()
  const slots = new Map<OrgId, Standing>()

  const retire = (scope: Scope.Closeable, whileInUse: Effect.Effect<void> = Effect.void) =>
    whileInUse.pipe(
      Effect.andThen(Effect.delay(Scope.close(scope, Exit.void), closeOldAfter)),
      Effect.forkIn(parent),
      Effect.asVoid,
    )

  const put = Effect.fnUntraced(function* (next: Standing) {
    const before = slots.get(next.orgId)
    slots.set(next.orgId, next)
    if (!before?.live || before.live === next.live) return
    yield* retire(before.live.scope)
    const stay = new Set(next.live?.config.sources.map(({ id }) => id))
    for (const { id } of before.live.config.sources)
      if (!stay.has(id)) yield* Effect.forkIn(Effect.provide(forgetSource(next.orgId, id), context), parent)
  })

  const fail = (orgId: OrgId, version: number, problem: string, hint: string) =>
    Effect.gen(function* () {
      const before = slots.get(orgId)
      const trouble = { version, problem, hint, since: yield* Clock.currentTimeMillis }
      const runs = before?.live ? `version ${before.version} runs on` : "nothing of it runs"
      yield* Effect.logError(`Version ${version} of organization "${orgId}" cannot run; ${runs}`, problem)
      slots.set(orgId, {
        orgId,
        managedBy: "api",
        version: before?.version ?? null,
        live: before?.live ?? null,
        trouble,
      })
    })

  const renew = Effect.fn("LiveOrganizations.renew")(function* (orgId: OrgId, version: number) {
    const document = yield* documents.get(orgId)
    if (document === null) return
    yield* fromDocument(document).pipe(
      Effect.flatMap(({ config }) => buildLive(watchers, config, parent)),
      Effect.provide(context),
      Effect.flatMap((live) =>
        put({ orgId, managedBy: "api", version: document.version, live, trouble: null }),
      ),
      Effect.catchTag("ConfigurationError", ({ hint, problem }) => fail(orgId, version, problem, hint)),
      // A plugin that throws must not keep the others from their new versions.
      Effect.catchDefect((defect) =>
        fail(orgId, version, `It could not be built: ${String(defect)}`, "The log says where."),
      ),
    )
  })

  const remove = Effect.fnUntraced(function* (orgId: OrgId) {
    const before = slots.get(orgId)
    slots.delete(orgId)
    if (before?.live) yield* retire(before.live.scope)
  })

  const fromFile = Effect.gen(function* () {
    for (const config of (yield* Settings).config.organizations) {
      const live = yield* Effect.provide(buildLive(watchers, config, parent), context)
      yield* put({ orgId: config.id, managedBy: "file", version: 0, live, trouble: null })
    }
  })

  return { slots, watchers, renew, remove, retire, fromFile, versions: documents.versions }
})

type Slots = Effect.Success<typeof makeSlots>

/** Whether there is a version that was neither built nor found to be unusable. */
const isNews = (standing: Standing | undefined, version: number): boolean =>
  standing === undefined || (standing.version !== version && standing.trouble?.version !== version)

const makeRefresh = (
  { remove, renew, slots, versions }: Slots,
  told: Effect.Effect<void>,
  scope: Scope.Scope,
) => {
  const pass = Effect.gen(function* () {
    const wanted = yield* versions
    let hasChanged = false
    for (const [orgId, version] of wanted) {
      const standing = slots.get(orgId)
      if (standing?.managedBy === "file" || !isNews(standing, version)) continue
      yield* renew(orgId, version)
      hasChanged = true
    }
    for (const { managedBy, orgId } of slots.values()) {
      if (managedBy === "file" || wanted.has(orgId)) continue
      yield* remove(orgId)
      hasChanged = true
    }
    if (hasChanged) yield* told
  })
  const first = Semaphore.makeUnsafe(1).withPermits(1)(pass)
  const later = Effect.catchCause(first, (cause) =>
    Effect.logWarning("New settings could not be looked for", cause),
  )
  // Not in the fiber of who asks: a request that is given up must not leave a change half told.
  return { first, refresh: Effect.flatMap(Effect.forkIn(later, scope), Fiber.join) }
}

const makeLive = Effect.gen(function* () {
  const parts = yield* makeSlots
  const { retire, slots, watchers } = parts
  const listeners = new Set<Effect.Effect<void>>()
  const told = Effect.suspend(() => Effect.forEach([...listeners], (one) => one, { discard: true }))
  const { first, refresh } = makeRefresh(parts, told, yield* Effect.scope)
  yield* parts.fromFile
  // A start that does not know its organizations would turn their webhooks away.
  yield* first
  yield* Effect.forkScoped(Effect.repeat(refresh, Schedule.spaced(lookEvery)))
  return LiveOrganizations.of({
    all: () => [...slots.values()],
    get: (orgId) => slots.get(orgId) ?? null,
    isDown: (orgId) => slots.get(orgId)?.live === null,
    refresh,
    retire,
    watchers,
    onChange: (listener) =>
      Effect.asVoid(
        Effect.acquireRelease(
          Effect.sync(() => void listeners.add(listener)),
          () => Effect.sync(() => void listeners.delete(listener)),
        ),
      ),
  })
})

/** A service of many organizations as it is at the moment of asking. */
const view = <A>(live: LiveOrganizations["Service"], pick: (one: LiveOrganization) => A | null) => ({
  get: (orgId: OrgId): A | null => {
    const found = live.get(orgId)?.live
    return found ? pick(found) : null
  },
  get all(): ReadonlyMap<OrgId, A> {
    const found = live.all().flatMap(({ live: one, orgId }) => {
      const picked = one === null ? null : pick(one)
      return picked === null ? [] : [[orgId, picked] as const]
    })
    return new Map(found)
  },
})

const makeOrganizations = Effect.fnUntraced(function* (live: LiveOrganizations["Service"]) {
  const { publicUrl } = yield* Settings
  const { urls } = yield* Signing
  const clock = yield* Clock.Clock
  const found = view(live, ({ organization }) => organization)
  return Organizations.of({
    publicUrl,
    fileUrl: (orgId, file) => publicUrl + filePath(urls, orgId, file, clock.currentTimeMillisUnsafe()),
    all: Effect.sync(() => [...found.all.values()]),
    get: (orgId) =>
      Effect.suspend(() => {
        const one = found.get(orgId)
        return one === null
          ? Effect.fail(new UnknownOrganization({ orgId, isDown: live.isDown(orgId) }))
          : Effect.succeed(one)
      }),
  })
})

/** All four at once: they are views of the same organizations. */
export const layer = Layer.effectContext(
  Effect.gen(function* () {
    const live = yield* makeLive
    return Context.make(LiveOrganizations, live).pipe(
      Context.add(Organizations, yield* makeOrganizations(live)),
      Context.add(
        ZendeskAccounts,
        view(live, ({ zendesk }) => zendesk),
      ),
      Context.add(
        MessagingAccounts,
        view(live, ({ messaging }) => messaging),
      ),
    )
  }),
)
