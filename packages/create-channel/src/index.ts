/** The scaffolder as a library: writes a channel plugin package, as `npm create @opencx/channel` does. */
export { createChannel, type Created, renderChannel } from "./createChannel.ts"
export { Refusal } from "./Refusal.ts"
export type { ChannelRequest, License, ProviderAuth } from "./Request.ts"
