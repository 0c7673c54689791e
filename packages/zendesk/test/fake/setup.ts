/** An account to set up: clients of both sides over one emulator, hooks of ours, and a store in memory. */
import { TagSettings } from "@opencx/core"
import { type Emulator, type EmulatorOptions, make as startEmulator } from "@opencx/zendesk-emulator"
import { Effect, Redacted, Schema } from "effect"
import { makeSunshineClient, makeZendeskClient, type ZendeskConnection } from "../../src/index.ts"
import type { MessagingSide, OurHook, SetupInput, SetupStore, SupportSide } from "../../src/setup/index.ts"
import { connectionTo } from "./emulator.ts"
import { access } from "./sunshine.ts"

export const tags = Schema.decodeUnknownSync(TagSettings)({})

export const hookAt = (path: string, token = "token-1"): OurHook => {
  const before = `https://opencx.acme.test/hooks/zendesk/${path}/`
  const url = before + token
  return { url, owns: (one) => (one === url ? "current" : one.startsWith(before) ? "stale" : "other") }
}

export const memoryStore = () => {
  const kept = new Map<string, string>()
  const store: SetupStore = {
    get: (name) =>
      Effect.sync(() => {
        const value = kept.get(name)
        return value === undefined ? null : Redacted.make(value)
      }),
    put: (name, value) => Effect.sync(() => void kept.set(name, Redacted.value(value))),
    remove: (name) => Effect.sync(() => void kept.delete(name)),
  }
  return { kept, store }
}

export interface SetupOptions {
  readonly emulator?: EmulatorOptions
  readonly connection?: Partial<ZendeskConnection>
  readonly support?: Partial<SupportSide>
  readonly messaging?: Partial<MessagingSide>
}

export const openSetup = (options: SetupOptions = {}) =>
  Effect.gen(function* () {
    const emulator: Emulator = yield* startEmulator({ timeScale: 0.01, ...options.emulator })
    const support = yield* makeZendeskClient(connectionTo(emulator, options.connection), { timeoutMs: 2_000 })
    const sunshine = yield* makeSunshineClient(access(emulator.url), { timeoutMs: 2_000 })
    const { kept, store } = memoryStore()
    const input = (more: Pick<SetupOptions, "support" | "messaging"> = {}) =>
      ({
        store,
        support: {
          client: support,
          tags,
          firstCommentPublic: false,
          mention: "@opencx",
          ticketing: hookAt("ticketing"),
          assist: hookAt("assist"),
          ...options.support,
          ...more.support,
        },
        messaging: {
          client: sunshine,
          hook: hookAt("messaging"),
          integrationName: "opencx",
          agentWorkspaceName: "zd-agentWorkspace",
          choose: [],
          giveBack: [],
          ...options.messaging,
          ...more.messaging,
        },
      }) satisfies SetupInput
    return { emulator, support, sunshine, kept, store, input }
  })

/** Calls that changed something, `POST /api/v2/webhooks 201`. */
export const writesOf = (emulator: Emulator): ReadonlyArray<string> =>
  emulator
    .calls()
    .filter(({ method, path }) => method !== "GET" && !path.startsWith("/oauth/"))
    .map(({ method, path, status }) => `${method} ${path} ${status}`)
