/** `GET /relay/:token`: where Twilio's relay connects. Nothing is upgraded before the request is proven to be Twilio's. */
import { type Account, type ServeHost, SignatureRejected } from "@opencx/core"
import { Clock, Effect, Layer } from "effect"
import * as HttpRouter from "effect/http/HttpRouter"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import type { PhoneSettings } from "../settings/PhoneSettings.ts"
import type { TwilioSettings } from "../settings/twilio.ts"
import { openRelay, relayUrl, type RelayTicket } from "../twilio/links.ts"
import { verifyTwilio } from "../twilio/signature.ts"
import type { Calls } from "./Calls.ts"
import { serveConnection } from "./connection.ts"
import { MAX_CALLS, TICKET_MS } from "./limits.ts"

type TwilioAccount = Account<TwilioSettings>

const twilioAccounts = (host: ServeHost<PhoneSettings>): ReadonlyArray<TwilioAccount> =>
  host.accounts.flatMap((account) =>
    account.settings.provider === "twilio" ? [{ ...account, settings: account.settings }] : [],
  )

const rejected = (detail: string) => new SignatureRejected({ detail })

/** Whose call a token is for. Tokens are signed per account, so at most one account opens it. */
const accountOf = (
  accounts: ReadonlyArray<TwilioAccount>,
  token: string,
): { readonly account: TwilioAccount; readonly ticket: RelayTicket } | null => {
  for (const account of accounts) {
    const ticket = openRelay(account, token)
    if (ticket !== null) return { account, ticket }
  }
  return null
}

/** The request is Twilio's, for a token of ours that is fresh and unused. */
const admit = Effect.fnUntraced(function* (
  request: HttpServerRequest,
  token: string,
  accounts: ReadonlyArray<TwilioAccount>,
  calls: Calls,
) {
  const found = accountOf(accounts, token)
  if (found === null) return yield* rejected("this address is not one of ours")
  const query = /\?.*$/.exec(request.originalUrl)?.[0] ?? ""
  const url = relayUrl(found.account, token) + query
  yield* verifyTwilio(request.headers["x-twilio-signature"], url, new Map(), found.account.settings)
  if (Math.abs((yield* Clock.currentTimeMillis) - found.ticket.issuedAt) > TICKET_MS)
    return yield* rejected("this address is too old")
  if (!calls.claim(token)) return yield* rejected("this address was used before")
  return found
})

/** The relay's route for all Twilio accounts. */
export const relayRoutes = (host: ServeHost<PhoneSettings>, calls: Calls) =>
  Layer.unwrap(
    Effect.gen(function* () {
      const scope = yield* Effect.scope
      const accounts = twilioAccounts(host)
      // Connections do not read settings of other accounts, so theirs are not handed on.
      const bare: ServeHost<unknown> = {
        accounts: [],
        accept: host.accept,
        conversations: host.conversations,
      }
      const connect = Effect.fnUntraced(function* (request: HttpServerRequest, token: string) {
        if (calls.size >= MAX_CALLS) return HttpServerResponse.empty({ status: 503 })
        const { account, ticket } = yield* admit(request, token, accounts, calls)
        const socket = yield* request.upgrade
        yield* serveConnection(socket, { account, ticket, host: bare, calls, scope })
        return HttpServerResponse.empty()
      })
      return HttpRouter.add("GET", "/relay/:token", (request) =>
        HttpRouter.params.pipe(
          Effect.flatMap(({ token = "" }) => connect(request, token)),
          Effect.catchTags({
            SignatureRejected: () => Effect.succeed(HttpServerResponse.empty({ status: 401 })),
            HttpServerError: () => Effect.succeed(HttpServerResponse.empty({ status: 426 })),
          }),
        ),
      )
    }),
  )
