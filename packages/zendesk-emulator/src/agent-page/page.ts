import { agentAction } from "../control/agentActions.ts"
import { crossSite } from "../control/control.ts"
import type { ApiRequest } from "../http/Request.ts"
import { ApiError, redirect, type Reply, text } from "../http/Reply.ts"
import type { Messaging } from "../sunshine/context.ts"
import { chatAction } from "../sunshine/people/agent.ts"
import { findChat } from "../sunshine/people/chatState.ts"
import { asInt } from "../world/json.ts"
import { chatList, chatPage } from "./chatRender.ts"
import { download, page, pageHeaders, problemOf, readForm } from "./form.ts"
import { ticketList, ticketPage } from "./render.ts"
import { css } from "./style.ts"

const notFound = page(404, "<!DOCTYPE html><title>Not found</title><p>There is no such ticket.</p>")

/** One thing a person looks at and acts on. */
interface Place {
  readonly url: string
  readonly show: (problem?: string) => string
  readonly act: (form: object) => void
}

const act = async (place: Place, request: ApiRequest): Promise<Reply> => {
  if (crossSite(request)) return text(403, "Forms must not be sent from another site")
  let form: object
  try {
    form = await readForm(request)
  } catch {
    return page(400, place.show("The form could not be read; please send it again."))
  }
  try {
    place.act(form)
    return redirect(place.url, 303)
  } catch (error) {
    if (error instanceof ApiError) return page(error.reply.status, place.show(problemOf(error)))
    throw error
  }
}

const ticketPlace = ({ world }: Messaging, id: string | undefined): Place | undefined => {
  const ticket = world.tickets.find(asInt(id) ?? 0)
  if (ticket === undefined) return undefined
  return {
    url: `/agent/tickets/${ticket.id}`,
    show: (problem) => ticketPage(world, ticket, problem),
    act: (form) => void agentAction(world, ticket.id, form),
  }
}

const chatPlace = (messaging: Messaging, id: string | undefined): Place | undefined => {
  const conversation = id === undefined ? undefined : findChat(messaging, id)
  if (conversation === undefined) return undefined
  return {
    url: `/agent/chats/${conversation.id}`,
    show: (problem) => chatPage(messaging, conversation, problem),
    act: (form) => chatAction(messaging, conversation, form),
  }
}

const file = ({ world, store }: Messaging, path: string): Reply | undefined => {
  const attachment = world.attachments.get(/^\/agent\/attachments\/([\w-]+)$/.exec(path)?.[1] ?? "")
  if (attachment !== undefined) return download(attachment.fileName, attachment.bytes)
  const media = store.attachments.get(/^\/agent\/media\/([\w-]+)$/.exec(path)?.[1] ?? "")
  return media === undefined ? undefined : download(media.fileName, media.bytes)
}

const listOrFile = (messaging: Messaging, request: ApiRequest): Reply | undefined => {
  const { world } = messaging
  if (request.path === "/agent") return page(200, ticketList(world, asInt(request.query.get("before"))))
  if (request.path === "/agent/chats") return page(200, chatList(messaging))
  if (request.path === "/agent/style.css")
    return {
      status: 200,
      headers: { ...pageHeaders, "content-type": "text/css; charset=utf-8" },
      body: css,
    }
  return file(messaging, request.path)
}

/** The agent's side of the account, for a person with a browser. */
export const agentPage = async (messaging: Messaging, request: ApiRequest): Promise<Reply | undefined> => {
  if (request.path === "/" && request.method === "GET") return redirect("/agent")
  if (request.path !== "/agent" && !request.path.startsWith("/agent/")) return undefined
  const found = listOrFile(messaging, request)
  if (found !== undefined) return found
  const place =
    ticketPlace(messaging, /^\/agent\/tickets\/(\d+)$/.exec(request.path)?.[1]) ??
    chatPlace(messaging, /^\/agent\/chats\/(\w+)$/.exec(request.path)?.[1])
  if (place === undefined) return notFound
  return request.method === "POST" ? act(place, request) : page(200, place.show())
}
