import { conversations } from "./0001_conversations.ts"
import { directory } from "./0002_directory.ts"
import { people } from "./0003_people.ts"
import type { Migration } from "./Migration.ts"

/** Every migration, in order. */
export const allMigrations: ReadonlyArray<Migration> = [conversations, directory, people]
