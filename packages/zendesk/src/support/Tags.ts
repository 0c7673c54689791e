/** Tags of a ticket. They are only ever added: `ticket.tags` on an update would replace the agents' own. */
import { Effect } from "effect"
import type { TicketId } from "@opencx/core"
import type { ZendeskClient } from "../client/Client.ts"
import { toTicketingError } from "./Calls.ts"
import { jsonText } from "../client/Json.ts"

/** Zendesk lower-cases tags and has no spaces in them; its exact rule is not documented, so we send the plain form. */
export const normalTags = (tags: ReadonlyArray<string>): ReadonlyArray<string> => [
  ...new Set(
    tags
      .map((tag) =>
        tag
          .trim()
          .toLowerCase()
          .replaceAll(/[^\p{L}\p{M}\p{N}_\-/]+/gu, "_"),
      )
      .filter((tag) => tag !== "" && !/^_+$/.test(tag)),
  ),
]

/** Adds tags with `PUT /tickets/{id}/tags`, which keeps the others. Adding twice is the same as once. */
export const addTags = Effect.fnUntraced(function* (
  client: ZendeskClient,
  ticketId: TicketId,
  tags: ReadonlyArray<string>,
) {
  const normal = normalTags(tags)
  if (normal.length === 0) return
  yield* client
    .request({
      method: "PUT",
      path: `/api/v2/tickets/${ticketId}/tags`,
      json: jsonText({ tags: normal }),
    })
    .pipe(Effect.mapError(toTicketingError("addTags", { what: `ticket ${ticketId}`, repeatable: true })))
})
