/** An organization, an account and a message, for plugins under test. */
import {
  AccountId,
  type BoundChannel,
  type ChannelPlugin,
  CustomerText,
  DeliveryId,
  memoryDeliveryParts,
  OrgId,
  type OutboundMessage,
  sendProgress,
  SessionId,
  type SendProgress,
  type SettingsRejected,
  type Signer,
} from "@opencx/core"
import type { Effect } from "effect"

const hex = (text: string): string =>
  [...new TextEncoder().encode(text)].map((b) => b.toString(16).padStart(2, "0")).join("")

const checksum = (text: string): string => {
  let sum = 7
  for (const c of text) sum = (sum * 31 + (c.codePointAt(0) ?? 0)) % 2_147_483_647
  return sum.toString(36).padStart(6, "0")
}

/** Stands in for the installation's signer: same alphabet, no secrecy. Not for use outside tests. */
export const testSigner: Signer = {
  sign: (purpose, text) => text.replaceAll("-", "z0") + checksum(`${purpose}/${text}`),
  open: (purpose, token) => {
    const text = token.slice(0, -6).replaceAll("z0", "-")
    return text.length > 0 && checksum(`${purpose}/${text}`) === token.slice(-6) ? text : null
  },
}

/** Where the runtime of the contract's world is reached. */
export const contractPublicUrl = "https://support.acme.example"

/** The webhook URL of the account under test, as a provider calls and signs it. */
export const contractHookUrl = (channel: string): string =>
  `${contractPublicUrl}/hooks/${channel}/contract.account.token`

/** Binds a plugin to an account with these undecoded settings. */
export const bindAccount = (
  plugin: ChannelPlugin,
  settings: unknown,
  signer: Signer = testSigner,
): Effect.Effect<BoundChannel, SettingsRejected> =>
  plugin.bind({
    orgId: OrgId.make("contract"),
    accountId: AccountId.make("account"),
    organizationName: "Contract & Söhne",
    settings,
    hookUrl: contractHookUrl(plugin.id),
    publicUrl: contractPublicUrl,
    signer,
  })

/** A delivery id made of a number, so that runs are alike. */
export const deliveryIdOf = (n: number): DeliveryId =>
  DeliveryId.make(`00000000-0000-4000-8000-${n.toString(16).padStart(12, "0")}`)

/** What a store would know of deliveries; the same function in several processes is the same store. */
export const deliveryBook = (): ((deliveryId: DeliveryId) => SendProgress) => {
  const parts = memoryDeliveryParts()
  return (deliveryId) => sendProgress(parts, { orgId: OrgId.make("contract"), deliveryId })
}

/** A message by the AI, of which nothing has been sent before. */
export const sampleMessage = (over: Partial<OutboundMessage> = {}): OutboundMessage => ({
  deliveryId: deliveryIdOf(1),
  progress: deliveryBook()(over.deliveryId ?? deliveryIdOf(1)),
  sessionId: SessionId.make(`00000000-0000-4000-9000-${hex("opencx")}`),
  author: "ai",
  authorName: null,
  purpose: null,
  sources: [],
  text: CustomerText.make("Your order is on its way."),
  subject: "Order",
  files: [],
  ...over,
})
