/** One organization's Zendesk account as verifying and setting up see it: settings, clients, our URLs, and what is stored. */
import { isAssist, isAssistOn, ConversationStore } from "@opencx/core"
import {
  type AccountToVerify,
  makeSunshineClient,
  makeZendeskClient,
  type MessagingSide,
  type OurHook,
  type SetupInput,
  sunshineAccess,
  SunshineConnection,
  type SupportSide,
  ZendeskConnection,
} from "@opencx/zendesk"
import { Effect, Schema } from "effect"
import { ConfigurationError } from "../config/ConfigError.ts"
import { scheduleIn } from "../config/HandoffConfig.ts"
import type { OrganizationConfig } from "../config/RuntimeConfig.ts"
import { Settings } from "../layers/Settings.ts"
import { Signing } from "../layers/Signing.ts"
import { assistPurpose, messagingPurpose, ticketingPurpose } from "../signing/purposes.ts"
import { setupStore, tokenVault } from "./stores.ts"

const kinds = {
  ticketing: ticketingPurpose,
  assist: assistPurpose,
  messaging: messagingPurpose,
} as const

/** Our hook of one kind, and whose a URL of that kind is. */
const hookOf = Effect.fnUntraced(function* (orgId: string, kind: keyof typeof kinds) {
  const { urls } = yield* Signing
  const { publicUrl } = yield* Settings
  const path = `/hooks/zendesk/${kind}/`
  const url = `${publicUrl}${path}${urls.sign(kinds[kind], [orgId])}`
  return {
    url,
    owns: (other) => {
      if (other === url) return "current"
      const at = other.indexOf(path)
      if (at === -1) return "other"
      const signedFor = urls.open(kinds[kind], other.slice(at + path.length))
      // Signed by us, perhaps for an address that we had before; for another organization it is theirs.
      if (signedFor !== null) return signedFor[0] === orgId ? "stale" : "other"
      // Not signed by the key that we have now, but at our address: of a key that was lost.
      return other.slice(0, at) === publicUrl ? "stale" : "other"
    },
  } satisfies OurHook
})

const decodeSupport = Schema.decodeUnknownEffect(ZendeskConnection)
const decodeMessaging = Schema.decodeUnknownEffect(SunshineConnection)

const supportSide = Effect.fnUntraced(function* (organization: OrganizationConfig) {
  const { assist, id, tags, zendesk } = organization
  const connection = yield* decodeSupport(zendesk)
  return {
    client: yield* makeZendeskClient(connection, {}, yield* tokenVault(id)),
    tags,
    firstCommentPublic: connection.firstComment === "public",
    mention: isAssistOn(assist) ? assist.mention : null,
    ticketing: yield* hookOf(id, "ticketing"),
    assist: yield* hookOf(id, "assist"),
  } satisfies SupportSide
})

/** What a person chose for channels that Zendesk owns. */
export interface ChannelChoice {
  readonly choose: ReadonlyArray<string>
  readonly giveBack: ReadonlyArray<string>
}

export const noChoice: ChannelChoice = { choose: [], giveBack: [] }

const messagingSide = Effect.fnUntraced(function* (organization: OrganizationConfig, choice: ChannelChoice) {
  const connection = yield* decodeMessaging(organization.messaging)
  const support = yield* Effect.option(decodeSupport(organization.zendesk))
  const access = sunshineAccess(connection, support._tag === "Some" ? support.value : null)
  if (access === null) return null
  return {
    ...choice,
    client: yield* makeSunshineClient(access),
    hook: yield* hookOf(organization.id, "messaging"),
    integrationName: connection.integrationName,
    agentWorkspaceName: connection.agentWorkspaceName,
  } satisfies MessagingSide
})

const unusable = ({ message }: { readonly message: string }) =>
  new ConfigurationError({
    problem: `The connection to Zendesk cannot be used as it is configured: ${message}`,
    hint: "opencx verify says what is wrong with it, and what to do.",
  })

/** What setting up needs of an organization. A side that is not configured is left out. */
export const setupInput = Effect.fnUntraced(function* (
  organization: OrganizationConfig,
  choice: ChannelChoice,
) {
  return {
    store: yield* setupStore(organization.id),
    support: organization.zendesk === undefined ? null : yield* supportSide(organization),
    messaging: organization.messaging === undefined ? null : yield* messagingSide(organization, choice),
  } satisfies SetupInput
}, Effect.mapError(unusable))

const broken = { support: null, messaging: null } as const

/** What verifying needs: settings that are broken are no obstacle but something to find. */
export const accountToVerify = Effect.fnUntraced(function* (organization: OrganizationConfig) {
  const { fields, id, messaging, sources, zendesk } = organization
  const store = yield* setupStore(id)
  const support = zendesk === undefined ? null : yield* Effect.option(supportSide(organization))
  const chats = messaging === undefined ? null : yield* Effect.option(messagingSide(organization, noChoice))
  return {
    ticketing: zendesk ?? null,
    messaging: messaging ?? null,
    vault: yield* tokenVault(id),
    ticketFields: fields.some(({ on }) => on),
    schedules: scheduleIn(organization.handoff) !== null,
    helpCenter: sources.some(({ type }) => type === "zendesk_help_center"),
    setup: {
      ...broken,
      store,
      ...(support?._tag === "Some" ? { support: support.value } : {}),
      ...(chats?._tag === "Some" ? { messaging: chats.value } : {}),
    },
  } satisfies AccountToVerify
})

/** More than this many open conversations are told as this many. */
const most = 1_000

/** Conversations that humans have now, in Zendesk: their replies must still reach the customers. */
export const activeConversations = Effect.fnUntraced(function* (orgId: OrganizationConfig["id"]) {
  const store = yield* ConversationStore
  const open = yield* store.sessions(orgId, { states: ["human", "handing_off"], limit: most })
  return open.filter((session) => {
    if (isAssist(session)) return false
    const ticket = session.ticket !== null && session.ticket.status !== "closed"
    return session.handoffPending || ticket || session.chat !== null
  }).length
})
