/** What the commands about an account print for programs: exactly the documented forms. */
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { readFileSync } from "node:fs"
import { DoctorReport } from "../../src/doctor/Diagnosis.ts"
import { ActedReport, ConnectReport, E2eLine, PlanReport, VerifyReport } from "../../src/setup/reports.ts"
import { runCli } from "../support/cli.ts"
import { setZendeskStage, type ZendeskStage } from "../support/zendeskStage.ts"

let stage: ZendeskStage
beforeAll(async () => {
  stage = await setZendeskStage()
}, 30_000)
afterAll(() => stage.close())

const document = readFileSync(new URL("../../../../docs/operations/json.md", import.meta.url), "utf8")

/** The part of the document about a command. */
const sectionOf = (title: string): string => {
  const from = document.indexOf(title)
  assert.isAbove(from, 0, title)
  const to = document.indexOf("\n## ", from)
  return document.slice(from, to === -1 ? undefined : to)
}

/** Names of all fields in a JSON Schema, however deep. */
const namesIn = (value: unknown): ReadonlyArray<string> => {
  if (typeof value !== "object" || value === null) return []
  const own =
    "properties" in value && typeof value.properties === "object" && value.properties !== null
      ? Object.keys(value.properties)
      : []
  return [...own, ...Object.values(value).flatMap(namesIn)]
}

const forms = {
  "## `opencx doctor --json`": [DoctorReport],
  "## `opencx verify --json`": [VerifyReport],
  "## `opencx connect zendesk --json`": [ConnectReport],
  "## `opencx setup zendesk --json` and": [PlanReport, ActedReport],
  "## `opencx verify-e2e --json`": [E2eLine],
} as const

/** Runs a command, and reads each of its lines; a field too many is a failure. */
const printed = async <A>(
  schema: Schema.ConstraintDecoder<A>,
  ...args: ReadonlyArray<string>
): Promise<ReadonlyArray<A>> => {
  const { err, out } = await runCli([...args, "--json", "--config", stage.configFile])
  const decode = Schema.decodeUnknownSync(Schema.fromJsonString(schema), { onExcessProperty: "error" })
  const lines = out.split("\n").filter(Boolean)
  assert.isAbove(lines.length, 0, err)
  return lines.map((line) => decode(line))
}

describe("JSON for programs", { timeout: 120_000 }, () => {
  it("every field is in the document", () => {
    for (const [title, schemas] of Object.entries(forms)) {
      const section = sectionOf(title)
      const names = schemas.flatMap((schema) => namesIn(Schema.toJsonSchemaDocument(schema)))
      assert.isAbove(names.length, 3, title)
      assert.deepStrictEqual(
        [...new Set(names)].filter((name) => !section.includes(`\`${name}\``)),
        [],
        title,
      )
    }
  })

  it("and nothing else is printed", async () => {
    const [connected] = await printed(ConnectReport, "connect", "zendesk")
    assert.deepInclude(connected, { organization: "acme", ok: true })
    const [plan] = await printed(PlanReport, "setup", "zendesk", "--dry-run")
    assert.isAbove(plan?.plan.length ?? 0, 4)
    const [missing] = await printed(VerifyReport, "verify")
    assert.isFalse(missing?.ok)
    const [done] = await printed(ActedReport, "setup", "zendesk", "--yes")
    assert.isTrue(done?.ok)
    assert.deepStrictEqual(
      done?.left.map(({ id }) => id),
      ["multi_conversations"],
    )
    const [doctor] = await printed(DoctorReport, "doctor", "--ticket", "1")
    assert.strictEqual(doctor?.organizations[0]?.conversation?.ticketId, "1")
    const lines = await printed(E2eLine, "verify-e2e", "--minutes", "0.01")
    assert.deepStrictEqual(
      lines.map(({ event }) => event),
      ["now", "finished"],
    )
    const [undo] = await printed(PlanReport, "disconnect", "zendesk", "--dry-run")
    assert.isAbove(undo?.plan.length ?? 0, 3)
    const [gone] = await printed(ActedReport, "disconnect", "zendesk", "--yes")
    assert.isTrue(gone?.ok)
  })

  it("a channel that is not there is refused before anything is done", async () => {
    const args = ["setup", "zendesk", "--yes", "--channel", "telegram", "--config", stage.configFile]
    stage.emulator.clearCalls()
    const { code, err } = await runCli(args)
    assert.strictEqual(code, 1)
    assert.include(err, 'There is no channel "telegram". There are: web "Web Widget"')
    const writes = stage.emulator
      .calls()
      .filter(({ method, path }) => method !== "GET" && path !== "/oauth/tokens")
    assert.deepStrictEqual(writes, [])
  })
})
