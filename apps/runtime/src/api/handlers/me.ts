import { LoginFailures, Tickets, Users } from "@opencx/storage"
import { Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { Forbidden } from "../../access/Access.ts"
import { hashPassword, passwordFits } from "../../access/passwords.ts"
import { Api } from "../contract/Api.ts"
import { Caller } from "../contract/Guard.ts"
import { outage } from "../GuardLive.ts"
import { auditOf } from "./common.ts"

const usersOnly = new Forbidden({ hint: "Only users have a password and sessions: log in under /login." })

const minuteMs = 60_000
const guesses = { free: 5, firstMs: minuteMs, longestMs: 15 * minuteMs, forgetMs: 60 * minuteMs }

/** Whoever finds an open browser must not be able to guess the password there. */
const checkCurrent = Effect.fnUntraced(function* (userId: string, current: string) {
  const users = yield* Users
  const failures = yield* LoginFailures
  const subject = `password of ${userId}`
  const lock = Math.max(yield* failures.lockedFor(subject), yield* failures.add(subject, guesses))
  if (lock > 0)
    return yield* new Forbidden({
      hint: `Too many failures: try again in ${Math.ceil(lock / 1000)} seconds.`,
    })
  const user = yield* users.get(userId)
  const stored = user === null ? null : yield* users.passwordOf(user.email)
  if (!(yield* passwordFits(current.slice(0, 1000), stored?.digest ?? null)))
    return yield* new Forbidden({ hint: "That is not the current password." })
  yield* failures.clear(subject)
})

export const MeHandlers = HttpApiBuilder.group(Api, "me", (handlers) =>
  handlers.handleAll({
    read: () =>
      Effect.map(Caller, ({ principal }) => ({
        kind: principal.kind,
        name: principal.name,
        userId: principal.userId,
        grants: Object.fromEntries([...principal.grants].map(([orgId, actions]) => [orgId, [...actions]])),
        csrfToken: principal.csrfToken,
      })),
    setPassword: Effect.fnUntraced(
      function* ({ payload }) {
        const { principal } = yield* Caller
        if (principal.userId === null) return yield* usersOnly
        yield* checkCurrent(principal.userId, payload.current)
        const password = yield* hashPassword(payload.new)
        const audit = auditOf(principal, null, "user.password", principal.name)
        yield* (yield* Users).update(principal.userId, { password }, audit)
      },
      // A password takes no role away.
      Effect.catchTags({ StoreError: outage, LastOwner: Effect.die }),
    ),
    endSessions: Effect.fnUntraced(
      function* () {
        const { principal } = yield* Caller
        if (principal.userId === null) return yield* usersOnly
        yield* (yield* Tickets).sessions.endAllOf(principal.userId)
      },
      Effect.catchTag("StoreError", outage),
    ),
  }),
)
