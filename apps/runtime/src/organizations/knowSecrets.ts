/** Secrets of an organization's settings, cut out of every line, error and trace from now on: also those that stand in the file itself. */
import { Effect } from "effect"
import type { OrganizationConfig } from "../config/RuntimeConfig.ts"
import { KnownSecrets } from "../logging/Logging.ts"
import { secretPlaces } from "./secretPlaces.ts"

export const knowSecrets = Effect.fn("knowSecrets")(function* (config: OrganizationConfig) {
  const known = yield* KnownSecrets
  for (const text of (yield* secretPlaces(config)).values()) known.add(text)
})
