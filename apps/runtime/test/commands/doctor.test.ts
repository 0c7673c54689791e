/** `opencx doctor` as people run it: exit codes, lines, JSON, one conversation, and the repair that it names. */
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { runCli } from "../support/cli.ts"
import { setZendeskStage, type ZendeskStage } from "../support/zendeskStage.ts"

let stage: ZendeskStage
beforeAll(async () => {
  stage = await setZendeskStage()
}, 30_000)
afterAll(() => stage.close())

const opencx = (...args: ReadonlyArray<string>) => runCli([...args, "--config", stage.configFile])

const Printed = Schema.decodeUnknownSync(
  Schema.fromJsonString(
    Schema.Struct({
      ok: Schema.Boolean,
      organizations: Schema.Array(
        Schema.Struct({
          organization: Schema.String,
          checks: Schema.Array(
            Schema.Struct({
              id: Schema.String,
              status: Schema.Literals(["ok", "problem", "unknown"]),
              needed: Schema.Boolean,
              problem: Schema.NullOr(Schema.String),
              fix: Schema.NullOr(Schema.String),
              evidence: Schema.Array(Schema.String),
            }),
          ),
          conversation: Schema.Null,
        }),
      ),
    }),
  ),
)

describe("opencx doctor", { timeout: 60_000 }, () => {
  it("finds what a fresh account lacks, ends with 1; the fix that it names makes it end with 0", async () => {
    const before = await opencx("doctor")
    assert.strictEqual(before.code, 1)
    assert.match(before.out, /^PROBLEM {2}replies\.webhook: .*webhook missing/m)
    assert.match(before.out, /fix: Run opencx setup zendesk/)
    assert.include(before.err, "A problem was found.")
    const firstOk = before.out.indexOf("\nok ")
    assert.isAbove(firstOk, before.out.lastIndexOf("PROBLEM"))
    const setup = await opencx("setup", "zendesk", "--yes", "--multi-conversations")
    assert.strictEqual(setup.code, 0, setup.err)
    const after = await opencx("doctor", "--json")
    assert.strictEqual(after.code, 0, after.out)
    const { ok, organizations } = Printed(after.out)
    assert.isTrue(ok)
    const checks = organizations[0]?.checks ?? []
    assert.isAbove(checks.length, 40)
    assert.deepStrictEqual(
      checks.filter(({ needed, status }) => needed && status !== "ok").map(({ id }) => id),
      [],
    )
    for (const secret of ["opencx-secret", "sample-sunshine-secret"]) assert.notInclude(after.out, secret)
  })

  it("one conversation: wrong names and both flags are told, a ticket that is none of ours is looked at", async () => {
    const nobody = await opencx("doctor", "--session", "nobody")
    assert.strictEqual(nobody.code, 2)
    assert.include(nobody.err, 'no session "nobody"')
    const both = await opencx("doctor", "--session", "a", "--ticket", "1")
    assert.include(both.err, "Both --session and --ticket")
    const org = await opencx("doctor", "--org", "other")
    assert.include(org.err, 'no organization "other"')
    const ticket = await opencx("doctor", "--ticket", "1")
    assert.include(ticket.out, "ticket 1")
  })
})
