/** A source that is taken out answers nobody any more; one that comes back is read from the beginning. */
import { Knowledge, OrgId } from "@opencx/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { clientOf, make, operatorToken } from "../support/api.ts"
import { eventually, inFolder } from "../support/run.ts"
import { startServer } from "../support/server.ts"

describe("a source of an organization that the API changes", () => {
  it(
    "is read when it is put, forgotten when it is removed, and read again when it comes back",
    { timeout: 60_000 },
    () =>
      inFolder(async (folder) => {
        await writeFile(join(folder, "refunds.md"), "# Refund times\n\nA refund takes five working days.")
        const server = await startServer({ operatorToken, organizations: [] })
        try {
          const client = await clientOf(server, operatorToken)
          const org = OrgId.make("reader")
          await make(client, "reader")
          const params = { org, source: "files" }
          const payload = { type: "folder", path: folder, every: "manual" }
          const found = async () => {
            const search = Knowledge.use((knowledge) =>
              knowledge.search({
                orgId: org,
                text: "refund times",
                surface: "customer",
                locale: null,
                limit: 5,
              }),
            )
            return (await server.within(search)).length
          }
          const readIt = async (version: number) => {
            await Effect.runPromise(client.sources.put({ params, headers: { "if-match": version }, payload }))
            await Effect.runPromise(client.sources.sync({ params, payload: { mode: "incremental" } }))
            await eventually("the article", async () => (await found()) === 1)
          }
          await readIt(1)
          const [view] = await Effect.runPromise(client.sources.list({ params: { org } }))
          assert.deepInclude(view, { id: "files", type: "folder", everyMs: null })
          await Effect.runPromise(client.sources.remove({ params, headers: { "if-match": 2 } }))
          await eventually("its end", async () => (await found()) === 0)
          assert.deepStrictEqual(await Effect.runPromise(client.sources.list({ params: { org } })), [])
          await readIt(3)
        } finally {
          await server.close()
        }
      }),
  )
})
