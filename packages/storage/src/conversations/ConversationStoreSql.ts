/** `ConversationStore` over SQL. */
import { ConversationStore } from "@opencx/core"
import { Effect, Layer } from "effect"
import type { SqlClient } from "effect/sql"
import { database } from "../sql/Database.ts"
import { makeApply, makeWasApplied } from "./apply.ts"
import { makeFigures } from "./figures.ts"
import { makeLists } from "./lists.ts"
import { makeLookups } from "./lookups.ts"
import { makeUpkeep } from "./upkeep.ts"
import { makeWork } from "./work.ts"

export const layer: Layer.Layer<ConversationStore, never, SqlClient.SqlClient> = Layer.effect(
  ConversationStore,
  Effect.map(database, (db) =>
    ConversationStore.of({
      apply: makeApply(db),
      wasApplied: makeWasApplied(db),
      ...makeLookups(db),
      ...makeLists(db),
      ...makeWork(db),
      ...makeFigures(db),
      ...makeUpkeep(db),
    }),
  ),
)
