import { memoryStores } from "@opencx/core"
import { afterAll, describe, it } from "@effect/vitest"
import { postgresStores, sqliteStores, temporaryDirectory } from "./support/databases.ts"
import { acquirePostgres, reportSkipped } from "@opencx-tooling/postgres"
import { conversationSuite } from "./suites/conversationSuite.ts"
import { directorySuite } from "./suites/directorySuite.ts"

const directory = temporaryDirectory()
const postgres = await acquirePostgres()

afterAll(async () => {
  directory.remove()
  if (!("skipped" in postgres)) await postgres.close()
})

conversationSuite("memory", memoryStores)
directorySuite("memory", memoryStores)

conversationSuite("SQLite", sqliteStores(`${directory.path}/a`))
directorySuite("SQLite", sqliteStores(`${directory.path}/b`))

if ("skipped" in postgres) {
  reportSkipped(postgres.skipped)
  describe("Postgres", () => it("is skipped", (context) => context.skip(`no Postgres: ${postgres.skipped}`)))
} else {
  conversationSuite("Postgres", postgresStores(await postgres.createDatabase("conversations")))
  directorySuite("Postgres", postgresStores(await postgres.createDatabase("directory")))
}
