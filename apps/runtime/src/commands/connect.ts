/** `opencx connect zendesk`: signs an organization in to Zendesk, by consent where it is configured so, and says as whom. */
import { isVerified } from "@opencx/zendesk"
import { Console, Effect, Option } from "effect"
import { Command, Flag } from "effect/cli"
import { ConfigurationError } from "../config/ConfigError.ts"
import type { OrganizationConfig } from "../config/RuntimeConfig.ts"
import { loadConfig } from "../config/load.ts"
import { askByHand, connectHere, finishByHand } from "../setup/connecting.ts"
import { byConsent } from "../setup/consents.ts"
import { verifyLines } from "../setup/lines.ts"
import { proveConnection } from "../setup/proving.ts"
import { ConnectReport } from "../setup/reports.ts"
import { onlyConnected, setupServices } from "../setup/services.ts"
import { environment } from "./environment.ts"
import { configFlag, jsonFlag, orgFlag } from "./flags.ts"
import { printAs } from "./output.ts"

const flags = {
  config: configFlag,
  org: orgFlag,
  port: Flag.Int("port").pipe(
    Flag.withDescription("Port on this machine to which the browser is sent back"),
    Flag.withDefault(53_682),
  ),
  byHand: Flag.Boolean("by-hand").pipe(
    Flag.withDescription("Print the address for a browser elsewhere; go on with --redirected"),
    Flag.withDefault(false),
  ),
  redirected: Flag.String("redirected").pipe(
    Flag.withDescription("The address to which the browser was sent back, as it stands in its address bar"),
    Flag.optional,
  ),
  json: jsonFlag,
}

/** Ways of signing in that need nobody's consent are proved, no more: their secrets are in the configuration. */
const prove = Effect.fnUntraced(function* (organization: OrganizationConfig, json: boolean) {
  const found = yield* proveConnection(organization, { ticketing: true, messaging: false })
  const ok = isVerified(found)
  if (json) yield* printAs(ConnectReport, { organization: organization.id, ok, findings: found.ticketing })
  else for (const line of verifyLines(organization.id, found)) yield* Console.log(line)
  if (!ok)
    return yield* new ConfigurationError({
      problem: "The connection does not work yet.",
      hint: "What is wrong and what to do is said for each finding.",
    })
  if (!json) yield* Console.log("The connection works. Next: opencx setup zendesk")
})

const zendesk = Command.make("zendesk", flags, (given) =>
  Effect.gen(function* () {
    const config = yield* loadConfig(Option.getOrUndefined(given.config), environment)
    const work = Effect.gen(function* () {
      const organization = yield* onlyConnected(Option.getOrNull(given.org))
      const connection = yield* byConsent(organization)
      if (Option.isNone(connection)) return yield* prove(organization, given.json)
      if (given.byHand) {
        const url = yield* askByHand(organization, connection.value, given.port)
        if (given.json) return yield* printAs(ConnectReport, { organization: organization.id, url })
        return yield* Console.log(
          `Open this address, consent, and run within two minutes: opencx connect zendesk --redirected '<the address that the browser shows then>'\n\n${url}`,
        )
      }
      const user = yield* Option.match(given.redirected, {
        onNone: () => connectHere(organization, connection.value, given.port),
        onSome: (redirected) => finishByHand(organization, connection.value, redirected),
      })
      if (given.json) return yield* printAs(ConnectReport, { organization: organization.id, ok: true, user })
      yield* Console.log(`Connected as ${user.name} (user ${user.userId}). Next: opencx setup zendesk`)
    })
    yield* Effect.provide(work, setupServices(config))
  }),
).pipe(Command.withDescription("Sign in to Zendesk (OAuth), and prove that it works"))

export const connect = Command.make("connect").pipe(
  Command.withDescription("Connect an account"),
  Command.withSubcommands([zendesk]),
)
