import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { automaticReason } from "../src/classify/automatic.ts"
import { readBounce } from "../src/classify/bounce.ts"
import { parseHeadersOnly, parseMail } from "../src/mime/parse.ts"
import { accountOf, receive } from "./support/receive.ts"

const shared = process.env["OPENCX_SHARED"] ?? join(import.meta.dirname, "../../../../shared")

describe("the mail corpora", () => {
  const classify = join(shared, "data/email-classify")
  const mime = join(shared, "data/email-mime")
  if (!existsSync(classify) || !existsSync(mime)) {
    console.log(`mail corpora not found under ${shared}; measured only where they are`)
    it("measured only where the corpora are", (context) =>
      context.skip("the mail corpora are not on this machine"))
    return
  }

  it.effect("bounces, auto-replies and complaints are told from people", () =>
    Effect.gen(function* () {
      const account = accountOf()
      const count = { bounces: 0, read: 0, machines: 0, caught: 0, people: 0, mistaken: 0 }
      for (const line of readFileSync(join(classify, "labels.jsonl"), "utf8").trim().split("\n")) {
        const row: { readonly file: string; readonly label: string } = JSON.parse(line)
        const raw = new Uint8Array(readFileSync(join(classify, row.file)))
        const read = yield* parseMail(raw).pipe(
          Effect.catchTag("MailUnreadable", () => Effect.succeed(parseHeadersOnly(raw))),
        )
        const envelope = { from: null, to: [] }
        const bounce = readBounce(read, envelope, [], account)
        const machine = automaticReason(read, envelope, account.settings) !== null
        if (row.label === "human") {
          count.people++
          if (machine || bounce !== null) count.mistaken++
        } else if (row.label !== "not_bounce") {
          count.machines++
          if (machine) count.caught++
          if (row.label === "bounce") {
            count.bounces++
            if (bounce !== null) count.read++
          }
        }
      }
      console.log(
        `classification: ${count.caught} of ${count.machines} machines, ${count.read} of ${count.bounces} bounces read, ${count.mistaken} of ${count.people} people mistaken`,
      )
      assert.strictEqual(count.mistaken, 0)
      assert.isAtLeast(count.caught / count.machines, 0.97)
      assert.isAtLeast(count.read / count.bounces, 0.95)
    }),
  )

  it.effect("every strange mail yields an event", () =>
    Effect.gen(function* () {
      const files = readdirSync(mime, { recursive: true, encoding: "utf8" }).filter((f) => f.endsWith(".eml"))
      for (const file of files) {
        const events = yield* receive(readFileSync(join(mime, file)))
        assert.strictEqual(events.length, 1, file)
      }
      console.log(`MIME corpus: ${files.length} mails read`)
    }),
  )
})
