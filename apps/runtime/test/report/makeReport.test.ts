/** Reports over a runtime's own database, and the command that prints them. */
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import {
  AccountId,
  assistLane,
  ChannelId,
  CommentId,
  ContactId,
  ConversationStore,
  CustomerText,
  DeliveryId,
  type EntryBody,
  type Lane,
  OrgId,
  ThreadKey,
  TicketId,
} from "@opencx/core"
import { Effect, Schema } from "effect"
import { randomUUID } from "node:crypto"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { makeReport } from "../../src/report/makeReport.ts"
import { Report } from "../../src/report/Report.ts"
import { reportLines } from "../../src/report/reportText.ts"
import { runCli } from "../support/cli.ts"
import { type Server, startServer } from "../support/server.ts"
import { closedSession } from "../support/sessions.ts"

const orgId = OrgId.make("acme")
const day = Date.parse("2026-03-10T00:00:00Z")
const period = { from: day, to: day + 2 * 86_400_000 }
const trace = { agent: "test", queries: ["how heavy is it"], hits: [], signals: {}, latencyMs: 1 }

let server: Server
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "opencx-runtime-test-"))
  await writeFile(join(folder, "hello.md"), "# Hello\n\nWorld")
  const source = { id: "files", type: "folder", path: folder, every: "manual" } as const
  server = await startServer({ organizations: [{ id: "acme", name: "Acme", sources: [source] }] })
}, 60_000)
afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true, force: true })
})

const says = (text: string): EntryBody => ({
  _tag: "CustomerMessage",
  text,
  fullText: null,
  attachments: [],
  messageId: null,
  rawBlobId: null,
  automatic: false,
  identified: true,
})
const answer: EntryBody = {
  _tag: "AiAnswer",
  text: CustomerText.make("Yes."),
  sources: [],
  confidence: 1,
  trace,
  withheld: false,
  askBack: false,
  deliveryId: DeliveryId.make(randomUUID()),
}
const noAnswer: EntryBody = { _tag: "HandoffRequested", reason: "no_answer", trace }
const csat: EntryBody = { _tag: "Rating", kind: "conversation", score: 4, comment: null, deliveryId: null }
const ticketId = TicketId.make("7")
const about = CommentId.make("1")
const draft: EntryBody = {
  _tag: "Assist",
  tags: [],
  ticketId,
  commentIds: [about],
  result: "drafted",
  text: "note",
  draft: "words",
  sources: [],
  trace,
}
const kept: EntryBody = {
  _tag: "DraftUse",
  ticketId,
  about,
  use: "kept",
  replyId: CommentId.make("2"),
  distance: 0,
  draftWords: 1,
  replyWords: 1,
}

const laneOf = (channel: string): Lane => ({
  orgId,
  channel: ChannelId.make(channel),
  accountId: AccountId.make("a"),
  threadKey: ThreadKey.make(randomUUID()),
})

const live = Effect.fnUntraced(function* (lane: Lane, at: number, bodies: ReadonlyArray<EntryBody>) {
  const store = yield* ConversationStore
  const contactId = ContactId.make(randomUUID())
  const session = closedSession(lane, { at, contactId, lastSeq: bodies.length })
  const entries = bodies.map((body, i) => ({ sessionId: session.id, seq: i + 1, at, body }))
  const decide = () => ({ session, entries, work: [], address: null })
  yield* store.apply({ lane, eventKey: randomUUID(), sessionId: null, decide })
})

const lived = Effect.gen(function* () {
  yield* live(laneOf("email"), day, [says("fits?"), answer, csat])
  yield* live(laneOf("email"), day, [says("Do you ship to Norway? a@b.example"), noAnswer])
  yield* live(laneOf("sms"), day + 86_400_000, [says("do you ship to norway, c@d.example"), noAnswer])
  yield* live(assistLane(orgId, ticketId), day, [draft, kept])
})

describe("a report", () => {
  it("has conversations in all, by channel and day, drafts, sources and questions, as text and as JSON", async () => {
    await server.within(lived)
    const report = await server.within(makeReport(orgId, period))
    assert.deepInclude(report.total, {
      sessions: 3,
      resolutionRate: 1 / 3,
      escalations: { no_answer: 2 },
      abstentionRate: 2 / 3,
      csat: { ratings: 1, average: 4 },
    })
    assert.deepInclude(report.total.outcomes, { resolved_by_ai: 1, escalated: 2, open: 0 })
    assert.deepStrictEqual(
      report.byChannel.map((one) => [one.channel, one.sessions]),
      [
        ["email", 2],
        ["sms", 1],
      ],
    )
    assert.deepStrictEqual(
      report.byDay.map((one) => [one.day, one.sessions]),
      [
        ["2026-03-10", 2],
        ["2026-03-11", 1],
      ],
    )
    assert.deepInclude(report.drafts, { drafted: 1, reviewed: 1, kept: 1, useRate: 1 })
    assert.deepInclude(report.sources[0], { sourceId: "files", lastAt: null, isStale: true })
    const [group, ...more] = report.unanswered.groups
    assert.lengthOf(more, 0)
    assert.deepInclude(group, { question: "do you ship to norway, [email]", count: 2 })
    assert.deepStrictEqual(Schema.decodeUnknownSync(Report)(JSON.parse(JSON.stringify(report))), report)
    const text = reportLines(report).join("\n")
    for (const words of ["resolved by the AI  33 %", "1 kept", "files: never synced", "2 × do you ship"])
      assert.include(text, words)
  })

  it("of a quiet time says so, and divides by nothing", async () => {
    const report = await server.within(makeReport(orgId, { from: 0, to: 1 }))
    assert.deepInclude(report.total, { sessions: 0, resolutionRate: null, escalationRate: null })
    assert.include(reportLines(report).join("\n"), "Conversations: 0")
  })
})

describe("opencx report", () => {
  it("prints one report for each organization, or says what is wrong", { timeout: 180_000 }, async () => {
    const config = join(folder, "opencx.config.json")
    const organizations = [
      { id: "acme", name: "Acme" },
      { id: "globex", name: "Globex" },
    ]
    await writeFile(config, JSON.stringify({ dataDir: join(folder, "data"), organizations }))
    const all = await runCli(["report", "--config", config, "--json"])
    assert.strictEqual(all.code, 0, all.err)
    const reports = all.out
      .trim()
      .split("\n")
      .map((line) => Schema.decodeUnknownSync(Schema.fromJsonString(Report))(line))
    assert.deepStrictEqual(
      reports.map((one) => one.organization),
      ["acme", "globex"],
    )
    const one = await runCli(["report", "--config", config, "--org", "globex", "--from", "2026-03-01"])
    assert.include(one.out, "globex, 2026-03-01T00:00 to")
    assert.notInclude(one.out, "acme")
    const strange = await runCli(["report", "--config", config, "--org", "nobody"])
    assert.deepInclude(strange, { code: 1, out: "" })
    assert.include(strange.err, 'There is no organization "nobody"')
    const never = await runCli(["report", "--config", config, "--from", "yesterday"])
    assert.strictEqual(never.code, 1)
    assert.include(never.err, "Write dates as 2026-11-21")
  })
})
