import { badRequest, recordNotFound } from "../http/Reply.ts"
import { agentOf } from "./agents.ts"
import { readComment } from "../support/commentInput.ts"
import { resolveRequester } from "../support/requester.ts"
import { createTicket, statusAfterCustomer, updateTicket } from "../support/ticketWriter.ts"
import type { TicketChange } from "../support/ticketInput.ts"
import { asArray, asBool, asString, get, has } from "../world/json.ts"
import { urlToken } from "../world/ids.ts"
import { type Attachment, type Ticket, ticketStatuses, type TicketStatus, via } from "../world/model.ts"
import type { World } from "../world/World.ts"

/** What a person does in the Agent Workspace. */
export const agentActionNames = ["reply", "note", "solve", "close", "reopen", "pending", "hold"] as const

const statusByAction: Readonly<Record<string, TicketStatus>> = {
  solve: "solved",
  close: "closed",
  reopen: "open",
  pending: "pending",
  hold: "hold",
}

/** It becomes a header of the CDN's answer, where a line break would end the process. */
const headerSafe = (text: string): string => text.replace(/[^\x20-\x7e]+/g, "").trim()

/** Files as `{file_name, content_type, content_base64}`; they become an upload of their own. */
const uploadFiles = (world: World, files: unknown): ReadonlyArray<string> => {
  const items = asArray(files)
  if (items.length === 0) return []
  const attachments = items.map((file): Attachment => {
    const content = asString(get(file, "content_base64"))
    const fileName = asString(get(file, "file_name"))
    if (content === undefined || fileName === undefined) {
      throw badRequest("InvalidAttachment", "attachments need file_name, content_type and content_base64")
    }
    return world.addAttachment({
      id: world.nextId(),
      fileName,
      contentType: headerSafe(asString(get(file, "content_type")) ?? "") || "application/octet-stream",
      token: urlToken(),
      bytes: Buffer.from(content, "base64"),
      createdAt: world.now(),
    })
  })
  const token = urlToken()
  world.uploads.set(token, { token, attachments, createdAt: world.now(), consumed: false })
  return [token]
}

const commentOf = (world: World, source: unknown, isPublic: boolean): TicketChange => {
  const uploads = uploadFiles(world, get(source, "attachments"))
  const html = get(source, "html_body")
  const body = get(source, "body")
  if (html === undefined && (body === undefined || body === "") && uploads.length === 0) return {}
  const comment = readComment(world, {
    ...(html === undefined ? { body: body ?? "" } : { html_body: html }),
    public: isPublic,
    uploads,
  })
  return comment === undefined ? {} : { comment }
}

const wantedStatus = (source: unknown, action: string): TicketStatus | undefined => {
  const sent = asString(get(source, "status"))
  const status = sent ?? statusByAction[action]
  return ticketStatuses.find((item) => item === status)
}

/** Carries out an agent's action through the web (via 0), with triggers and webhooks as in real life. */
export const agentAction = (world: World, ticketId: number, source: unknown): Ticket => {
  const ticket = world.tickets.find(ticketId)
  if (ticket === undefined) throw recordNotFound()
  const action = agentActionNames.find((name) => name === get(source, "action"))
  if (action === undefined)
    throw badRequest("InvalidAction", `action must be one of ${agentActionNames.join(", ")}`)
  const user = agentOf(world, source, ticket)
  const status = wantedStatus(source, action)
  // A reply to a live chat is a message in it, not a comment.
  if (action === "reply" && world.chatReply?.(ticket, source) === true) {
    if (status !== undefined) updateTicket(world, ticket, { status }, { user, via: via.web() })
    return ticket
  }
  const spoken = commentOf(world, source, action !== "note" && (asBool(get(source, "public")) ?? true))
  if ((action === "reply" || action === "note") && spoken.comment === undefined) {
    throw badRequest("BlankComment", "a reply or a note needs body, html_body or attachments")
  }
  const takeIt = action === "reply" && ticket.assigneeId === null ? { assigneeId: user.id } : {}
  updateTicket(
    world,
    ticket,
    { ...spoken, ...takeIt, ...(status === undefined ? {} : { status }) },
    { user, via: via.web() },
  )
  return ticket
}

/** The customer answers by e-mail: a public comment via 4; a closed ticket gets a follow-up. */
export const requesterReply = (world: World, ticketId: number, source: unknown): Ticket => {
  const ticket = world.tickets.find(ticketId)
  if (ticket === undefined) throw recordNotFound()
  const requester = world.users.byId.get(ticket.requesterId)
  if (requester === undefined) throw recordNotFound()
  const spoken = commentOf(world, source, true)
  if (spoken.comment === undefined)
    throw badRequest("BlankComment", "a reply needs body, html_body or attachments")
  const actor = { user: requester, via: via.email(requester.email ?? "", requester.name) }
  if (ticket.status === "closed") {
    const change = { subject: `Re: ${ticket.subject}`, tags: ticket.tags }
    const input = { change, requester, submitter: requester, comment: spoken.comment, followUpOf: ticket }
    return createTicket(world, input, actor).ticket
  }
  updateTicket(world, ticket, { ...spoken, status: statusAfterCustomer(ticket) }, actor)
  return ticket
}

/** A customer opens a ticket by e-mail, past the API. */
export const customerTicket = (world: World, source: unknown): Ticket => {
  const fallback = world.integrationUser()
  if (fallback === undefined) throw recordNotFound()
  if (!has(source, "requester") && !has(source, "requester_id"))
    throw badRequest("NoRequester", "requester or requester_id is required")
  const spoken = commentOf(world, source, true)
  if (spoken.comment === undefined)
    throw badRequest("BlankComment", "a ticket needs body, html_body or attachments")
  const requester = resolveRequester(world, source, fallback)
  const change = { subject: asString(get(source, "subject")) ?? "" }
  const input = { change, requester, submitter: requester, comment: spoken.comment, followUpOf: undefined }
  return createTicket(world, input, {
    user: requester,
    via: via.email(requester.email ?? "", requester.name),
  }).ticket
}
