import { createHash } from "node:crypto"
import { header, type ApiRequest } from "../http/Request.ts"
import { conflict, json, type Reply } from "../http/Reply.ts"
import type { World } from "../world/World.ts"

const twoHours = 2 * 3_600_000

const hashOf = (body: Buffer): string => createHash("sha256").update(body).digest("base64")

const forgetOld = (world: World, now: number): void => {
  // Insertion order is time order, so the old ones are in front.
  for (const [key, entry] of world.idempotency) {
    if (entry.at > now - twoHours) return
    world.idempotency.delete(key)
  }
}

/**
 * The rules of `Idempotency-Key` on ticket creation: kept 2 h for the whole account; the same request again
 * gets the first answer (`x-idempotency-lookup: hit`), another body 400, one still under way 409.
 */
export const reserveIdempotent = (
  world: World,
  request: ApiRequest,
): Reply | ((reply: Reply | null) => Reply | null) => {
  const key = header(request, "idempotency-key")
  if (key === undefined || key === "") return (reply) => reply
  if (key.length > 255) {
    return json(400, {
      error: "IdempotentRequestError",
      description: "Idempotency key is longer than 255 characters",
    })
  }
  const now = world.now()
  forgetOld(world, now)
  const bodyHash = hashOf(request.body)
  const known = world.idempotency.get(key)
  if (known !== undefined) return replay(known, bodyHash)
  const entry = { bodyHash, at: now, reply: null }
  world.idempotency.set(key, entry)
  return (reply) => settle(world, key, bodyHash, now, reply)
}

const replay = (
  known: { readonly bodyHash: string; readonly reply: StoredReply | null },
  bodyHash: string,
): Reply => {
  if (known.bodyHash !== bodyHash) {
    return json(400, {
      error: "IdempotentRequestError",
      description: "Request parameters don't match the given idempotency key",
    })
  }
  if (known.reply === null) {
    return conflict("IdempotentRequestInProgress", "A request with this idempotency key is in progress").reply
  }
  return { ...known.reply, headers: { ...known.reply.headers, "x-idempotency-lookup": "hit" } }
}

interface StoredReply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Only a created ticket holds its key; a refused request may be corrected and sent again. */
const settle = (
  world: World,
  key: string,
  bodyHash: string,
  at: number,
  reply: Reply | null,
): Reply | null => {
  if (reply === null || reply.status !== 201 || typeof reply.body !== "string") {
    world.idempotency.delete(key)
    return reply
  }
  const stored = { status: reply.status, headers: reply.headers, body: reply.body }
  world.idempotency.set(key, { bodyHash, at, reply: stored })
  return { ...reply, headers: { ...reply.headers, "x-idempotency-lookup": "miss" } }
}
