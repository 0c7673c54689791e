/** The embedded database, for what a full disk does to it. */
import { DatabaseSync } from "node:sqlite"
import { join } from "node:path"
import type { ChatSite } from "./world.ts"

/** Every write into the journal fails for the time of `during`, as on a full disk; all else goes on. */
export const whileUnwritable = async <A>(
  { dataDir }: Pick<ChatSite, "dataDir">,
  during: () => Promise<A>,
): Promise<A> => {
  const db = new DatabaseSync(join(dataDir, "opencx.db"), { timeout: 2_000 })
  db.exec(
    "CREATE TRIGGER full_disk BEFORE INSERT ON cluster_messages BEGIN SELECT RAISE(ABORT, 'the disk is full'); END",
  )
  try {
    return await during()
  } finally {
    db.exec("DROP TRIGGER full_disk")
    db.close()
  }
}
