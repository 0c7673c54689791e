/** What operators see of a piece of work: what went wrong and where, and no word of a customer or an agent. */
import { assert, describe, it } from "@effect/vitest"
import { AccountId, ChannelId, OrgId, SessionId, ThreadKey, type Work, WorkId } from "@opencx/core"
import { cutKnown } from "../../src/logging/redact.ts"
import { redactWork, withoutAddresses } from "../../src/operate/redactWork.ts"

const id = "00000000-0000-4000-8000-000000000001"
const secret = "sk-live-very-secret"

const work = (changes: Partial<Work> = {}): Work => ({
  id: WorkId.make(id),
  lane: {
    orgId: OrgId.make("acme"),
    channel: ChannelId.make("sms"),
    accountId: AccountId.make("support"),
    threadKey: ThreadKey.make("+15550100+15550199"),
  },
  sessionId: SessionId.make(id),
  queue: "desk",
  task: { _tag: "Note", text: "She said that her password is hunter2" },
  status: "dead",
  epoch: 1,
  attempts: 3,
  step: JSON.stringify({
    ticketId: "35436",
    idempotencyKey: `handoff:${id}:1:0`,
    body: "<p>My card is 4111 1111 1111 1111</p>",
    requester: { name: "Dana Lee", email: "dana@example.com" },
    messageIds: ["abc123", "Dana wrote this"],
    tried: true,
  }),
  outcome: {
    _tag: "Failed",
    explanation: `550 no such user <dana.lee+x@mail.example.com> or +1 (555) 010-0199; key ${secret}`,
    permanent: true,
  },
  lastError: null,
  notBefore: null,
  createdAt: 0,
  updatedAt: 1_000,
  ...changes,
})

const cut = cutKnown([secret])

describe("a dead letter", () => {
  it("keeps ids, counts and reasons, and hides words, addresses and secrets", () => {
    const shown = redactWork(work(), cut)
    const text = JSON.stringify(shown)
    for (const hidden of ["password", "hunter2", "4111", "Dana", "dana", "555", secret, "wrote"])
      assert.notInclude(text, hidden, hidden)
    for (const kept of ["35436", `handoff:${id}:1:0`, "abc123", "550 no such user", "support"])
      assert.include(text, kept, kept)
    assert.deepInclude(shown, { attempts: 3, replays: 1, worthAnotherTry: false })
    assert.strictEqual(shown.updatedAt, "1970-01-01T00:00:01.000Z")
  })

  it("without an outcome tells the last error, and never shows a step that is no JSON", () => {
    const shown = redactWork(
      work({ outcome: null, lastError: "Zendesk answered 503", step: "Dana's words" }),
      cut,
    )
    assert.deepInclude(shown, { why: "Zendesk answered 503", worthAnotherTry: true, step: "[12 characters]" })
    assert.isNull(redactWork(work({ step: null }), cut).step)
  })

  it("leaves numbers alone that are no telephone numbers", () => {
    const text = "ticket 360012345678 of 2026-11-26 is closed (422)"
    assert.strictEqual(withoutAddresses(text), text)
    assert.strictEqual(withoutAddresses("to dana@example.com"), "to [address]")
  })
})
