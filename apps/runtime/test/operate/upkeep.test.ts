/** Retention as it is configured, over the runtime's own stores. */
import { assert, describe, it } from "@effect/vitest"
import { AccountId, ChannelId, Contacts, ConversationStore, type Lane, OrgId, ThreadKey } from "@opencx/core"
import { Effect } from "effect"
import { randomUUID } from "node:crypto"
import { checkConfig } from "../../src/config/load.ts"
import { upkeep } from "../../src/operate/upkeep.ts"
import { refusal } from "../support/run.ts"
import { startServer } from "../support/server.ts"
import { closedSession } from "../support/sessions.ts"

const day = 86_400_000

const orgId = OrgId.make("acme")

/** A closed conversation whose last word was so long ago. */
const closed = (ageMs: number) =>
  Effect.gen(function* () {
    const store = yield* ConversationStore
    const contact = yield* (yield* Contacts).resolve({
      orgId,
      identity: { kind: "email", value: `${randomUUID()}@example.com`, verified: true },
      name: null,
      locale: null,
    })
    const lane: Lane = {
      orgId,
      channel: ChannelId.make("email"),
      accountId: AccountId.make("support"),
      threadKey: ThreadKey.make(randomUUID()),
    }
    const at = Date.now() - ageMs
    const session = closedSession(lane, { at, contactId: contact.id })
    yield* store.apply({
      lane,
      eventKey: randomUUID(),
      sessionId: null,
      decide: () => ({ session, entries: [], work: [], address: null }),
    })
    return session.id
  })

const leftAfter = async (retention: object) => {
  const server = await startServer({ retention })
  try {
    return await server.within(
      Effect.gen(function* () {
        const ids = [yield* closed(2 * day), yield* closed(40 * day)]
        yield* upkeep
        const store = yield* ConversationStore
        const found = yield* Effect.forEach(ids, (id) => store.session(orgId, id))
        return found.map((session) => session !== null)
      }),
    )
  } finally {
    await server.close()
  }
}

describe("retention", () => {
  it("keeps conversations where nothing else is said, and deletes them after the days that are", async () => {
    assert.deepStrictEqual(await leftAfter({}), [true, true])
    assert.deepStrictEqual(await leftAfter({ transcriptDays: 30 }), [true, false])
    assert.deepStrictEqual(await leftAfter({ transcriptDays: 1 }), [false, false])
  })

  it("is refused where repeated webhooks would be taken for new ones", async () => {
    const raw = { organizations: [{ id: "acme", name: "Acme" }], retention: { journalDays: 2 } }
    const error = await refusal(checkConfig(raw, {}, "the test"))
    assert.include(error.message, "journalDays")
  })
})
