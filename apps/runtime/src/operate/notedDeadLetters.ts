/** Dead letters run again or discarded by somebody who is known, and noted in the audit log. */
import { AuditLog } from "@opencx/storage"
import { Effect } from "effect"
import { everywhere, type Principal } from "../access/Principal.ts"
import { type Chosen, discardWork, type HandledWork, replayWorkNow } from "./deadLetters.ts"

const note = Effect.fnUntraced(function* (
  { actor, name }: Principal,
  { orgId }: Chosen,
  what: "replay" | "discard",
  handled: ReadonlyArray<HandledWork>,
  reason: string | null,
) {
  const log = yield* AuditLog
  const changes = reason === null ? [] : [{ path: "reason", to: reason }]
  const about = { orgId: orgId ?? everywhere, actor, actorName: name, action: `deadLetter.${what}`, changes }
  for (const { id, result } of handled) if (result === "done") yield* log.add({ ...about, target: id })
  return handled
})

/** In the runtime itself, which takes them over at once. */
export const replayNoted = (principal: Principal, chosen: Chosen) =>
  Effect.flatMap(replayWorkNow(chosen), (handled) => note(principal, chosen, "replay", handled, null))

/** The reason stays with each, with the name of who gave it. */
export const discardNoted = (principal: Principal, chosen: Chosen, reason: string) =>
  Effect.flatMap(discardWork(chosen, `${principal.name}: ${reason}`), (handled) =>
    note(principal, chosen, "discard", handled, reason),
  )
