/** From what somebody sent to what is stored: secrets taken out, kept ones checked, everything tried before it counts. */
import type { OrgId } from "@opencx/core"
import { ZendeskConnection } from "@opencx/zendesk"
import { Clock, Effect, Redacted, Schema } from "effect"
import { SecureRandom } from "effect/crypto"
import { Forbidden } from "../access/Access.ts"
import { everywhere, may, type Principal } from "../access/Principal.ts"
import type { OrganizationConfig } from "../config/RuntimeConfig.ts"
import { MessagingSettings } from "../layers/MessagingAccounts.ts"
import { Watchers } from "../sync/Watchers.ts"
import { buildLive } from "./build.ts"
import { decodeOrganization } from "./configured.ts"
import { BadRequest, correct, type Problem, problemsOf } from "./problems.ts"
import { namesReachingIn, reachingIn } from "./reach.ts"
import { replaceSecrets, secretPlaces } from "./secretPlaces.ts"
import {
  isPlain,
  partOf,
  rewrite,
  type SecretRef,
  secretRefOf,
  secretRefs,
  withSecrets,
} from "./secretRefs.ts"

const bad = (problems: ReadonlyArray<Problem>) => new BadRequest({ problems, hint: correct })

/**
 * Where a secret is sent to, and how well guarded on the way: whoever changes that must know the secret, or they could have it
 * sent to themselves. Names of settings are the plugins' own (`apiBaseUrl`), so that more are meant than need be.
 */
const destination =
  /(?:host|hosts|url|urls|issuer|endpoint|server|domain|region|port|secure|tls|starttls|(?:^|\.)(?:channel|origin|provider|name))$/i

const destinationsIn = (document: unknown, part: string): string => {
  const found: Array<string> = []
  rewrite(document, (value, place) => {
    if (partOf(place) === part && destination.test(place) && !isPlain(value))
      found.push(`${place}=${String(value)}`)
    return null
  })
  return found.sort().join("\n")
}

/** References are good only where they stand already. */
const checkRefs = (before: unknown, after: unknown): ReadonlyArray<Problem> => {
  const known = secretRefs(before)
  return [...secretRefs(after)].flatMap(([path, ref]) => {
    if (known.get(path)?.$secret !== ref.$secret)
      return [{ path, message: "This secret is not kept here: send the secret itself, as text" }]
    const part = partOf(path)
    return destinationsIn(before, part) === destinationsIn(after, part)
      ? []
      : [
          {
            path,
            message: "The address changes to which this secret is sent: send the secret again, as text",
          },
        ]
  })
}

/** References to the environment would show what nobody sent. */
const checkEnv = (document: unknown): ReadonlyArray<Problem> => {
  const found: Array<Problem> = []
  rewrite(document, (value, path) => {
    if (isPlain(value) && "$env" in value)
      found.push({ path, message: "`$env` works in the configuration file only: send the value itself" })
    return null
  })
  return found
}

const checkReach = Effect.fnUntraced(function* (principal: Principal, before: unknown, after: unknown) {
  if (may(principal, "installation.write", everywhere)) return
  const known = reachingIn(before)
  const written = [...reachingIn(after)].filter(([place, value]) => known.get(place) !== value)
  const news = [...written, ...(yield* namesReachingIn(before, after))].map(([place]) => place)
  if (news.length === 0) return
  return yield* new Forbidden({
    hint: `These reach into the machine that OpenCX runs on, or its network: ${news.join(", ")}. Only an owner or admin of the installation may set them.`,
  })
})

const strict = { errors: "all", onExcessProperty: "error" } as const

const problemsIn = <S extends Schema.ConstraintDecoder<unknown>>(schema: S, name: string, value: unknown) =>
  value === undefined
    ? Effect.succeed([])
    : Schema.decodeUnknownEffect(
        schema,
        strict,
      )(value).pipe(
        Effect.as([]),
        Effect.catchTag("SchemaError", ({ issue }) => Effect.succeed(problemsOf(issue, name))),
      )

/** Sections that only their adapter can read, with the place of what is wrong in them. */
const readSections = Effect.fnUntraced(function* (config: OrganizationConfig) {
  const problems = [
    ...(yield* problemsIn(ZendeskConnection, "zendesk", config.zendesk)),
    ...(yield* problemsIn(MessagingSettings, "messaging", config.messaging)),
  ]
  if (problems.length > 0) return yield* bad(problems)
})

/** Built for a moment, as it will be: what is refused here never replaces what runs. */
const tryOut = (config: OrganizationConfig) =>
  Effect.gen(function* () {
    yield* buildLive(new Watchers(), config, yield* Effect.scope)
  }).pipe(
    Effect.scoped,
    Effect.catchTag("ConfigurationError", ({ hint, problem }) =>
      Effect.fail(new BadRequest({ problems: [{ path: "", message: problem }], hint })),
    ),
  )

export interface Checked {
  readonly config: OrganizationConfig
  /** With references in the places of secrets. */
  readonly document: unknown
  readonly newSecrets: ReadonlyMap<string, Redacted.Redacted<string>>
  readonly oldSecrets: ReadonlyArray<string>
}

/** `before`: the document that stands ({} for a new one). */
export const checkIncoming = Effect.fn("checkIncoming")(function* (
  orgId: OrgId,
  principal: Principal,
  before: unknown,
  sent: unknown,
) {
  const problems = [...checkEnv(sent), ...checkRefs(before, sent)]
  if (problems.length > 0) return yield* bad(problems)
  const { missing, whole } = yield* withSecrets(orgId, sent)
  if (missing.length > 0)
    return yield* bad(
      missing.map((path) => ({ path, message: "This secret is lost: send it again, as text" })),
    )
  const config = yield* decodeOrganization(whole).pipe(Effect.mapError(({ issue }) => bad(problemsOf(issue))))
  yield* checkReach(principal, before, whole)
  yield* readSections(config)
  yield* tryOut(config)
  const setAt = yield* Clock.currentTimeMillis
  const newSecrets = new Map<string, Redacted.Redacted<string>>()
  const kept = secretRefs(sent)
  const sealed = replaceSecrets(whole, yield* secretPlaces(config), (text, place): SecretRef => {
    const ref = kept.get(place)
    if (ref !== undefined) return ref
    const $secret = `settings/${SecureRandom.uuidV4Unsafe()}`
    newSecrets.set($secret, Redacted.make(text))
    return { $secret, setAt }
  })
  // What was a secret once is never shown, even if its reader now takes it for none.
  const document = rewrite(sealed, (value, place) => {
    const ref = kept.get(place)
    return ref === undefined || secretRefOf(value) !== null ? null : { to: ref }
  })
  const stay = new Set([...secretRefs(document).values()].map(({ $secret }) => $secret))
  const oldSecrets = [...secretRefs(before).values()]
    .map(({ $secret }) => $secret)
    .filter((name) => !stay.has(name))
  return { config, document, newSecrets, oldSecrets } satisfies Checked
})
