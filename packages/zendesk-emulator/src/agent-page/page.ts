import { agentAction } from "../control/agentActions.ts"
import { crossSite } from "../control/control.ts"
import { header, type ApiRequest } from "../http/Request.ts"
import { ApiError, html, redirect, type Reply, text } from "../http/Reply.ts"
import { asInt, asObject, asString, get, parseJson } from "../world/json.ts"
import type { Ticket } from "../world/model.ts"
import type { World } from "../world/World.ts"
import { ticketList, ticketPage } from "./render.ts"
import { css } from "./style.ts"

/** No scripts at all, nothing from elsewhere, no framing. */
const headers = {
  "content-security-policy":
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
} as const

const page = (status: number, body: string): Reply => html(status, body, headers)

const notFound = page(404, "<!DOCTYPE html><title>Not found</title><p>There is no such ticket.</p>")

/** The form as an action: text fields, and at most a file per input. */
const readForm = async (request: ApiRequest): Promise<object> => {
  const type = header(request, "content-type") ?? ""
  if (type.includes("application/x-www-form-urlencoded"))
    return Object.fromEntries(new URLSearchParams(request.body.toString("utf8")))
  const form = await new Response(new Uint8Array(request.body), {
    headers: { "content-type": type },
  }).formData()
  const fields: Record<string, unknown> = {}
  const attachments: Array<object> = []
  for (const [name, value] of form) {
    if (typeof value === "string") fields[name] = value
    else if (value.size > 0) {
      const content = Buffer.from(await value.arrayBuffer()).toString("base64")
      attachments.push({ file_name: value.name, content_type: value.type, content_base64: content })
    }
  }
  return attachments.length === 0 ? fields : { ...fields, attachments }
}

const problemOf = (error: ApiError): string => {
  const body = parseJson(String(error.reply.body))
  const details = Object.values(asObject(get(body, "details"))).flat()
  const texts = details.flatMap((item) => asString(get(item, "description")) ?? [])
  return texts.join(" ") || (asString(get(body, "description")) ?? "The action was refused.")
}

const act = async (world: World, ticket: Ticket, request: ApiRequest): Promise<Reply> => {
  if (crossSite(request)) return text(403, "Forms must not be sent from another site")
  let form: object
  try {
    form = await readForm(request)
  } catch {
    return page(400, ticketPage(world, ticket, "The form could not be read; please send it again."))
  }
  try {
    agentAction(world, ticket.id, form)
    return redirect(`/agent/tickets/${ticket.id}`, 303)
  } catch (error) {
    if (error instanceof ApiError)
      return page(error.reply.status, ticketPage(world, ticket, problemOf(error)))
    throw error
  }
}

const attachment = (world: World, token: string): Reply => {
  const file = world.attachments.get(token)
  if (file === undefined) return notFound
  return {
    status: 200,
    // Always a download: a customer's HTML must not run on this origin.
    headers: {
      ...headers,
      "content-type": "application/octet-stream",
      "content-disposition": `attachment; filename*=UTF-8''${encodeURIComponent(file.fileName)}`,
    },
    body: file.bytes,
  }
}

/** The agent's side of the account, for a person with a browser. */
export const agentPage = async (world: World, request: ApiRequest): Promise<Reply | undefined> => {
  if (request.path === "/" && request.method === "GET") return redirect("/agent")
  if (request.path !== "/agent" && !request.path.startsWith("/agent/")) return undefined
  if (request.path === "/agent") return page(200, ticketList(world, asInt(request.query.get("before"))))
  if (request.path === "/agent/style.css") {
    return { status: 200, headers: { ...headers, "content-type": "text/css; charset=utf-8" }, body: css }
  }
  const token = /^\/agent\/attachments\/([\w-]+)$/.exec(request.path)?.[1]
  if (token !== undefined) return attachment(world, token)
  const ticket = world.tickets.find(asInt(/^\/agent\/tickets\/(\d+)$/.exec(request.path)?.[1]) ?? 0)
  if (ticket === undefined) return notFound
  return request.method === "POST" ? act(world, ticket, request) : page(200, ticketPage(world, ticket))
}
