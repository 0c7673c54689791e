/** Why an account could not be read or changed as a whole, in words that say what to do. */
import type { SetupError } from "@opencx/zendesk"
import { Effect } from "effect"
import { ConfigurationError } from "../config/ConfigError.ts"

const again = "Nothing that is there was taken away, and what is done stays done: run the command again then."

const explained = (error: SetupError): { readonly problem: string; readonly hint: string } => {
  if (error._tag === "StoreError")
    return {
      problem: `Our own database does not answer: ${error.message}`,
      hint: `Mend that first: secrets of webhooks are kept there. ${again}`,
    }
  switch (error.reason._tag) {
    case "Unavailable":
    case "Ambiguous":
      return {
        problem: `Zendesk did not answer (${error.message}).`,
        hint: `Check that this machine reaches Zendesk (proxy, firewall, https://status.zendesk.com). ${again}`,
      }
    case "RateLimited":
      return {
        problem:
          "The account's rate limit is used up: other programs ask Zendesk for all that it allows in a minute.",
        hint: `Wait a few minutes. ${again}`,
      }
    case "PermissionDenied":
      return error._tag === "MessagingError"
        ? {
            problem: `The key may not change the Sunshine app (${error.message}).`,
            hint: `Use an App key, whose Key ID begins with app_. ${again}`,
          }
        : {
            problem:
              "The user behind the credentials may not look at webhooks and triggers: agent roles cannot reach them.",
            hint: `Make the user an admin (Admin Center > People > Team members), and use the scope "read write"; or set webhook and trigger up by hand as the README describes. ${again}`,
          }
    case "CredentialsRejected":
      return {
        problem: "Zendesk does not accept the credentials.",
        hint: "opencx verify says what is wrong with them, and what to do.",
      }
    default:
      return { problem: error.message, hint: "opencx verify says what the connection lacks, and what to do." }
  }
}

/** For commands: the failure as a person must hear it. */
export const saidPlainly = <A, R>(
  work: Effect.Effect<A, SetupError, R>,
): Effect.Effect<A, ConfigurationError, R> =>
  Effect.mapError(work, (error) => new ConfigurationError(explained(error)))
