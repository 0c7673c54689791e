/** What the log of a runtime tells of a conversation, at the level that installations run with: nothing of the customer. */
import { assert, describe, it } from "@effect/vitest"
import { randomUUID } from "node:crypto"
import { sendMail } from "../../src/demo/sendMail.ts"
import { mailsTo, tickets, users } from "../../src/tour/observe.ts"
import { readyOf, startCli, stopped } from "../support/cli.ts"
import { eventually, run } from "../support/run.ts"
import { setStage } from "../support/stage.ts"

const unique = (what: string) => `${what}${randomUUID().slice(0, 8)}`

describe("the log of a conversation", () => {
  it(
    "holds no words, no address and no name of the customer, whatever fails",
    { timeout: 120_000 },
    async () => {
      const stage = await setStage()
      const running = startCli(["serve", "--config", stage.configFile, "--json"], {
        env: { OPENCX_LOG_LEVEL: "Info" },
      })
      try {
        await readyOf(running)
        const [words, address, name, reply] = ["words", "address", "name", "reply"].map(unique)
        const customer = `${address}@example.com`
        const smtp = stage.smtp
        const writes = (text: string) =>
          run(
            sendMail({
              ...smtp,
              from: customer,
              name: `Dana ${name}`,
              to: stage.supportAddress,
              subject: `About ${words}`,
              text,
            }),
          )
        // A handoff that fails at first, with what Zendesk says about it.
        stage.emulator.addFault({
          kind: "status503",
          times: 2,
          match: { method: "POST", path: "/api/v2/tickets" },
        })
        await writes(`I want to talk to a human about ${words}, please.`)
        const ticket = await eventually(
          "the ticket",
          () => {
            const user = users(stage).find(({ email }) => email === customer)
            return tickets(stage).find(({ requester_id }) => requester_id === user?.id)
          },
          60,
        )
        await eventually("the word about it", () => mailsTo(stage, customer)[0])
        // A reply that the customer's mail server refuses, naming whom it refuses.
        stage.sink.refuse({ code: 550, message: `5.1.1 <${customer}>: ${name} ${words} is not known here` })
        stage.emulator.agent(ticket.id, { action: "reply", body: `Dear Dana, ${reply}` })
        const lettersThere = async () =>
          /opencx_work_dead(?:\{[^}]*\})? 1/.test(await (await fetch(`${stage.runtimeUrl}/metrics`)).text())
        await eventually("the dead letter", lettersThere, 40)
        stage.sink.refuse(null)
        await writes(`And once more: ${words}`)
        await eventually("the second message on the ticket", () =>
          JSON.stringify(stage.emulator.state(["tickets"])).includes(`once more: ${words}`),
        )
        assert.strictEqual((await stopped(running)).code, 0)
        const log = running.err.join("\n")
        assert.include(log, "connected as")
        assert.include(log, "was given up")
        for (const secret of [words, address, name, reply]) assert.notInclude(log, secret ?? "")
      } finally {
        running.send("SIGKILL")
        await running.ended
        await stage.close()
      }
    },
  )
})
