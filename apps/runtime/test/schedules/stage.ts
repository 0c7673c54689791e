/** Runtimes with an organization each per emulated Zendesk, whose office hours come from a schedule there. */
import { type OfficeHours, type Organization, Organizations, OrgId } from "@opencx/core"
import { type Emulator, type EmulatorOptions, make as makeEmulator } from "@opencx/zendesk-emulator"
import { Effect, Layer } from "effect"
import { checkConfig } from "../../src/config/load.ts"
import { Schedules } from "../../src/layers/Schedules.ts"
import { servicesLayer } from "../../src/Runtime.ts"
import { oauth } from "../support/zendeskStage.ts"

export const emulated = (options: EmulatorOptions = {}) =>
  makeEmulator({ timeScale: 0.01, limits: { requestsPerMinute: Number.POSITIVE_INFINITY }, ...options })

export const nineToFive = [1, 2, 3, 4, 5].map((n) => [n * 1_440 + 540, n * 1_440 + 1_020] as const)

export const orgOf = (id: string, emulator: Pick<Emulator, "url">, officeHours: unknown) => ({
  id,
  name: id,
  zendesk: { subdomain: "acme", baseUrl: emulator.url, auth: oauth },
  handoff: { officeHours },
})

/** The services of a runtime over this directory, as long as the scope. */
export const runtimeOver = (dataDir: string, organizations: ReadonlyArray<object>) =>
  Effect.gen(function* () {
    const config = yield* checkConfig({ dataDir, organizations }, {}, "the test")
    const services = yield* Layer.build(servicesLayer(config))
    const organization = (id: string): Effect.Effect<Organization> =>
      Effect.orDie(
        Effect.provide(
          Organizations.use((all) => all.get(OrgId.make(id))),
          services,
        ),
      )
    return {
      services,
      hours: (id: string): Effect.Effect<OfficeHours | null> =>
        Effect.map(organization(id), ({ settings }) => settings.handoff.officeHours),
      read: (id: string) =>
        Effect.orDie(
          Effect.provide(
            Schedules.use((all) => all.readNow(OrgId.make(id))),
            services,
          ),
        ),
      /** Reads on the intervals, as long as the scope. */
      keep: Effect.forkScoped(
        Effect.provide(
          Schedules.use((all) => all.schedule),
          services,
        ),
      ),
    }
  })
