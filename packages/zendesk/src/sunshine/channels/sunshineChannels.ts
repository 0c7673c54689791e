/** Channel plugins for the channels that Zendesk owns. Their messages come by the messaging webhook, not by their own. */
import {
  type ChannelPlugin,
  definePlugin,
  type IdentityKind,
  type OrgId,
  type Sender,
  SendFailure,
} from "@opencx/core"
import { Effect, Schema } from "effect"
import type { SunshineMessaging } from "../SunshineMessaging.ts"
import { sunshineSender } from "./sender.ts"
import { capabilitiesOf, type SunshineSource, sunshineSources } from "./sources.ts"

/** Gives an organization's messaging; null when it has none (any more). */
export interface SunshineChannelsInput {
  readonly messagingFor: (orgId: OrgId) => Effect.Effect<SunshineMessaging | null>
}

const identities: Readonly<Record<string, ReadonlyArray<IdentityKind>>> = {
  whatsapp: ["phone", "whatsapp_bsuid", "email"],
  messenger: ["messenger", "email"],
  instagram: ["instagram", "email"],
  web: ["external", "email"],
}

const noMessaging: Sender = {
  send: () =>
    Effect.fail(
      new SendFailure({
        kind: {
          _tag: "Permanent",
          code: "no_messaging",
          explanation: "Zendesk messaging is not connected for this organization.",
        },
      }),
    ),
}

const pluginOf = (source: SunshineSource, input: SunshineChannelsInput): ChannelPlugin =>
  definePlugin({
    id: source.id,
    title: source.title,
    capabilities: capabilitiesOf(source),
    identity: identities[source.channelTag] ?? ["external", "phone", "email"],
    // The app's own connection has everything: an account of such a channel needs no settings.
    settings: Schema.Record(Schema.String, Schema.Unknown),
    inbound: {},
    outbound: {
      open: (account) =>
        Effect.map(input.messagingFor(account.orgId), (messaging) =>
          messaging === null ? noMessaging : sunshineSender(messaging, source),
        ),
    },
  })

/** One plugin per channel: `sunshine-whatsapp`, `messenger`, `instagram`, `sunshine-web`, `sunshine-other`. */
export const sunshineChannels = (input: SunshineChannelsInput): ReadonlyArray<ChannelPlugin> =>
  Object.values(sunshineSources).map((source) => pluginOf(source, input))
