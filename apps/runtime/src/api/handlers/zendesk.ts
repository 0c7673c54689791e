import { type AccountFindings, applySetup, isVerified, planSetup, verifyAccount } from "@opencx/zendesk"
import { Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import type { OrganizationConfig } from "../../config/RuntimeConfig.ts"
import { hookUrlsOf } from "../../layers/HookUrls.ts"
import { accountToVerify, setupInput } from "../../setup/account.ts"
import { cutterOf } from "../../setup/cutter.ts"
import { disconnecting } from "../../setup/disconnecting.ts"
import { beginWebConsent, finishWebConsent } from "../../setup/webConsent.ts"
import { Api } from "../contract/Api.ts"
import { NotPossible, type ZendeskFailed } from "../contract/trouble.ts"
import { outage } from "../GuardLive.ts"
import { Lanes, makeTurns } from "../turns.ts"
import { makeApplying, type Undertaking } from "../zendesk/applying.ts"
import { connectZendeskAccount } from "../zendesk/connecting.ts"
import { findingsWithout } from "../zendesk/cutting.ts"
import { connectionStatus } from "../zendesk/status.ts"
import { lookMs, ownTroubles, within } from "../zendesk/troubles.ts"
import { inOrg, organizationHere } from "./common.ts"
import { settingsView } from "./views.ts"

/** The path's organization, when it has a connection to Zendesk. */
const connectedHere = Effect.gen(function* () {
  const here = yield* organizationHere
  if (here.config.zendesk === undefined && here.config.messaging === undefined)
    return yield* new NotPossible({
      problem: "This organization is not connected to Zendesk.",
      hint: "POST …/zendesk/connect with its credentials first.",
    })
  return { ...here, cut: yield* cutterOf(here.config) }
})

interface Choice {
  readonly channels?: ReadonlyArray<string>
  readonly giveBack?: ReadonlyArray<string>
}

const settingUp = Effect.fnUntraced(function* ({ channels = [], giveBack = [] }: Choice, yes: boolean) {
  const { config, cut, principal, version } = yield* connectedHere
  const input = setupInput(config, { choose: channels, giveBack })
  return {
    orgId: config.id,
    principal,
    cut,
    action: "zendesk.setup",
    about: [version, channels, giveBack],
    plan: Effect.flatMap(input, planSetup),
    carryOut: (first) =>
      Effect.flatMap(input, (account) => applySetup(account, { irreversible: yes, first })),
  } satisfies Undertaking<Effect.Services<typeof input> | Effect.Services<ReturnType<typeof planSetup>>>
})

const takingAway = Effect.fnUntraced(function* (now: boolean) {
  const { config, cut, principal, version } = yield* connectedHere
  const account = disconnecting(config, now)
  return {
    orgId: config.id,
    principal,
    cut,
    action: "zendesk.disconnect",
    about: [version, now],
    plan: Effect.flatMap(account, ({ plan }) => plan),
    carryOut: (first) =>
      Effect.flatMap(account, ({ apply }) => Effect.map(apply(first), ({ report }) => report)),
  } satisfies Undertaking<Effect.Services<typeof account>>
})

const verified = Effect.fnUntraced(function* (config: OrganizationConfig) {
  return yield* verifyAccount(yield* accountToVerify(config))
})

const verdictOf = (found: AccountFindings) => ({ ok: isVerified(found), ...found })

const consenting = {
  begin: Effect.gen(function* () {
    const { config, cut, principal } = yield* connectedHere
    return yield* beginWebConsent(config, principal).pipe(Effect.catchTags(ownTroubles(cut)))
  }),
  finish: Effect.fnUntraced(function* (redirected: string) {
    const { config, cut, principal } = yield* connectedHere
    if (!URL.canParse(redirected))
      return yield* new NotPossible({
        problem: "`redirected` is no address.",
        hint: "Send the whole address from the browser's address bar.",
      })
    const answer = new URL(redirected).searchParams
    const { user } = yield* finishWebConsent(principal, config.id, answer).pipe(
      Effect.catchTags(ownTroubles(cut)),
    )
    return { userId: String(user.userId), name: user.name }
  }),
}

const textOf = (value: unknown): string => JSON.stringify(value)

export const ZendeskHandlers = HttpApiBuilder.group(
  Api,
  "zendesk",
  Effect.fnUntraced(function* (handlers) {
    const lanes = new Lanes()
    const { apply, show } = yield* makeApplying(lanes)
    const looks = yield* makeTurns<AccountFindings, ZendeskFailed>(lanes)

    return handlers.handleAll({
      status: () =>
        Effect.flatMap(organizationHere, ({ config }) => connectionStatus(config)).pipe(
          Effect.catchTag("StoreError", outage),
        ),
      hooks: () =>
        Effect.flatMap(organizationHere, ({ config }) => hookUrlsOf(config)).pipe(
          Effect.map((found) => found.map(({ url, what }) => ({ what, url }))),
          Effect.catchTag("StoreError", outage),
        ),
      connect: Effect.fnUntraced(
        function* ({ headers, payload }) {
          const { orgId, principal } = yield* inOrg
          const { found, stored } = yield* lanes.of(orgId).withPermits(1)(
            connectZendeskAccount(principal, orgId, headers["if-match"], payload),
          )
          return { settings: yield* settingsView(stored), ...found }
        },
        Effect.catchTag("StoreError", outage),
      ),
      beginConsent: () => consenting.begin.pipe(Effect.catchTag("StoreError", outage)),
      finishConsent: ({ payload }) =>
        consenting.finish(payload.redirected).pipe(Effect.catchTag("StoreError", outage)),
      verify: Effect.fnUntraced(
        function* () {
          const { config, cut, version } = yield* connectedHere
          const found = yield* looks.run(config.id, `verify ${version}`, within(lookMs)(verified(config)))
          return verdictOf(findingsWithout(cut, found))
        },
        Effect.catchTag("StoreError", outage),
      ),
      planSetup: Effect.fnUntraced(
        function* ({ payload }) {
          return yield* show(yield* settingUp(payload, false))
        },
        Effect.catchTag("StoreError", outage),
      ),
      applySetup: Effect.fnUntraced(
        function* ({ payload }) {
          const one = yield* settingUp(payload, payload.multiConversations === true)
          return yield* apply(one, payload.plan, textOf([one.action, payload]))
        },
        Effect.catchTag("StoreError", outage),
      ),
      planDisconnect: Effect.fnUntraced(
        function* ({ payload }) {
          return yield* show(yield* takingAway(payload.now === true))
        },
        Effect.catchTag("StoreError", outage),
      ),
      applyDisconnect: Effect.fnUntraced(
        function* ({ payload }) {
          const one = yield* takingAway(payload.now === true)
          return yield* apply(one, payload.plan, textOf([one.action, payload]))
        },
        Effect.catchTag("StoreError", outage),
      ),
    })
  }),
)
