import type { Messaging } from "../sunshine/context.ts"
import { contentAsText } from "../sunshine/conversations/content.ts"
import { channelOf, isAgentWorkspace } from "../sunshine/conversations/responder.ts"
import { ticketOf } from "../sunshine/people/agent.ts"
import { agentsMessages, lineOf, liveChats } from "../sunshine/people/chatState.ts"
import { nameOf } from "../sunshine/users/names.ts"
import type { Conversation, Message } from "../sunshine/world/model.ts"
import { escapeHtml } from "../support/text.ts"
import type { Ticket } from "../world/model.ts"
import { agents, aside, badge, commentCard, layout, time, warning } from "./render.ts"

const controller = (messaging: Messaging, conversation: Conversation): string =>
  messaging.store.switchboardIntegration(conversation.activeId)?.name ?? "nobody"

const customer = (messaging: Messaging, conversation: Conversation): string => {
  const user = messaging.store.userOf(conversation)
  return user === undefined ? "Unknown" : nameOf(user)
}

const last = (conversation: Conversation): string => {
  const message = conversation.messages.at(-1)
  return message === undefined ? "" : contentAsText(message.content).slice(0, 80)
}

const row = (messaging: Messaging, conversation: Conversation): string => {
  const ticket = ticketOf(messaging, conversation)
  const channel = channelOf(messaging.store, conversation)?.type ?? "api"
  return `<tr><td>${badge(ticket?.status ?? "closed")}</td><td class="num">#${ticket?.id ?? "–"}</td>
<td><a href="/agent/chats/${conversation.id}" dir="auto">${escapeHtml(customer(messaging, conversation))}</a></td>
<td dir="auto">${escapeHtml(last(conversation))}</td><td>${escapeHtml(channel)}</td>
<td>${escapeHtml(controller(messaging, conversation))}</td><td>${time(conversation.lastUpdatedAt)}</td></tr>`
}

export const chatList = (messaging: Messaging): string => {
  const chats = liveChats(messaging)
  const table =
    chats.length === 0
      ? `<p class="empty">No live chats yet. They appear here when a conversation is handed to the Agent Workspace.</p>`
      : `<table><thead><tr><th>Status</th><th>Ticket</th><th>Customer</th><th>Last message</th><th>Channel</th><th>In control</th><th>Updated</th></tr></thead>
<tbody>${chats.map((chat) => row(messaging, chat)).join("")}</tbody></table>`
  return layout(messaging.world, "Live chats", `<h1>Live chats <small>${chats.length}</small></h1>${table}`)
}

/** A file is linked only when it is ours: the page leads nowhere else. */
const fileLink = (messaging: Messaging, message: Message): string => {
  const url = String(message.content["mediaUrl"] ?? "")
  const file = [...messaging.store.attachments.values()].find((item) => item.mediaUrl === url)
  if (file === undefined) return ""
  return `<ul class="files"><li><a href="/agent/media/${file.id}">${escapeHtml(file.fileName)}</a> <small>${file.bytes.length} bytes</small></li></ul>`
}

const bubble = (messaging: Messaging, message: Message): string => {
  const line = lineOf(messaging, message)
  const kind = line.from === "customer" ? "customer" : line.from === "system" ? "system" : "agent"
  return `<article class="comment ${kind}"><header><strong dir="auto">${escapeHtml(line.name)}</strong><span>${escapeHtml(line.source)}</span>${time(message.at)}</header>
<p dir="auto">${escapeHtml(line.text)}</p>${fileLink(messaging, message)}</article>`
}

/** Messages and internal notes in order of time. The ticket's first comment only names the conversation. */
const timeline = (messaging: Messaging, conversation: Conversation, ticket: Ticket | undefined): string => {
  const notes = (ticket?.comments ?? []).slice(1)
  return [
    ...agentsMessages(messaging, conversation).map((item) => ({
      at: item.at,
      card: bubble(messaging, item),
    })),
    ...notes.map((item) => ({ at: item.createdAt, card: commentCard(messaging.world, item) })),
  ]
    .sort((a, b) => a.at - b.at)
    .map((item) => item.card)
    .join("")
}

const button = (action: string, label: string, primary = false): string =>
  `<button name="action" value="${action}"${primary ? ' class="primary"' : ""}>${label}</button>`

const forms = (messaging: Messaging, conversation: Conversation, ticket: Ticket | undefined): string => {
  if (ticket === undefined || ticket.status === "closed")
    return `<p class="empty">This chat is closed. The customer's next message goes to whoever is in control then.</p>`
  const inControl = isAgentWorkspace(messaging.store.switchboardIntegration(conversation.activeId))
  const talk = inControl
    ? button("reply", "Send", true) + button("typing", "Show typing")
    : button("take", "Take over", true)
  const rest = ticket.status === "solved" || ticket.status === "pending" ? button("reopen", "Reopen") : ""
  return `<form class="composer" method="post" action="/agent/chats/${conversation.id}" enctype="multipart/form-data">
<label>As <select name="author_id">${agents(messaging.world, ticket)}</select></label>
<label class="wide">Message<textarea name="body" rows="4" dir="auto"></textarea></label>
<label>File <input type="file" name="file"></label>
<div class="buttons">${talk}${button("note", "Internal note")}${button("solve", "Solve")}${button("close", "Close")}${button("end", "End session")}${rest}</div></form>`
}

export const chatPage = (messaging: Messaging, conversation: Conversation, problem?: string): string => {
  const { world, store } = messaging
  const ticket = ticketOf(messaging, conversation)
  const pending = store.switchboardIntegration(conversation.pendingId)?.name
  const ticketSide = ticket === undefined ? "" : aside(world, ticket)
  const side = `<aside><dl><dt>In control</dt><dd>${escapeHtml(controller(messaging, conversation))}</dd>
${pending === undefined ? "" : `<dt>Offered to</dt><dd>${escapeHtml(pending)}</dd>`}
<dt>Channel</dt><dd>${escapeHtml(channelOf(store, conversation)?.type ?? "api")}</dd>
<dt>Conversation</dt><dd class="mono">${conversation.id}</dd>${ticketSide}
${ticket === undefined ? "" : `<dt>Ticket</dt><dd><a href="/agent/tickets/${ticket.id}">#${ticket.id}</a></dd>`}</dl></aside>`
  const title = `Chat with ${customer(messaging, conversation)}`
  return layout(
    world,
    title,
    `<h1 dir="auto">${badge(ticket?.status ?? "closed")} ${escapeHtml(title)}</h1>${warning(problem)}
<div class="columns"><section>${timeline(messaging, conversation, ticket)}${forms(messaging, conversation, ticket)}</section>${side}</div>`,
  )
}
