/**
 * Bursts of Zendesk's webhooks, and SIGKILL in their midst and right after the last answer. What was answered with 200 must
 * be worked off by the next process, from its journal alone: reconciliation is off, and Zendesk's own webhooks are dropped.
 */
import { mailsTo } from "@opencx/runtime"
import { randomUUID } from "node:crypto"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { eventually, pause, post, ticketOf } from "../support/customers.ts"
import { signedSignal } from "../support/people.ts"
import { type RuntimeProcess, startRuntime } from "../support/runtimeProcess.ts"
import { setStage, type Stage } from "../support/stage.ts"

const customers = Array.from({ length: 8 }, (_, n) => `signal${n}@example.com`)
const signalsPerTicket = 40
const rounds = 6

/** As Zendesk does: the same delivery again until it is answered with 200. Answers with how often it was sent. */
const deliver = async (stage: Stage, body: string, invocation: string): Promise<number> => {
  for (let sent = 1; sent < 300; sent += 1) {
    const headers = {
      ...signedSignal(stage.hook.secret, body),
      "x-zendesk-webhook-invocation-id": invocation,
    }
    const status = await fetch(stage.hook.url, { method: "POST", body, headers })
      .then(async (answer) => (await answer.arrayBuffer(), answer.status))
      .catch(() => 0)
    if (status === 200) return sent
    await pause(100)
  }
  throw new Error("a webhook was never answered with 200")
}

describe("kill -9 among bursts of webhooks", () => {
  let stage: Stage
  let runtime: RuntimeProcess

  beforeAll(async () => {
    stage = await setStage({ reconcileSeconds: 3600 })
    runtime = await startRuntime(stage.configFile)
  })
  afterAll(async () => {
    await runtime.kill()
    await stage.close()
  })

  it("every answered one is worked off by the next process, once", { timeout: 300_000 }, async () => {
    for (const from of customers) {
      await post(stage, {
        from,
        subject: "Please",
        text: `I want to talk to a human, please. I am ${from}.`,
        messageId: `<first-${from}>`,
      })
    }
    const tickets = await Promise.all(
      customers.map((from) => eventually(`ticket of ${from}`, () => ticketOf(stage, `I am ${from}.`))),
    )
    await Promise.all(
      customers.map((from) => eventually(`word to ${from}`, () => mailsTo(stage, from).length > 0)),
    )
    stage.emulator.addFault({ kind: "dropWebhook" })
    let sent = 0
    for (let round = 0; round < rounds; round += 1) {
      for (const ticket of tickets)
        stage.emulator.agent(ticket.id, { action: "reply", body: `This is part ${round}.` })
      const burst = tickets.flatMap((ticket) => {
        const body = JSON.stringify({ ticket_id: ticket.id, external_id: ticket.external_id, status: "open" })
        return Array.from({ length: signalsPerTicket }, () => deliver(stage, body, randomUUID()))
      })
      // Odd rounds die in the midst of the burst, even ones right behind its last answer.
      await (round % 2 === 1 ? Promise.race(burst) : Promise.all(burst))
      await runtime.kill()
      runtime = await startRuntime(stage.configFile)
      for (const times of await Promise.all(burst)) sent += times
      await Promise.all(
        customers.map((from) =>
          eventually(`part ${round} for ${from}`, () =>
            mailsTo(stage, from).some((mail) => mail.text.includes(`This is part ${round}.`)),
          ),
        ),
      )
    }
    await pause(2500)
    for (const from of customers) {
      const parts = mailsTo(stage, from).flatMap((mail) => {
        const part = /This is part (\d+)\./.exec(mail.text)?.[1]
        return part === undefined ? [] : [{ part, messageId: mail.messageId }]
      })
      // A mail whose handing over was cut off comes again under the same Message-ID; receivers keep one of them.
      const distinct = [...new Map(parts.map((one) => [one.messageId, one.part])).values()]
      assert.deepStrictEqual(
        distinct,
        Array.from({ length: rounds }, (_, round) => String(round)),
      )
    }
    console.log(`signals: ${sent} deliveries, ${rounds} kills`)
  })
})
