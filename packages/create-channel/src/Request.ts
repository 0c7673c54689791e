/** What is to be made. Every field has passed its check. */

/** How the provider proves its webhooks: a signature over the bytes, or a token in a header. */
export type ProviderAuth = "hmac" | "bearer"
export type License = "MIT" | "ISC" | "UNLICENSED"

export const providerAuths: ReadonlyArray<ProviderAuth> = ["hmac", "bearer"]
export const licenses: ReadonlyArray<License> = ["MIT", "ISC", "UNLICENSED"]

export interface ChannelRequest {
  /** npm name, with its scope if it has one. */
  readonly name: string
  /** Folder to write to; it must be empty or not exist. */
  readonly directory: string
  /** The channel's id in configurations. */
  readonly id: string
  /** What people call the channel. */
  readonly title: string
  readonly providerAuth: ProviderAuth
  readonly license: License
  /** Who holds the copyright. */
  readonly author: string
}
