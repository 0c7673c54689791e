import { badRequest, json, recordNotFound, type Reply } from "../http/Reply.ts"
import { type ApiRequest, bodyOf } from "../http/Request.ts"
import type { Messaging } from "../sunshine/context.ts"
import { chatAction } from "../sunshine/people/agent.ts"
import { chatState, findChat, liveChats } from "../sunshine/people/chatState.ts"
import { customerAction, customerWrites, type Written } from "../sunshine/people/customer.ts"
import { type SunshineBehaviour, behaviourProblem, withBehaviour } from "../sunshine/world/behaviour.ts"
import type { ChannelDelivery, Conversation } from "../sunshine/world/model.ts"
import { asInt } from "../world/json.ts"

export const configure = (messaging: Messaging, settings: unknown): SunshineBehaviour => {
  const problem = behaviourProblem(settings)
  if (problem !== undefined) throw badRequest("InvalidSettings", problem)
  messaging.store.behaviour = withBehaviour(messaging.store.behaviour, settings)
  return messaging.store.behaviour
}

const chatOf = (messaging: Messaging, id: string): Conversation => {
  const conversation = findChat(messaging, id)
  if (conversation === undefined) throw recordNotFound()
  return conversation
}

/** An agent's action; answers with the chat as it is then. */
export const actInChat = (messaging: Messaging, id: string, action: unknown): object => {
  const conversation = chatOf(messaging, id)
  chatAction(messaging, conversation, action)
  return chatState(messaging, conversation)
}

export const actAsCustomer = (messaging: Messaging, id: string, action: unknown): object => {
  const conversation = chatOf(messaging, id)
  customerAction(messaging, conversation, action)
  return chatState(messaging, conversation)
}

export const writeAsCustomer = (messaging: Messaging, message: unknown): Written =>
  customerWrites(messaging, message)

export const chatsOf = (messaging: Messaging): ReadonlyArray<object> =>
  liveChats(messaging).map((conversation) => chatState(messaging, conversation))

export const channelDeliveriesOf = (messaging: Messaging, since = 0): ReadonlyArray<ChannelDelivery> =>
  messaging.store.channelDeliveries.since(since)

type Add = (method: string, path: string, handle: (request: ApiRequest) => Reply) => void

/** The messaging side of the control plane. */
export const addSunshineControls = (add: Add, messaging: () => Messaging): void => {
  const id = (request: ApiRequest): string => request.params["id"] ?? ""
  const since = (request: ApiRequest): number => asInt(request.query.get("since")) ?? 0
  add("GET", "/sunshine/settings", () => json(200, { settings: messaging().store.behaviour }))
  add("POST", "/sunshine/settings", (request) =>
    json(200, { settings: configure(messaging(), bodyOf(request)) }),
  )
  add("GET", "/sunshine/chats", () => json(200, { chats: chatsOf(messaging()) }))
  add("GET", "/sunshine/chats/:id", (request) =>
    json(200, { chat: chatState(messaging(), chatOf(messaging(), id(request))) }),
  )
  add("POST", "/sunshine/chats/:id/agent", (request) =>
    json(200, { chat: actInChat(messaging(), id(request), bodyOf(request)) }),
  )
  add("POST", "/sunshine/chats/:id/customer", (request) =>
    json(200, { chat: actAsCustomer(messaging(), id(request), bodyOf(request)) }),
  )
  add("POST", "/sunshine/customer-messages", (request) =>
    json(201, writeAsCustomer(messaging(), bodyOf(request))),
  )
  add("GET", "/sunshine/channel-deliveries", (request) =>
    json(200, {
      deliveries: channelDeliveriesOf(messaging(), since(request)),
      last: messaging().store.channelDeliveries.last,
    }),
  )
  add("GET", "/sunshine/deliveries", (request) =>
    json(200, {
      deliveries: messaging().hooks.log.since(since(request)),
      last: messaging().hooks.log.last,
      pending: messaging().hooks.pending,
    }),
  )
}
