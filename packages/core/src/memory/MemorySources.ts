/** What a source listed and when it was synced, in memory. */
import { Effect } from "effect"
import type { OrgId } from "../domain/Ids.ts"
import type {
  ListedItem,
  ShelfCount,
  SourceListing,
  SourceRuns,
  SourceRunStatus,
  UnseenItem,
} from "../ports/Knowledge.ts"

interface Seen extends ListedItem {
  readonly run: number
}

/** What the store of articles can tell. */
interface StoredArticles {
  readonly isStored: (orgId: OrgId, sourceId: string) => (key: string) => boolean
  readonly storedKeys: (orgId: OrgId, sourceId: string) => ReadonlyArray<string>
}

/** A map per organization and source. */
const perSource = <A>(make: () => A) => {
  const all = new Map<string, A>()
  return (orgId: OrgId, sourceId: string): A => {
    const place = `${orgId.length}:${orgId}${sourceId}`
    const found = all.get(place) ?? make()
    all.set(place, found)
    return found
  }
}

export const sourceListingMemory = (stored: StoredArticles): SourceListing => {
  const of = perSource(() => new Map<string, Seen>())
  return {
    items: (orgId, sourceId, keys) =>
      Effect.sync(() => {
        const items = of(orgId, sourceId)
        const found = new Map<string, ListedItem>()
        for (const key of keys) {
          const seen = items.get(key)
          if (seen !== undefined) found.set(key, itemOf(seen))
        }
        return found
      }),
    see: (orgId, sourceId, run, listed) =>
      Effect.sync(() => {
        const items = of(orgId, sourceId)
        for (const item of listed) items.set(item.key, { ...item, run })
      }),
    forget: (orgId, sourceId, keys) =>
      Effect.sync(() => {
        for (const key of keys) of(orgId, sourceId).delete(key)
      }),
    unseen: (orgId, sourceId, run, shelf) =>
      Effect.sync(() => {
        const items = of(orgId, sourceId)
        const isStored = stored.isStored(orgId, sourceId)
        const listed = [...items.values()]
          .filter((seen) => seen.run !== run && (shelf === undefined || seen.shelf === shelf))
          .map(({ key, shelf: own }): UnseenItem => ({ key, shelf: own, isStored: isStored(key) }))
        const older =
          shelf === undefined ? stored.storedKeys(orgId, sourceId).filter((key) => !items.has(key)) : []
        return [...listed, ...older.map((key): UnseenItem => ({ key, shelf: null, isStored: true }))]
      }),
    counts: (orgId, sourceId) =>
      Effect.sync(() => {
        const counts = new Map<string, ShelfCount>()
        for (const { shelf, state } of of(orgId, sourceId).values()) {
          const count = counts.get(shelf) ?? { listed: 0, public: 0 }
          counts.set(shelf, {
            listed: count.listed + 1,
            public: count.public + (state === "public" ? 1 : 0),
          })
        }
        return counts
      }),
  }
}

const itemOf = ({ key, mark, shelf, state, updatedAt }: Seen): ListedItem => ({
  key,
  shelf,
  state,
  mark,
  updatedAt,
})

const never: SourceRunStatus = { holder: null, until: 0, lastAt: null, retryAt: 0, failures: 0 }

/** A last run in the future comes from a clock that was set back since: it counts as long ago. */
const isDue = ({ lastAt, retryAt }: SourceRunStatus, now: number, everyMs: number): boolean =>
  retryAt <= now && (lastAt === null || lastAt <= now - everyMs || lastAt > now + everyMs)

export const sourceRunsMemory = (): SourceRuns => {
  const of = perSource((): { status: SourceRunStatus } => ({ status: never }))
  return {
    claim: (orgId, sourceId, { everyMs, holder, leaseMs, now }) =>
      Effect.sync(() => {
        const slot = of(orgId, sourceId)
        if (slot.status.holder !== null && slot.status.until > now) return false
        if (everyMs !== null && !isDue(slot.status, now, everyMs)) return false
        slot.status = { ...slot.status, holder, until: now + leaseMs }
        return true
      }),
    renew: (orgId, sourceId, { holder, leaseMs, now }) =>
      Effect.sync(() => {
        const slot = of(orgId, sourceId)
        if (slot.status.holder !== holder) return false
        slot.status = { ...slot.status, until: now + leaseMs }
        return true
      }),
    finish: (orgId, sourceId, holder, end) =>
      Effect.sync(() => {
        const slot = of(orgId, sourceId)
        if (slot.status.holder !== holder) return
        const free = { ...slot.status, holder: null, until: 0 }
        if (end._tag === "released") slot.status = free
        else if (end._tag === "done") slot.status = { ...never, lastAt: end.startedAt }
        else slot.status = { ...free, retryAt: end.retryAt, failures: free.failures + 1 }
      }),
    status: (orgId, sourceId) => Effect.sync(() => of(orgId, sourceId).status),
  }
}
