/** Which values of an organization's settings are secrets: those that their own readers (plugins, adapters) make `Redacted`. */
import { PublicHelpCenter, ZendeskConnection } from "@opencx/zendesk"
import { Effect, Option, Redacted, Result, Schema } from "effect"
import type { OrganizationConfig } from "../config/RuntimeConfig.ts"
import { MessagingSettings } from "../layers/MessagingAccounts.ts"
import { accountOf } from "../layers/OrganizationsLive.ts"
import { Plugins } from "../layers/Plugins.ts"
import { partOf, rewrite } from "./secretRefs.ts"

/** Text of each secret by its place, as `rewrite` names places. */
export type SecretPlaces = ReadonlyMap<string, string>

/** Null for one that a plugin's own copy of `effect` has made: only that copy can open it. */
const textOf = (secret: Redacted.Redacted<unknown>): string | null =>
  Result.match(
    Result.try(() => Redacted.value(secret)),
    { onSuccess: String, onFailure: () => null },
  )

/** Texts as they were written, by place. */
const textsIn = (written: unknown, prefix: string): ReadonlyMap<string, string> => {
  const found = new Map<string, string>()
  rewrite(
    written,
    (one, place) => {
      if (typeof one === "string") found.set(place, one)
      return null
    },
    prefix,
  )
  return found
}

/** `written`: what `value` was read from. Throws at a secret that is in neither as a text: it could not be sealed. */
const redactedIn = (
  value: unknown,
  prefix: string,
  written: unknown = null,
): ReadonlyArray<readonly [string, string]> => {
  const found: Array<readonly [string, string]> = []
  const texts = textsIn(written, prefix)
  rewrite(
    value,
    (one, place) => {
      if (!Redacted.isRedacted(one)) return null
      const text = textOf(one) ?? texts.get(place)
      if (text === undefined) throw new TypeError(`the secret at ${place} cannot be read: ${ownCopy}`)
      found.push([place, text])
      return { to: null }
    },
    prefix,
  )
  return found
}

const ownCopy = "its plugin brings an `effect` of its own; let it share the runtime's (a peer dependency)"

const zendesk = Schema.decodeUnknownOption(ZendeskConnection)
const messaging = Schema.decodeUnknownOption(MessagingSettings)
const ownConnection = Schema.decodeUnknownOption(Schema.Union([PublicHelpCenter, ZendeskConnection]))

const ofAccounts = Effect.fnUntraced(function* (config: OrganizationConfig) {
  const plugins = yield* Plugins
  const lists = yield* Effect.forEach(config.accounts, (account) =>
    Effect.gen(function* () {
      const plugin = yield* plugins.named(account.channel)
      const read = yield* plugin.read(yield* accountOf(config, account))
      return redactedIn(read, `accounts.${account.id}.settings`, account.settings)
      // What cannot be read is refused elsewhere, with its reason.
    }).pipe(Effect.orElseSucceed(() => [])),
  )
  return lists.flat()
})

export const secretPlaces = Effect.fn("secretPlaces")(function* (config: OrganizationConfig) {
  const ofSources = config.sources.flatMap((source) =>
    source.type === "zendesk_help_center" && source.connection !== undefined
      ? redactedIn(Option.getOrNull(ownConnection(source.connection)), `sources.${source.id}.connection`)
      : [],
  )
  const places: SecretPlaces = new Map([
    ...redactedIn({ llm: config.llm, assistSigningSecret: config.assistSigningSecret }, ""),
    ...redactedIn(Option.getOrNull(zendesk(config.zendesk)), "zendesk"),
    ...redactedIn(Option.getOrNull(messaging(config.messaging)), "messaging"),
    ...(yield* ofAccounts(config)),
    ...ofSources,
  ])
  return places
})

/**
 * Puts something else in the place of each secret. Where a reader has moved a secret to another place than it was given, the
 * same text is a secret wherever it stands in that part.
 */
export const replaceSecrets = (
  document: unknown,
  places: SecretPlaces,
  replacement: (text: string, place: string) => unknown,
): unknown => {
  const met = new Set<string>()
  const first = rewrite(document, (value, place) => {
    const text = places.get(place)
    if (text === undefined || (value !== text && !Redacted.isRedacted(value))) return null
    met.add(place)
    return { to: replacement(text, place) }
  })
  const moved = [...places].filter(([place]) => !met.has(place))
  if (moved.length === 0) return first
  return rewrite(first, (value, place) => {
    const found = moved.find(([other, text]) => value === text && partOf(other) === partOf(place))
    return found === undefined ? null : { to: replacement(found[1], place) }
  })
}
