/** `opencx verify`: whether each organization's connection to Zendesk can do all that is needed, and what to do if not. */
import { CallsEndAt, verifyAccount } from "@opencx/zendesk"
import { Clock, Console, Effect, Option } from "effect"
import { Command } from "effect/cli"
import type { OrganizationConfig } from "../config/RuntimeConfig.ts"
import { loadConfig } from "../config/load.ts"
import { accountToVerify } from "../setup/account.ts"
import { verifyLines } from "../setup/lines.ts"
import { connected, setupServices } from "../setup/services.ts"
import { usualPatienceMs } from "../doctor/diagnose.ts"
import {
  type VerifiedOrganization,
  verifiedOrganization,
  verifyReport,
  VerifyReport,
} from "../setup/reports.ts"
import { couldNotLook, EndsWith } from "./ending.ts"
import { environment } from "./environment.ts"
import { configFlag, jsonFlag, orgFlag } from "./flags.ts"
import { printAs } from "./output.ts"

const verifyOne = Effect.fnUntraced(function* (organization: OrganizationConfig) {
  const until = (yield* Clock.currentTimeMillis) + usualPatienceMs
  const found = yield* verifyAccount(yield* accountToVerify(organization)).pipe(
    Effect.provideService(CallsEndAt, until),
  )
  return verifiedOrganization(organization.id, found)
})

const isBroken = ({ messaging, ticketing }: VerifiedOrganization): boolean =>
  [...ticketing, ...messaging].some(({ id, needed, ok }) => needed && !ok && id !== "reachable")

/** Fails with the exit code that tells what was found: 1 for what is missing, 2 where nobody answered. */
const endOf = (results: ReadonlyArray<VerifiedOrganization>): Effect.Effect<void, EndsWith> => {
  if (results.some(isBroken))
    return new EndsWith({
      code: 1,
      problem: "Not everything that OpenCX needs works.",
      hint: "What is wrong and what to do is said for each finding.",
    })
  return results.some(({ complete }) => !complete)
    ? new EndsWith({
        code: 2,
        problem: "Zendesk did not answer, so that not everything could be checked.",
        hint: "What was found until then is said above. Run it again later.",
      })
    : Effect.void
}

export const verify = Command.make(
  "verify",
  { config: configFlag, org: orgFlag, json: jsonFlag },
  ({ config: file, json, org }) =>
    Effect.gen(function* () {
      const config = yield* loadConfig(Option.getOrUndefined(file), environment)
      const work = Effect.gen(function* () {
        const organizations = yield* connected(Option.getOrNull(org))
        const results = yield* Effect.forEach(organizations, verifyOne)
        if (json) yield* printAs(VerifyReport, verifyReport(results))
        else
          for (const one of results)
            for (const line of verifyLines(one.organization, one)) yield* Console.log(line)
        yield* endOf(results)
        if (!json) yield* Console.log("Everything that OpenCX needs works.")
      })
      yield* Effect.provide(work, setupServices(config))
    }).pipe(couldNotLook),
).pipe(
  Command.withDescription(
    "Check the connection to Zendesk: credentials, permissions, setup. Ends with 0: all is well, 1: something is missing, 2: Zendesk did not answer",
  ),
)
