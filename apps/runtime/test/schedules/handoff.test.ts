/** The whole way, on sockets: a schedule changes in Zendesk, the API reads it, and the next handoff goes by it. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { sendMail } from "../../src/demo/sendMail.ts"
import { startWorld } from "../../src/demo/world.ts"
import { eventually, inFolder, run } from "../support/run.ts"

const ports = { http: 0, emulator: 0, smtp: 0, sink: 0 }
const day = 1_440

const Answer = Schema.decodeUnknownSync(
  Schema.Struct({
    schedules: Schema.Array(Schema.Struct({ id: Schema.String, name: Schema.String, zone: Schema.Json })),
    problem: Schema.NullOr(Schema.String),
    used: Schema.Struct({
      wanted: Schema.Json,
      copy: Schema.NullOr(Schema.Struct({ name: Schema.String, hours: Schema.Json })),
      trouble: Schema.NullOr(Schema.Struct({ problem: Schema.String })),
    }),
  }),
)

describe("a schedule that changes in Zendesk", { timeout: 60_000 }, () => {
  it("decides what the next customer is told, whether it can still be read or not", () =>
    inFolder((dataDir) =>
      run(
        Effect.scoped(
          Effect.gen(function* () {
            const officeHours = { zendeskSchedule: "دعم العملاء" }
            const world = yield* startWorld({ dataDir, ports, tuning: { handoff: { officeHours } } })
            const { schedules } = world.emulator
            const ask = async (method: string, path = "") => {
              const answer = await fetch(`${world.urls.api}/organizations/larkspoke/schedules${path}`, {
                method,
              })
              assert.strictEqual(answer.status, 200)
              return Answer(await answer.json())
            }
            const [host = "", port = ""] = world.urls.smtp.split(":")
            const told = async (who: string): Promise<string> => {
              await run(
                sendMail({
                  host,
                  port: Number(port),
                  from: `${who}@example.com`,
                  to: world.urls.supportAddress,
                  subject: "Help",
                  text: "I want to talk to a human, please.",
                }),
              )
              const mail = await eventually(`the mail to ${who}`, () =>
                world.sink.mails().find(({ envelopeTo }) => envelopeTo.includes(`${who}@example.com`)),
              )
              return mail.text
            }
            yield* Effect.promise(async () => {
              // Nothing known: the handoff is made all the same, as if somebody were there.
              const missing = await ask("POST", "/read")
              assert.isNull(missing.used.copy)
              assert.match(missing.used.trouble?.problem ?? "", /not found/)
              assert.notMatch(await told("ann"), /out of the office/)

              const later = ((new Date().getUTCDay() + 2) % 7) * day
              const closed = [[later + 570, later + 1_020]] as const
              const id = schedules.add({ name: "دعم العملاء", timeZone: "Chennai", intervals: closed })
              const read = await ask("POST", "/read")
              assert.isNull(read.used.trouble)
              assert.deepStrictEqual(read.schedules, [
                { id: String(id), name: "دعم العملاء", zone: "Asia/Kolkata" },
              ])
              assert.match(await told("bea"), /out of the office just now[^]*09:30/)

              // Zendesk does not tell any more: the last good copy goes on.
              schedules.plan(403)
              const refused = await ask("POST", "/read")
              assert.match(refused.problem ?? "", /not part of this plan/)
              assert.match(refused.used.trouble?.problem ?? "", /not part of this plan/)
              assert.strictEqual(refused.used.copy?.name, "دعم العملاء")
              assert.match(await told("cid"), /out of the office just now[^]*09:30/)

              schedules.plan("on")
              schedules.edit(id, { intervals: [[0, 7 * day]] })
              assert.isNull((await ask("POST", "/read")).used.trouble)
              assert.notMatch(await told("dan"), /out of the office/)

              // A holiday today, in a zone that may be at another day than this machine.
              const today = new Date(Date.now() + 5.5 * 3_600_000).toISOString().slice(0, 10)
              schedules.edit(id, { holidays: [[today, today]] })
              await ask("POST", "/read")
              assert.match(await told("eve"), /out of the office just now/)
              assert.deepStrictEqual((await ask("GET")).used.wanted, "دعم العملاء")
            })
          }),
        ),
      ),
    ))
})
