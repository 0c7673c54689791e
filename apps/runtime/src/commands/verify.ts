/** `opencx verify`: whether each organization's connection to Zendesk can do all that is needed, and what to do if not. */
import { isVerified, verifyAccount } from "@opencx/zendesk"
import { Console, Effect, Option } from "effect"
import { Command } from "effect/cli"
import { ConfigurationError } from "../config/ConfigError.ts"
import type { OrganizationConfig } from "../config/RuntimeConfig.ts"
import { loadConfig } from "../config/load.ts"
import { accountToVerify } from "../setup/account.ts"
import { verifyLines } from "../setup/lines.ts"
import { connected, setupServices } from "../setup/services.ts"
import { environment } from "./environment.ts"
import { configFlag, jsonFlag, orgFlag } from "./flags.ts"
import { printJson } from "./output.ts"

const verifyOne = Effect.fnUntraced(function* (organization: OrganizationConfig) {
  const found = yield* verifyAccount(yield* accountToVerify(organization))
  return { organization: organization.id, ok: isVerified(found), ...found }
})

export const verify = Command.make(
  "verify",
  { config: configFlag, org: orgFlag, json: jsonFlag },
  ({ config: file, json, org }) =>
    Effect.gen(function* () {
      const config = yield* loadConfig(Option.getOrUndefined(file), environment)
      const work = Effect.gen(function* () {
        const organizations = yield* connected(Option.getOrNull(org))
        const results = yield* Effect.forEach(organizations, verifyOne)
        const ok = results.every((one) => one.ok)
        if (json) yield* printJson({ ok, organizations: results })
        else
          for (const one of results)
            for (const line of verifyLines(one.organization, one)) yield* Console.log(line)
        if (!ok)
          return yield* new ConfigurationError({
            problem: "Not everything that OpenCX needs works.",
            hint: "What is wrong and what to do is said for each finding.",
          })
      })
      yield* Effect.provide(work, setupServices(config))
    }),
).pipe(Command.withDescription("Check the connection to Zendesk: credentials, permissions, setup"))
