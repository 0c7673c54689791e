import { conversations } from "./0001_conversations.ts"
import { directory } from "./0002_directory.ts"
import { people } from "./0003_people.ts"
import { signals } from "./0004_signals.ts"
import { sources } from "./0005_sources.ts"
import { parts } from "./0006_parts.ts"
import { usage } from "./0007_usage.ts"
import { figures } from "./0008_figures.ts"
import { settings } from "./0009_settings.ts"
import { access } from "./0010_access.ts"
import { marks } from "./0011_marks.ts"
import { search } from "./0013_search.ts"
import type { Migration } from "./Migration.ts"

/** Every migration, in order. */
export const allMigrations: ReadonlyArray<Migration> = [
  conversations,
  directory,
  people,
  signals,
  sources,
  parts,
  usage,
  figures,
  settings,
  access,
  marks,
  search,
]
