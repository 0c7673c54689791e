import { htmlToText } from "../support/text.ts"
import { longDate } from "../world/edge.ts"
import { iso } from "../world/ids.ts"
import { isAgent, type Comment, type Ticket, type User } from "../world/model.ts"
import type { World } from "../world/World.ts"

/** What a template may refer to; anything else renders empty. */
export interface TemplateContext {
  readonly world: World
  readonly ticket: Ticket
  /** null = the system, whose id renders -1. */
  readonly actor: User | null
}

const viaTitles: Readonly<Record<string, string>> = {
  api: "Web service (API)",
  web: "Web form",
  email: "Mail",
  rule: "Rule",
}

const capital = (value: string): string => value.slice(0, 1).toUpperCase() + value.slice(1)

const userPart = (user: User | null | undefined, path: ReadonlyArray<string>): string => {
  if (user === null || user === undefined) return ""
  switch (path.join(".")) {
    case "id":
      return String(user.id)
    case "":
    case "name":
      return user.name
    case "first_name":
      return user.name.split(" ")[0] ?? ""
    case "last_name":
      return user.name.split(" ").slice(1).join(" ")
    case "email":
      return user.email ?? ""
    case "phone":
      return user.phone ?? ""
    case "external_id":
      return user.externalId ?? ""
    case "role":
      return user.role === "admin" ? "Admin" : isAgent(user) ? "Agent" : "End user"
    case "locale":
    case "language":
      return user.locale
    case "tags":
      return user.tags.join(" ")
    default:
      return ""
  }
}

const commentPart = (
  context: TemplateContext,
  comment: Comment | undefined,
  path: ReadonlyArray<string>,
): string => {
  if (comment === undefined) return ""
  const { world } = context
  switch (path[0]) {
    case undefined:
    case "value":
      return comment.body
    case "id":
      return String(comment.id)
    case "is_public":
      return String(comment.public)
    case "created_at":
      return longDate(comment.createdAt)
    case "created_at_with_time":
    case "created_at_with_timestamp":
      return iso(comment.createdAt)
    case "author":
      return userPart(world.users.byId.get(comment.authorId), path.slice(1))
    case "attachments":
      return comment.attachments
        .map((item) => `${item.fileName} (${world.baseUrl}/attachments/token/${item.token}/)`)
        .join("\n")
    case "value_rich":
    case "value_html":
      return comment.htmlBody
    default:
      return ""
  }
}

const formatted = (context: TemplateContext, comment: Comment | undefined): string => {
  if (comment === undefined) return ""
  const author = context.world.users.byId.get(comment.authorId)?.name ?? ""
  return `${"-".repeat(46)}\n${author}, ${longDate(comment.createdAt)}\n\n${comment.body}`
}

/** `latest_comment` counts internal notes; `latest_public_comment` does not. */
const latest = (context: TemplateContext, name: string, path: ReadonlyArray<string>): string | undefined => {
  const match = /^latest_(public_)?comment(_html|_rich|_formatted)?$/.exec(name)
  if (match === null) return undefined
  const onlyPublic = match[1] !== undefined
  const comment = context.ticket.comments.findLast((item) => item.public || !onlyPublic)
  if (match[2] === "_formatted") return formatted(context, comment)
  if (match[2] !== undefined) return comment?.htmlBody ?? ""
  return commentPart(context, comment, path)
}

/** `comments[0]` and `public_comments[0]`: newest first. */
const indexed = (context: TemplateContext, name: string, path: ReadonlyArray<string>): string | undefined => {
  const match = /^(public_)?comments\[(\d{1,5})\]$/.exec(name)
  if (match === null) return undefined
  const onlyPublic = match[1] !== undefined
  const comments = context.ticket.comments.filter((item) => item.public || !onlyPublic)
  return commentPart(context, comments.at(-1 - Number(match[2])), path)
}

const fieldPart = (context: TemplateContext, name: string): string | undefined => {
  const match = /^ticket_field(_option_title)?_(\d+)$/.exec(name)
  if (match === null) return undefined
  const field = context.world.ticketFields.get(Number(match[2]))
  const value = context.ticket.customFields.get(Number(match[2])) ?? ""
  if (match[1] === undefined) return String(value)
  return field?.options.find((option) => option.value === value)?.name ?? ""
}

const ticketPart = (context: TemplateContext, name: string, path: ReadonlyArray<string>): string => {
  const { ticket, world } = context
  switch (name) {
    case "id":
      return String(ticket.id)
    case "encoded_id":
      return String(ticket.id)
    case "external_id":
      return ticket.externalId ?? ""
    case "title":
    case "subject":
      return ticket.subject
    case "description":
      return ticket.description
    case "status":
      return capital(ticket.status)
    case "priority":
      return capital(ticket.priority ?? "")
    case "ticket_type":
      return capital(ticket.type ?? "")
    case "via":
      return viaTitles[ticket.via.channel] ?? ticket.via.channel
    case "tags":
      return ticket.tags.join(" ")
    case "url":
      return `${world.baseUrl.replace(/^https?:\/\//, "")}/agent/tickets/${ticket.id}`
    case "link":
      return `${world.baseUrl}/agent/tickets/${ticket.id}`
    case "account":
      return world.settings.subdomain
    case "group":
      return ticket.groupId === null
        ? ""
        : (world.groups.get(ticket.groupId)?.[path[0] === "id" ? "id" : "name"] ?? "").toString()
    case "brand":
      return (world.brands.get(ticket.brandId)?.[path[0] === "id" ? "id" : "name"] ?? "").toString()
    case "created_at_with_timestamp":
      return iso(ticket.createdAt)
    case "updated_at_with_timestamp":
      return iso(ticket.updatedAt)
    case "created_at":
      return longDate(ticket.createdAt)
    case "updated_at":
      return longDate(ticket.updatedAt)
    case "requester":
      return userPart(world.users.byId.get(ticket.requesterId), path)
    case "submitter":
      return userPart(world.users.byId.get(ticket.submitterId), path)
    case "assignee":
      return userPart(ticket.assigneeId === null ? null : world.users.byId.get(ticket.assigneeId), path)
    default:
      return latest(context, name, path) ?? indexed(context, name, path) ?? fieldPart(context, name) ?? ""
  }
}

const valueOf = (context: TemplateContext, expression: string): string => {
  const [root, ...rest] = expression.split(".")
  if (root === "current_user") {
    if (context.actor === null) return rest[0] === "id" ? "-1" : rest[0] === "name" ? "System" : ""
    return userPart(context.actor, rest)
  }
  if (root === "ticket") return ticketPart(context, rest[0] ?? "", rest.slice(1))
  return ""
}

const placeholder = /\{\{([^{}]*)\}\}/g

/** Fills a template. `escaped` makes every value safe inside a JSON string. */
export const render = (context: TemplateContext, template: string, escaping: "escaped" | "raw"): string =>
  template.replaceAll(placeholder, (_all, expression: string) => {
    const value = valueOf(context, expression.trim())
    return escaping === "escaped" ? JSON.stringify(value).slice(1, -1) : value
  })

/** Mail subjects and bodies: no JSON around. */
export const renderPlain = (context: TemplateContext, template: string): string =>
  htmlToText(render(context, template, "raw"))
