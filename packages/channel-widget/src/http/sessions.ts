/** `POST /session`: a token for this browser. `POST /identify`: a token for whom the site's server names. */
import { Effect, Schema } from "effect"
import { verifyIdentity } from "../identity/jwt.ts"
import type { Claims } from "../identity/tokens.ts"
import { ownerMark, threadKeyOf, threadOfSubject, threadRef, visitorOf } from "../identity/visitor.ts"
import type { WireSession } from "../wire.ts"
import { admit, type Call, claimsOf, limit } from "./access.ts"
import { json } from "./answers.ts"
import { jsonBody } from "./body.ts"
import type { Site } from "./Site.ts"

const wireSession = (site: Site, claims: Claims): WireSession => {
  const visitor = visitorOf(claims, site.settings.siteKey)
  return {
    token: site.tokens.seal(claims),
    visitor: visitor.id,
    conversation: visitor.thread.defaultKey,
    identified: visitor.identified,
    name: visitor.sender.name,
    expiresAt: claims.exp,
  }
}

const refOf = (site: Site, claims: Claims) =>
  threadRef(site.account, visitorOf(claims, site.settings.siteKey))

/** Whether a conversation is under way in the thread of these claims. */
const underWay = Effect.fnUntraced(function* (site: Site, claims: Claims) {
  const { state } = yield* site.view.state(refOf(site, claims))
  return state !== "none" && state !== "closed"
})

/** Claims that go on: an anonymous visitor lives longer, an identified one returns to their own thread when they can. */
const renewed = Effect.fnUntraced(function* (site: Site, claims: Claims, now: number) {
  if (claims.k === "a") return { ...claims, exp: site.tokens.fresh(now).exp }
  const own = threadOfSubject(claims.sub)
  return claims.thread === own || (yield* underWay(site, claims)) ? claims : { ...claims, thread: own }
})

/** Claims that still hold and whose thread is still theirs. */
const heldClaims = Effect.fnUntraced(function* (call: Call) {
  const claims = claimsOf(call)
  if (claims === null) return null
  return yield* admit(call.site, claims).pipe(
    Effect.as(claims),
    Effect.catchTag("Refusal", () => Effect.succeed(null)),
  )
})

/** Sessions that one address may begin. */
const sessionsPerMinute = 60

export const postSession = Effect.fnUntraced(function* (call: Call) {
  const { now, site } = call
  const held = yield* heldClaims(call)
  if (held !== null) return json(wireSession(site, yield* renewed(site, held, now)))
  yield* limit(site, `session:${call.address}`, sessionsPerMinute, now)
  return json(wireSession(site, site.tokens.fresh(now)), 201)
})

const identifyBody = jsonBody(Schema.Struct({ jwt: Schema.NonEmptyString }))

/**
 * The thread that an identified person goes on in: the conversation that is under way in this browser, when it is
 * theirs or nobody's; else their own. Of an anonymous visitor's past nothing else comes along.
 */
const threadFor = Effect.fnUntraced(function* (site: Site, held: Claims | null, sub: string) {
  const own = threadOfSubject(sub)
  if (held === null || threadKeyOf(held) === own) return own
  if (held.k === "u" && held.sub !== sub) return own
  if (!(yield* underWay(site, held))) return own
  const mark = ownerMark({ k: "u", sub, name: null, email: null, thread: own, exp: 0 })
  const theirs = mark !== null && (yield* site.owners.claim(refOf(site, held), mark))
  return theirs ? threadKeyOf(held) : own
})

export const postIdentify = Effect.fnUntraced(function* (call: Call) {
  const { now, site } = call
  const { jwt } = yield* identifyBody(call.request)
  yield* limit(site, `identify:${call.address}`, sessionsPerMinute, now)
  const subject = yield* verifyIdentity(jwt, site.settings, now)
  const thread = yield* threadFor(site, yield* heldClaims(call), subject.sub)
  return json(wireSession(site, site.tokens.known({ ...subject, thread }, now)))
})
