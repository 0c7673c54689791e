/** The tour that everybody is shown, from its first step to its last: `npm run tour -- --json`. */
import { Schema } from "effect"
import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import { assert, it } from "vitest"

const main = fileURLToPath(new URL("../../../../apps/runtime/src/main.ts", import.meta.url))

const Report = Schema.Struct({
  ok: Schema.Boolean,
  steps: Schema.Array(
    Schema.Struct({ name: Schema.String, ok: Schema.Boolean, error: Schema.optionalKey(Schema.String) }),
  ),
})

const walked = (): Promise<{ readonly code: number; readonly out: string; readonly err: string }> =>
  new Promise((resolve) => {
    const options = { env: { ...process.env, OPENCX_LOG_LEVEL: "Error" }, maxBuffer: 10_000_000 }
    execFile(process.execPath, [main, "tour", "--json"], options, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    )
  })

it("walks every step, with those of who runs an installation", { timeout: 300_000 }, async () => {
  const { code, err, out } = await walked()
  const { ok, steps } = Schema.decodeUnknownSync(Schema.fromJsonString(Report))(out.trim().split("\n").at(-1))
  assert.deepStrictEqual(
    steps.filter((step) => !step.ok),
    [],
    err,
  )
  assert.deepStrictEqual([ok, code], [true, 0], err)
  const names = steps.map(({ name }) => name)
  for (const step of [/^setup /, /^verify /, /^doctor /, /^keys are rotated/, /^disconnect /])
    assert.isTrue(
      names.some((name) => step.test(name)),
      String(step),
    )
})
