import { escapeHtml } from "../support/text.ts"
import { iso } from "../world/ids.ts"
import { type Comment, isAgent, type Ticket, type User } from "../world/model.ts"
import type { World } from "../world/World.ts"

export const layout = (world: World, title: string, main: string): string => `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title><link rel="stylesheet" href="/agent/style.css"></head>
<body><header><a class="brand" href="/agent">${escapeHtml(world.settings.subdomain)} · agent workspace</a><nav><a href="/agent">Tickets</a> <a href="/agent/chats">Live chats</a></nav><span class="hint">emulator</span></header>
<main>${main}</main></body></html>`

const name = (world: World, id: number | null): string =>
  escapeHtml(world.users.byId.get(id ?? 0)?.name ?? (id === null ? "Unassigned" : "Unknown"))

export const badge = (status: string): string =>
  `<span class="badge ${escapeHtml(status)}">${escapeHtml(status)}</span>`

export const time = (ms: number): string =>
  `<time datetime="${iso(ms)}">${iso(ms).replace("T", " ").replace("Z", "")}</time>`

const row = (world: World, ticket: Ticket): string => `<tr>
<td>${badge(ticket.status)}</td><td class="num">#${ticket.id}</td>
<td><a href="/agent/tickets/${ticket.id}" dir="auto">${escapeHtml(ticket.subject) || "(no subject)"}</a></td>
<td>${name(world, ticket.requesterId)}</td><td>${name(world, ticket.assigneeId)}</td><td>${time(ticket.updatedAt)}</td></tr>`

const pageSize = 100

/** Newest first; `before` is the ticket number to go on from. */
export const ticketList = (world: World, before: number | undefined): string => {
  const tickets = world.tickets.newest(pageSize, before ?? world.tickets.nextId)
  const oldest = tickets.at(-1)?.id
  const more =
    oldest !== undefined && oldest > 1 ? `<p><a href="/agent?before=${oldest}">Older tickets</a></p>` : ""
  const table =
    tickets.length === 0
      ? `<p class="empty">No tickets yet. They appear here when the API or a customer's mail creates one.</p>`
      : `<table><thead><tr><th>Status</th><th>No.</th><th>Subject</th><th>Requester</th><th>Assignee</th><th>Updated</th></tr></thead>
<tbody>${tickets.map((ticket) => row(world, ticket)).join("")}</tbody></table>${more}`
  return layout(world, "Tickets", `<h1>Tickets <small>${world.tickets.count}</small></h1>${table}`)
}

/** Links of a comment, listed below its text: the page shows no foreign markup. */
const linksOf = (comment: Comment): string =>
  [...comment.htmlBody.matchAll(/<a [^>]*href="(https?:[^"<>]+)"[^>]*>([^<]*)<\/a>/g)]
    .map(
      ([, href = "", label = ""]) => `<a href="${href}" rel="noreferrer">${label === "" ? href : label}</a>`,
    )
    .join(" · ")

export const commentCard = (world: World, comment: Comment): string => {
  const author = world.users.byId.get(comment.authorId)
  const links = linksOf(comment)
  const kind = comment.public ? (author !== undefined && isAgent(author) ? "agent" : "customer") : "note"
  const files = comment.attachments
    .map(
      (file) =>
        `<li><a href="/agent/attachments/${file.token}">${escapeHtml(file.fileName)}</a> <small>${file.bytes.length} bytes</small></li>`,
    )
    .join("")
  return `<article class="comment ${kind}"><header><strong>${name(world, comment.authorId)}</strong>
<span>${comment.public ? "public" : "internal note"} · ${escapeHtml(comment.via.channel)}</span>${time(comment.createdAt)}</header>
<p dir="auto">${escapeHtml(comment.plainBody)}</p>${links === "" ? "" : `<p class="links">${links}</p>`}${files === "" ? "" : `<ul class="files">${files}</ul>`}</article>`
}

/** Everyone who can act, the ticket's assignee chosen. */
export const agents = (world: World, ticket: Ticket): string => {
  const all = [...world.users.byId.values()].filter((user: User) => isAgent(user) && user.active)
  const chosen = ticket.assigneeId ?? all.find((user) => user.role === "agent")?.id
  return all
    .map(
      (user) =>
        `<option value="${user.id}"${user.id === chosen ? " selected" : ""}>${escapeHtml(user.name)}</option>`,
    )
    .join("")
}

/** What the side shows of a ticket: people, tags, fields. */
export const aside = (world: World, ticket: Ticket): string => {
  const tags = ticket.tags.map((tag) => `<span class="tag">${escapeHtml(tag)}</span>`).join(" ")
  const fields = [...world.ticketFields.values()]
    .filter((field) => field.removable)
    .map(
      (field) =>
        `<dt>${escapeHtml(field.title)}</dt><dd>${escapeHtml(String(ticket.customFields.get(field.id) ?? "–"))}</dd>`,
    )
    .join("")
  return `<dt>Requester</dt><dd>${name(world, ticket.requesterId)}</dd><dt>Assignee</dt><dd>${name(world, ticket.assigneeId)}</dd>
<dt>External ID</dt><dd class="mono">${escapeHtml(ticket.externalId ?? "–")}</dd><dt>Tags</dt><dd>${tags || "–"}</dd>${fields}`
}

const forms = (world: World, ticket: Ticket): string => {
  if (ticket.status === "closed")
    return `<p class="empty">This ticket is closed: nothing can be changed on it.</p>`
  return `<form class="composer" method="post" action="/agent/tickets/${ticket.id}" enctype="multipart/form-data">
<label>As <select name="author_id">${agents(world, ticket)}</select></label>
<label class="wide">Message<textarea name="body" rows="5" dir="auto"></textarea></label>
<label>File <input type="file" name="file"></label>
<div class="buttons"><button name="action" value="reply" class="primary">Public reply</button>
<button name="action" value="note">Internal note</button><button name="action" value="pending">Pending</button>
<button name="action" value="solve">Solve</button><button name="action" value="close">Close</button>
${ticket.status === "solved" || ticket.status === "pending" ? `<button name="action" value="reopen">Reopen</button>` : ""}</div></form>`
}

export const warning = (problem: string | undefined): string =>
  problem === undefined ? "" : `<p class="problem" role="alert">${escapeHtml(problem)}</p>`

export const ticketPage = (world: World, ticket: Ticket, problem?: string): string => {
  const chat = ticket.fromMessagingChannel
    ? `<dt>Live chat</dt><dd><a href="/agent/chats/${ticket.id}">Open the chat</a></dd>`
    : ""
  const side = `<aside><dl>${aside(world, ticket)}${chat}</dl></aside>`
  return layout(
    world,
    `#${ticket.id} ${ticket.subject}`,
    `<h1 dir="auto">${badge(ticket.status)} #${ticket.id} ${escapeHtml(ticket.subject)}</h1>${warning(problem)}
<div class="columns"><section>${ticket.comments.map((comment) => commentCard(world, comment)).join("")}${forms(world, ticket)}</section>${side}</div>`,
  )
}
