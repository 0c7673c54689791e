import { invalidField, json, recordInvalid, type Reply } from "../http/Reply.ts"
import { asInt, asString, get } from "../world/json.ts"
import { type Ticket, type User, via } from "../world/model.ts"
import type { World } from "../world/World.ts"
import { readComment } from "./commentInput.ts"
import { resolveRequester } from "./requester.ts"
import { readChange } from "./ticketInput.ts"
import { createTicket } from "./ticketWriter.ts"
import { viewAudit, viewTicket } from "./ticketView.ts"

/** Follow-ups exist only of closed tickets. */
const followUpSource = (world: World, source: unknown): Ticket | undefined => {
  const wanted = get(source, "via_followup_source_id")
  if (wanted === undefined || wanted === null) return undefined
  const ticket = world.tickets.find(asInt(wanted) ?? 0)
  if (ticket === undefined || ticket.status !== "closed") {
    throw recordInvalid({
      via_followup_source_id: [
        { description: "Via followup source: must be a closed ticket", error: "InvalidValue" },
      ],
    })
  }
  return ticket
}

const submitterOf = (world: World, source: unknown): User | undefined => {
  const wanted = get(source, "submitter_id")
  if (wanted === undefined || wanted === null) return undefined
  const user = world.users.byId.get(asInt(wanted) ?? 0)
  if (user === undefined || !user.active)
    throw invalidField("submitter", "Submitter: is invalid", "InvalidValue")
  return user
}

/** `POST /tickets`: everything is checked before a requester or a ticket comes into being. */
export const createFromApi = (world: World, source: unknown, caller: User): Reply => {
  const followUpOf = followUpSource(world, source)
  const change = readChange(world, source)
  const description = asString(get(source, "description"))
  const comment =
    change.comment ??
    readComment(world, description === undefined || description === "" ? undefined : { body: description })
  if (comment === undefined) {
    throw recordInvalid({ base: [{ description: "Description: cannot be blank", error: "BlankValue" }] })
  }
  const chosen = submitterOf(world, source)
  const requester = resolveRequester(world, source, caller)
  const author = comment.authorId === undefined ? undefined : world.users.byId.get(comment.authorId)
  const written = createTicket(
    world,
    { change, requester, submitter: chosen ?? author ?? caller, comment, followUpOf },
    { user: caller, via: via.api() },
  )
  return json(
    201,
    {
      ticket: viewTicket(world, written.ticket),
      audit: written.audit === null ? null : viewAudit(written.audit),
    },
    { location: `${world.baseUrl}/api/v2/tickets/${written.ticket.id}.json` },
  )
}
