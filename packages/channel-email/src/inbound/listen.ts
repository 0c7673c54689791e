/** Starts what the plugin listens with by itself: the SMTP door, and a watcher per IMAP mailbox. */
import { type ListenHost, type ListenInfo, SettingsRejected } from "@opencx/core"
import { Effect, Schema } from "effect"
import { addressesOf, type EmailSettings } from "../settings.ts"
import { watchMailbox } from "./imap.ts"
import type { ReceiveDeps } from "./receive.ts"
import { listenSmtp } from "./smtp.ts"
import { SmtpOptions } from "./SmtpOptions.ts"

const Options = Schema.Struct({ smtp: Schema.optionalKey(SmtpOptions) })
const decodeOptions = Schema.decodeUnknownEffect(Options, { errors: "all", onExcessProperty: "error" })

/** An account that no mail can reach looks well from everywhere else. */
const warnOfDeaf = (host: ListenHost<EmailSettings>, hasSmtp: boolean) =>
  Effect.forEach(
    host.accounts,
    ({ accountId, orgId, settings: { inbound } }) => {
      const name = `Email account ${orgId}/${accountId}`
      if (inbound.smtp === true && !hasSmtp) {
        return Effect.logWarning(
          `${name} takes mail by SMTP, and nothing listens: set \`listeners.email.smtp\`, or mail does not come in`,
        )
      }
      const ways = Object.values(inbound).filter((way) => way !== undefined && way !== false)
      return ways.length > 0
        ? Effect.void
        : Effect.logWarning(`${name} has no way in: set one under \`inbound\`, or mail does not come in`)
    },
    { discard: true },
  )

const rejectTwins = Effect.fnUntraced(function* (host: ListenHost<EmailSettings>) {
  const owners = new Map<string, string>()
  for (const account of host.accounts.filter((a) => a.settings.inbound.smtp === true)) {
    const name = `${account.orgId}/${account.accountId}`
    for (const address of addressesOf(account.settings)) {
      const other = owners.get(address)
      if (other !== undefined && other !== name) {
        return yield* new SettingsRejected({
          detail: `${address} belongs to ${other} and to ${name}`,
          hint: "give every email address to one account only",
        })
      }
      owners.set(address, name)
    }
  }
})

/** Opens everything for all accounts; lives until the scope closes. */
export const listen = Effect.fn("channel-email.listen")(function* (
  host: ListenHost<EmailSettings>,
  deps: ReceiveDeps,
) {
  const options = yield* decodeOptions(host.options ?? {}).pipe(
    Effect.mapError(
      (error) =>
        new SettingsRejected({
          detail: `listeners.email: ${error.message}`,
          hint: "see the listener table in the email package's README",
        }),
    ),
  )
  yield* rejectTwins(host)
  yield* warnOfDeaf(host, options.smtp !== undefined)
  const info: Record<string, string> = {}
  const smtpAccounts = host.accounts.filter((a) => a.settings.inbound.smtp === true)
  if (options.smtp !== undefined) {
    const { port } = options.smtp
    info["smtp"] = yield* listenSmtp(host, smtpAccounts, options.smtp, deps).pipe(
      Effect.mapError(
        (error) =>
          new SettingsRejected({
            detail: `SMTP on port ${port}: ${error.message}`,
            hint: "choose another port, or stop what uses it",
          }),
      ),
    )
  }
  for (const account of host.accounts) {
    const { imap } = account.settings.inbound
    if (imap === undefined) continue
    yield* Effect.forkScoped(watchMailbox(host, account, imap, deps))
    info[`imap ${account.orgId}/${account.accountId}`] = `${imap.user} at ${imap.host}:${imap.port}`
  }
  const answer: ListenInfo = info
  return answer
})
