/** Channels that Zendesk owns (WhatsApp, Messenger, Instagram, its own widget): one account each, without settings. */
import { AccountId } from "@opencx/core"
import { sunshineSourceOf } from "@opencx/zendesk"

/** The account of a channel of Zendesk's; `id` is the plugin's. */
export const nativeAccountId = (id: string): AccountId => AccountId.make(`zendesk-${id}`)

/** The account that a message with this `source.type` came by. */
export const nativeAccountOf = (sourceType: string): AccountId =>
  nativeAccountId(sunshineSourceOf(sourceType).id)
