import type { ChannelRequest } from "../../src/index.ts"

/** A good request; `over` replaces parts of it. */
export const requestFor = (directory: string, over: Partial<ChannelRequest> = {}): ChannelRequest => ({
  name: "@acme/opencx-channel-line",
  directory,
  id: "line",
  title: "LINE",
  providerAuth: "hmac",
  license: "MIT",
  author: "Acme Ltd",
  ...over,
})
