/** Secrets of an organization's settings, cut out of every line, error and trace from now on: also those that stand in the file itself. */
import { Effect } from "effect"
import type { OrganizationConfig } from "../config/RuntimeConfig.ts"
import { KnownSecrets } from "../logging/Logging.ts"
import { secretPlaces } from "./secretPlaces.ts"

export const knowSecrets = Effect.fn("knowSecrets")(function* (config: OrganizationConfig) {
  const known = yield* KnownSecrets
  const places = yield* secretPlaces(config).pipe(
    Effect.catchDefect((defect) =>
      Effect.as(
        Effect.logWarning(`Secrets of ${config.id} may stand in logs`, defect),
        new Map<string, string>(),
      ),
    ),
  )
  for (const text of places.values()) known.add(text)
})
