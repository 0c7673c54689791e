import type { Messaging } from "../sunshine/context.ts"
import type { MessagingDelivery } from "../sunshine/events/Hooks.ts"
import { chatState, findChat } from "../sunshine/people/chatState.ts"
import type { Written } from "../sunshine/people/customer.ts"
import type { SunshineBehaviour } from "../sunshine/world/behaviour.ts"
import type { ChannelDelivery } from "../sunshine/world/model.ts"
import {
  actAsCustomer,
  actInChat,
  channelDeliveriesOf,
  chatsOf,
  configure,
  writeAsCustomer,
} from "./sunshineControl.ts"

/** The messaging side of a running account. Ids of chats are conversation ids or ticket numbers. */
export interface SunshineHandle {
  readonly appId: string
  /** Base of the API, `…/sc`: stands for `https://<subdomain>.zendesk.com/sc`. */
  readonly url: string
  readonly behaviour: () => SunshineBehaviour
  /** Changes only what is sent; throws on an unknown name or value. */
  readonly configure: (settings: Partial<SunshineBehaviour>) => SunshineBehaviour
  /** Conversations that a human got. */
  readonly chats: () => ReadonlyArray<object>
  /** One conversation, with everything; undefined when there is none. */
  readonly chat: (id: string | number) => object | undefined
  /** `{action: "reply" | "trigger" | "note" | "typing" | "solve" | "close" | …, body?, author_id?, attachments?}`. */
  readonly agent: (id: string | number, action: object) => object
  /** `{action: "read" | "typing" | "postback" | "end" | "block" | …, payload?}`. */
  readonly customer: (id: string | number, action: object) => object
  /** `{channel: "whatsapp" | "messenger" | "instagram" | "web", from, name?, text | content | attachments, …}`. */
  readonly customerWrites: (message: object) => Written
  /** What customers' devices got, numbered above `since`. */
  readonly channelDeliveries: (since?: number) => ReadonlyArray<ChannelDelivery>
  /** Webhook bodies. */
  readonly deliveries: () => ReadonlyArray<MessagingDelivery>
}

export const sunshineHandle = (url: string, messaging: () => Messaging): SunshineHandle => ({
  get appId() {
    return messaging().store.appId
  },
  url: `${url}/sc`,
  behaviour: () => messaging().store.behaviour,
  configure: (settings) => configure(messaging(), settings),
  chats: () => chatsOf(messaging()),
  chat: (id) => {
    const found = findChat(messaging(), String(id))
    return found === undefined ? undefined : chatState(messaging(), found)
  },
  agent: (id, action) => actInChat(messaging(), String(id), action),
  customer: (id, action) => actAsCustomer(messaging(), String(id), action),
  customerWrites: (message) => writeAsCustomer(messaging(), message),
  channelDeliveries: (since = 0) => channelDeliveriesOf(messaging(), since),
  deliveries: () => messaging().hooks.log.all(),
})
