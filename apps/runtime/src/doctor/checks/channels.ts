/** Channel accounts: whether customers' messages come in at all. */
import { type Check, listed, notice, ok } from "../Check.ts"

const silent: Check = {
  id: "channels.silent",
  look: ({ organization: { accounts }, silentAccounts }) => {
    if (accounts.length === 0) return null
    const never = accounts.filter(({ id }) => silentAccounts.includes(id))
    return never.length === 0
      ? ok()
      : notice({
          problem:
            "No customer's message has ever come in on an account: it is new, or it is not connected at the provider.",
          fix: "Copy the account's URL from opencx urls into the provider's settings (a number's webhook for incoming messages; for email the route of the mailbox), start opencx serve, and write a test message.",
          evidence: listed(never.map(({ channel, id }) => `the account "${id}" of ${channel}`)),
        })
  },
}

export const channelChecks: ReadonlyArray<Check> = [silent]
