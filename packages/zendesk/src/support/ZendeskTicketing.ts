/** The `Ticketing` port over Zendesk Support. */
import { Ticketing } from "@opencx/core"
import { Effect, Layer } from "effect"
import type { HttpClient } from "effect/http"
import { type ClientLimits, makeZendeskClient, type ZendeskClient } from "../client/Client.ts"
import type { ZendeskConnection } from "../client/Connection.ts"
import { makeAssignee } from "./Assignee.ts"
import { readChanged } from "./Changed.ts"
import { comment } from "./Comment.ts"
import { create } from "./Create.ts"
import { makeFields } from "./Fields.ts"
import { humanComments } from "./HumanComments.ts"
import { prepare } from "./Prepare.ts"
import { makeSelf, verify } from "./Self.ts"
import { addTags } from "./Tags.ts"
import { readThread } from "./Thread.ts"
import { checkTicketId, findByExternalId, getTicket, getTickets } from "./Tickets.ts"

/**
 * Bytes of HTML per comment before the text goes into an attachment. Zendesk documents no limit; 64 KB is reported.
 */
export const defaultCommentLimit = 60_000

/** The port over a client that the caller made, so that it can be shared with the Help Center sync. */
export const ticketingOf = (connection: ZendeskConnection, client: ZendeskClient): Ticketing["Service"] => {
  const self = makeSelf(client)
  const fields = makeFields(client)
  const commentLimit = connection.commentLimit ?? defaultCommentLimit
  const assignee = makeAssignee(
    client,
    connection.defaultAssigneeId === undefined ? null : String(connection.defaultAssigneeId),
  )
  return Ticketing.of({
    verify: verify(client, self.fresh),
    prepare: Effect.fn("Ticketing.prepare")((draft) =>
      prepare({ client, connection, self: self.get, assignee, commentLimit }, draft),
    ),
    create: Effect.fn("Ticketing.create")((prepared) => create(client, prepared)),
    findByExternalId: Effect.fn("Ticketing.findByExternalId")((externalId) =>
      findByExternalId(client, externalId),
    ),
    get: Effect.fn("Ticketing.get")((ticketId) => getTicket(client, ticketId)),
    getMany: Effect.fn("Ticketing.getMany")((ticketIds) => getTickets(client, ticketIds)),
    comment: Effect.fn("Ticketing.comment")((draft) =>
      comment({ client, self: self.get, commentLimit }, draft),
    ),
    addTags: Effect.fn("Ticketing.addTags")((ticketId, tags) =>
      Effect.andThen(checkTicketId("addTags", ticketId), addTags(client, ticketId, tags)),
    ),
    humanComments: Effect.fn("Ticketing.humanComments")((input) => humanComments(client, self.get, input)),
    fields: Effect.fn("Ticketing.fields")((options) => fields(options)),
    thread: Effect.fn("Ticketing.thread")((ticketId, options) =>
      readThread(client, self.get, ticketId, options?.background === true ? "backfill" : "live"),
    ),
    changed: Effect.fn("Ticketing.changed")((input) => readChanged(client, input)),
    commentLimit,
  })
}

/** Makes the port and its client for one organization's account. */
export const makeTicketing = Effect.fn("makeTicketing")(function* (
  connection: ZendeskConnection,
  limits: Partial<ClientLimits> = {},
) {
  const client = yield* makeZendeskClient(connection, limits)
  return ticketingOf(connection, client)
})

/** The same as a layer, for one account per program. */
export const layerTicketing = (
  connection: ZendeskConnection,
): Layer.Layer<Ticketing, never, HttpClient.HttpClient> => Layer.effect(Ticketing, makeTicketing(connection))
