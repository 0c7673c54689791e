/** The web chat plugin: what it can do, and where its parts are. */
import { type ChannelPlugin, definePlugin, type Receipt, stateless } from "@opencx/core"
import { Effect } from "effect"
import { textLimit } from "./http/messages.ts"
import { widgetRoutes } from "./http/routes.ts"
import { WidgetSettings } from "./settings.ts"

/**
 * Web chat on a site's own pages. Browsers read what is said to them from the timeline, so a message is sent as soon as it
 * stands there; `delivered` and `read` come from the browser.
 */
export const widgetPlugin: ChannelPlugin = definePlugin({
  id: "widget",
  title: "Web chat",
  capabilities: {
    handoff: "messaging",
    channelTag: "web",
    textLimit,
    markup: "markdown",
    media: { inbound: true, outbound: true, maxBytes: 25_000_000 },
    receipts: true,
    typing: true,
    replyWindowMinutes: null,
    optOutWords: [],
  },
  identity: ["external", "email", "widget"],
  settings: WidgetSettings,
  inbound: { routes: widgetRoutes },
  outbound: stateless(({ deliveryId }) => {
    const receipt: Receipt = { providerId: deliveryId, messageId: deliveryId }
    return Effect.succeed(receipt)
  }),
})
