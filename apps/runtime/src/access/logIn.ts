/** Logging in: with a password, or by a link that works once. Guessing is counted before a password is looked at. */
import { foldAddress } from "@opencx/core"
import { type LockPolicy, LoginFailures, Tickets, Users } from "@opencx/storage"
import { Clock, Effect, Schema } from "effect"
import { everywhere } from "./Principal.ts"
import { hashPassword, passwordFits } from "./passwords.ts"
import { digestOf, newToken } from "./tokens.ts"

/** How long a browser stays logged in. */
export const sessionHours = 12
/** How long an invitation is good. */
export const inviteHours = 72

const hourMs = 3_600_000
const minuteMs = 60_000

/** No such user, no password, or another one: who guesses is not told which. */
export class WrongPassword extends Schema.TaggedError<WrongPassword>("@opencx/runtime/WrongPassword")(
  "WrongPassword",
  {},
) {}

/** Too many failures; `seconds` until the next try. */
export class LockedOut extends Schema.TaggedError<LockedOut>("@opencx/runtime/LockedOut")("LockedOut", {
  seconds: Schema.Int,
}) {}

/** A link that was used, is too old, or was never ours. */
export class LinkVoid extends Schema.TaggedError<LinkVoid>("@opencx/runtime/LinkVoid")("LinkVoid", {}) {}

/**
 * One guesser at one account is stopped soon. The account as a whole, and one network address over all accounts, only by a
 * crowd of failures: else anybody could lock out others.
 */
type Lock = readonly [subject: string, policy: LockPolicy]

const locks = (email: string, address: string): readonly [Lock, Lock, Lock] => {
  const times = { longestMs: 15 * minuteMs, forgetMs: 60 * minuteMs }
  return [
    [`login ${email} from ${address}`, { ...times, free: 5, firstMs: minuteMs / 2 }],
    [`login ${email}`, { ...times, free: 50, firstMs: minuteMs }],
    [`login from ${address}`, { ...times, free: 100, firstMs: minuteMs }],
  ]
}

/** Opens a browser session; answers with its token, for the cookie. */
export const openSession = Effect.fn("openSession")(function* (userId: string) {
  const token = newToken()
  const expiresAt = (yield* Clock.currentTimeMillis) + sessionHours * hourMs
  yield* (yield* Tickets).sessions.add({ digest: digestOf(token), userId, expiresAt })
  return token
})

const refuseFor = (ms: number): Effect.Effect<void, LockedOut> =>
  ms > 0 ? Effect.fail(new LockedOut({ seconds: Math.ceil(ms / 1000) })) : Effect.void

/** Answers with the token of a new browser session. `address`: whose tries are counted together. */
export const logIn = Effect.fn("logIn")(function* (input: {
  readonly email: string
  readonly password: string
  readonly address: string
}) {
  const failures = yield* LoginFailures
  const email = foldAddress(input.email.slice(0, 300))
  const all = locks(email, input.address)
  const locked = yield* Effect.forEach(all, ([subject]) => failures.lockedFor(subject))
  yield* refuseFor(Math.max(...locked))
  // Counted before it is looked at: of a hundred tries that come at once, all but the first few must find the lock.
  const now = yield* Effect.forEach(all, ([subject, policy]) => failures.add(subject, policy))
  yield* refuseFor(Math.max(...now))
  const stored = yield* (yield* Users).passwordOf(email)
  if (!(yield* passwordFits(input.password.slice(0, 1000), stored?.digest ?? null)) || stored === null)
    return yield* new WrongPassword()
  const [here, account, address] = all
  for (const [subject] of [here, account]) yield* failures.clear(subject)
  // Not cleared, or a user of one's own would give new tries at all others; but a whole office may log in on one morning.
  yield* failures.forgive(address[0])
  return yield* openSession(stored.id)
})

/** `setup`: makes the first owner. `invite`: lets the user `subject` choose a password. */
export type LinkPurpose = "setup" | "invite"

/** A token for a link to `/login/link`; shown once, kept as a digest. */
export const newLink = Effect.fn("newLink")(function* (purpose: LinkPurpose, subject: string) {
  const token = newToken()
  const expiresAt = (yield* Clock.currentTimeMillis) + inviteHours * hourMs
  yield* (yield* Tickets).once.add({ digest: digestOf(token), purpose, subject, expiresAt })
  return token
})

export const linkUrl = (publicUrl: string, token: string): string => `${publicUrl}/login/link?token=${token}`

/** Makes an owner of everything. */
export const makeOwner = Effect.fn("makeOwner")(function* (input: {
  readonly email: string
  readonly name: string
  readonly password: string
}) {
  const users = yield* Users
  const audit = {
    orgId: everywhere,
    actor: "setup",
    actorName: "first start",
    action: "user.create",
    target: input.email,
    changes: [{ path: "role", to: "owner" }],
  }
  const memberships = [{ orgId: everywhere, role: "owner" }]
  return yield* users.create({ ...input, memberships, password: yield* hashPassword(input.password) }, audit)
})

/** Uses a link up; answers with the token of a new browser session. The password has been checked for its length. */
export const followLink = Effect.fn("followLink")(function* (input: {
  readonly token: string
  /** For `setup`. */
  readonly email: string
  readonly name: string
  readonly password: string
}) {
  const { once } = yield* Tickets
  const users = yield* Users
  const link = yield* once.take(digestOf(input.token))
  if (link === null) return yield* new LinkVoid()
  if (link.purpose === "setup") {
    // Somebody else was set up meanwhile: the link was for the first one alone.
    if ((yield* users.count) > 0) return yield* new LinkVoid()
    return yield* openSession((yield* makeOwner(input)).id)
  }
  const user = link.purpose === "invite" ? yield* users.get(link.subject) : null
  if (user === null || user.disabled) return yield* new LinkVoid()
  const audit = {
    orgId: everywhere,
    actor: `user:${user.id}`,
    actorName: user.email,
    action: "user.password",
    target: user.email,
    changes: [],
  }
  yield* users.update(user.id, { password: yield* hashPassword(input.password) }, audit)
  return yield* openSession(user.id)
})
