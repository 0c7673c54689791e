/** Whether a connection to Sunshine Conversations can do everything that OpenCX needs. */
import type { MessagingError } from "@opencx/core"
import { Effect, Schema } from "effect"
import { concernsOf, readFacts } from "../../sunshine/chat/Verify.ts"
import { makeSunshineClient } from "../../sunshine/client/SunshineClient.ts"
import {
  keyProblem,
  sunshineAccess,
  SunshineConnection,
  type SupportAddress,
} from "../../sunshine/Connection.ts"
import { bad, type Finding, good, sentence, type Trouble } from "./Probe.ts"

export interface MessagingProbes {
  /** The connection as somebody typed it. */
  readonly settings: unknown
  /** Where Support is, and what was found there; null without a connection to it. */
  readonly support: {
    readonly address: SupportAddress | null
    readonly findings: ReadonlyArray<Finding>
  } | null
}

const decode = Schema.decodeUnknownEffect(SunshineConnection, { errors: "all" })
const Raw = Schema.decodeUnknownOption(Schema.Struct({ keyId: Schema.String }))

const failedOnSave = "Failed to verify credentials on Sunshine Messaging"

const wrongKeyType = (advice: string): Trouble => ({
  id: "app_key",
  problem: `${failedOnSave}: wrong key type (Integration key, not App key).`,
  fix: `${advice}. If the Key ID does not start with app_, delete the key and create a new one from the Conversations API section.`,
})

const settingsTrouble = (settings: unknown, message: string): Trouble => {
  const raw = Raw(settings)
  const advice = raw._tag === "Some" ? keyProblem(raw.value.keyId) : null
  if (advice !== null) return wrongKeyType(advice)
  return {
    problem: `The messaging settings are not valid: ${message}`,
    fix: "See “Live chat” in the README of the runtime.",
  }
}

const noAddress: Trouble = {
  problem: "The messaging settings name no subdomain, and there is no Ticketing connection to take it from.",
  fix: "Add `subdomain` to the messaging settings.",
}

/** Why the app could not be read. */
const unreadable = ({ message, reason }: MessagingError): Trouble => {
  switch (reason._tag) {
    case "CredentialsRejected":
      return /App ID/.test(reason.hint) && /no app/.test(reason.hint)
        ? { id: "app_id", problem: `${failedOnSave}: wrong App ID.`, fix: reason.hint }
        : { id: "app_key", problem: `${failedOnSave}: the key is not accepted.`, fix: reason.hint }
    case "PermissionDenied":
      return wrongKeyType(reason.hint)
    default:
      return {
        id: "reachable",
        problem: `Sunshine Conversations did not answer: ${message}.`,
        fix: "Nothing can be said about the settings. Check that this machine reaches Zendesk, and verify again.",
      }
  }
}

const noMerge: Trouble = {
  problem:
    "Duplicate contacts: the user merge is skipped, because the Zendesk API credentials are missing from the Messaging integration.",
  fix: "Give the organization a Ticketing connection (`zendesk` in the configuration) for the same account: the merge uses its credentials.",
}

/** What of Support's side the merge of identities needs. */
const mergeNeeds = ["settings", "subdomain", "account", "credentials", "role", "read_users", "create_users"]

const mergeFinding = ({ support }: MessagingProbes): Finding => {
  if (support === null) return bad("user_merge", noMerge, false)
  const missing = support.findings.find(({ id, ok }) => !ok && mergeNeeds.includes(id))
  if (missing === undefined) return good("user_merge", false)
  const problem = `Duplicate contacts: the user merge cannot work. ${missing.problem ?? ""}`
  return bad("user_merge", { problem, fix: missing.fix ?? "" }, false)
}

/** Not every concern stops the work: with these, some chats or channels do. */
const lesser = new Set(["multi_conversations", "default_responder"])
const allConcerns = [
  "multi_conversations",
  "switchboard",
  "integration_name",
  "agent_workspace",
  "messaging_webhook",
  "default_responder",
] as const

/** What hangs on our integration, and cannot be good without it. */
const ofIntegration = new Set<string>(["messaging_webhook", "default_responder"])

/** Verifies a Messaging connection. Never fails, and writes nothing. */
export const verifyMessaging = Effect.fn("Setup.verifyMessaging")(function* (input: MessagingProbes) {
  const only = (trouble: Trouble): ReadonlyArray<Finding> => [bad("settings", trouble), mergeFinding(input)]
  const decoded = yield* Effect.result(decode(input.settings))
  if (decoded._tag === "Failure") return only(settingsTrouble(input.settings, decoded.failure.message))
  const connection = decoded.success
  const access = sunshineAccess(connection, input.support?.address ?? null)
  if (access === null) return only(noAddress)
  const facts = yield* Effect.result(readFacts(yield* makeSunshineClient(access)))
  if (facts._tag === "Failure") return only(unreadable(facts.failure))
  const concerns = concernsOf(facts.success, connection)
  const isThere = !concerns.some(({ id }) => id === "integration_name" || id === "switchboard")
  return [
    good("app_key"),
    ...allConcerns
      .filter((id) => isThere || !ofIntegration.has(id))
      .flatMap((id): ReadonlyArray<Finding> => {
        const found = concerns.filter((one) => one.id === id)
        if (found.length === 0) return [good(id, !lesser.has(id))]
        return found.map(({ fix, problem }) => bad(id, { problem: sentence(problem), fix }, !lesser.has(id)))
      }),
    mergeFinding(input),
  ]
})
