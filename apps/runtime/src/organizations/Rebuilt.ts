/**
 * What a plugin builds of all its accounts at once (routes, listeners), built anew when they change. At the start accounts of
 * the file must be good; those of the database that are not are left out, and told. Later what cannot be built leaves the old.
 */
import type { ChannelPlugin } from "@opencx/core"
import { Effect, Exit, Scope } from "effect"
import type { ConfigurationError } from "../config/ConfigError.ts"
import type { Settings } from "../layers/Settings.ts"
import type { Signing } from "../layers/Signing.ts"
import { accountsOf, fingerprintOf, type PluginAccounts } from "./accounts.ts"
import { LiveOrganizations } from "./LiveOrganizations.ts"

export interface Built<A> {
  readonly value: A
  readonly scope: Scope.Closeable
}

type Make<A, R> = (accounts: PluginAccounts) => Effect.Effect<A, ConfigurationError, R | Scope.Scope>

/** In a scope of its own, which is closed again when it fails. */
const buildIn = <A, R>(parent: Scope.Scope, make: Effect.Effect<A, ConfigurationError, R | Scope.Scope>) =>
  Effect.gen(function* () {
    const scope = yield* Scope.fork(parent)
    const value = yield* Effect.provideService(make, Scope.Scope, scope).pipe(
      Effect.onError((cause) => Scope.close(scope, Exit.failCause(cause))),
    )
    return { value, scope }
  })

const describe = (plugin: ChannelPlugin) => `The accounts of channel "${plugin.id}" cannot be taken over`

/** At the start. */
const first = <A, R>(plugin: ChannelPlugin, parent: Scope.Scope, make: Make<A, R>) =>
  Effect.gen(function* () {
    const accounts = yield* accountsOf(plugin)
    const ofFile = accountsOf(plugin, ({ managedBy }) => managedBy === "file")
    return yield* buildIn(parent, make(accounts)).pipe(
      Effect.map((built) => ({ built, accounts })),
      Effect.catchTag("ConfigurationError", (error) =>
        Effect.gen(function* () {
          const rest = yield* ofFile
          // Then it is the file that is wrong: the start fails, with what to do.
          if (rest.length === accounts.length) return yield* error
          yield* Effect.logError(describe(plugin), error.message)
          return { built: yield* buildIn(parent, make(rest)), accounts: rest }
        }),
      ),
    )
  })

/**
 * `exclusive`: the old one must be gone before the new one can be (a port); else the new one is built first, and the old one
 * goes when nobody can be at work in it. Answers with a way to the one that stands.
 */
export const rebuilt = <A, R>(
  plugin: ChannelPlugin,
  options: { readonly exclusive: boolean; readonly whileInUse?: (built: A) => Effect.Effect<void> },
  make: Make<A, R>,
) =>
  Effect.gen(function* () {
    const organizations = yield* LiveOrganizations
    const parent = yield* Effect.scope
    const context = yield* Effect.context<R | LiveOrganizations | Signing | Settings>()
    const build = (accounts: PluginAccounts) => buildIn(parent, make(accounts))
    let fingerprint = fingerprintOf(yield* accountsOf(plugin))
    const start = yield* first(plugin, parent, make)
    let standing: Built<A> = start.built
    let accounts = start.accounts

    const replace = Effect.fnUntraced(function* (next: PluginAccounts) {
      if (!options.exclusive) {
        const old = standing
        standing = yield* build(next)
        return yield* organizations.retire(old.scope, options.whileInUse?.(old.value))
      }
      yield* Scope.close(standing.scope, Exit.void)
      standing = yield* build(next).pipe(Effect.tapError(() => Effect.flatMap(build(accounts), keep)))
    })
    const keep = (built: Built<A>) => Effect.sync(() => (standing = built))

    const adjust = Effect.gen(function* () {
      const next = yield* accountsOf(plugin)
      const nextPrint = fingerprintOf(next)
      if (nextPrint === fingerprint) return
      fingerprint = nextPrint
      yield* replace(next)
      accounts = next
    }).pipe(
      Effect.catchCause((cause) => Effect.logError(describe(plugin), cause)),
      Effect.provide(context),
    )
    yield* organizations.onChange(adjust)
    return { current: () => standing.value }
  })
