/**
 * Settings that reach into the machine or its network: files of the server, addresses of development servers, hosts on
 * private networks. Whoever may change one organization's settings may not thereby look around where the runtime stands.
 */
import { Effect } from "effect"
import { lookup } from "node:dns/promises"
import { isAddress, isPublicAddress } from "../sync/sitemap/addresses.ts"
import { isPlain, rewrite } from "./secretRefs.ts"

/** `apiBaseUrl` is one, too: plugins call theirs what they like. */
const hostName = /(?:host|hosts|url|urls|issuer|endpoint|server|(?:^|\.)origin)(?:\.\d+)?$/i

/** Names that no public server has; a name without a dot is one of the own network (`redis`). */
const ownName = /^(?:[^.]*|.*\.(?:localhost|local|internal|intranet|lan|home|corp|home\.arpa))$/

/** The host as a connection takes it: `2130706433` and `127.1` are 127.0.0.1. Null when it is none. */
const hostOf = (value: string): string | null => {
  const text = value.trim()
  const isBare6 = /^[0-9a-f:.]+$/i.test(text) && text.split(":").length > 2
  const bracketed = isBare6 ? `[${text}]` : text
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${bracketed}`)
  // Only of the web's own schemes is the host made canonical.
  const canonical = url === null ? null : URL.parse(`http://${url.host}`)
  return canonical === null ? null : canonical.hostname.replace(/\.$/, "")
}

const isPrivate = (host: string): boolean =>
  isAddress(host) ? !isPublicAddress(host.replaceAll(/[[\]]/g, "")) : ownName.test(host)

interface Reaching {
  /** What reaches inside as it is written, by its place. */
  readonly inside: ReadonlyMap<string, string>
  /** Names that may lead anywhere, by the places where they stand. */
  readonly names: ReadonlyMap<string, string>
}

const lookThrough = (document: unknown): Reaching => {
  const inside = new Map<string, string>()
  const names = new Map<string, string>()
  rewrite(document, (value, place) => {
    if (isPlain(value) && value["type"] === "folder") inside.set(place, String(value["path"]))
    if (typeof value !== "string" || !hostName.test(place)) return null
    const host = hostOf(value)
    if (host === null) return null
    if (isPrivate(host)) inside.set(place, value)
    else if (!isAddress(host)) names.set(place, host)
    return null
  })
  return { inside, names }
}

/** Their places, with what stands there. */
export const reachingIn = (document: unknown): ReadonlyMap<string, string> => lookThrough(document).inside

/** All addresses of a name; none when it has none. */
export type AddressesOf = (name: string) => Promise<ReadonlyArray<string>>

const system: AddressesOf = async (name) => (await lookup(name, { all: true })).map(({ address }) => address)

/**
 * Places whose names are new and lead inside now. A name can be made to point elsewhere later: HTTP goes by TLS, where the name must be
 * proven, so that nothing inside answers to it.
 */
export const namesReachingIn = (
  before: unknown,
  after: unknown,
  addressesOf: AddressesOf = system,
): Effect.Effect<ReadonlyMap<string, string>> => {
  const known = lookThrough(before).names
  return Effect.forEach(
    [...lookThrough(after).names].filter(([place, name]) => known.get(place) !== name),
    ([place, name]) =>
      Effect.tryPromise(() => addressesOf(name)).pipe(
        Effect.timeout("2 seconds"),
        Effect.orElseSucceed((): ReadonlyArray<string> => []),
        Effect.map((all) => (all.every(isPublicAddress) ? [] : [[place, name] as const])),
      ),
    { concurrency: 8 },
  ).pipe(Effect.map((found) => new Map(found.flat())))
}
