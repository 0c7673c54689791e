/** What became of a webhook's calls, as Zendesk's activity log tells it. */
import { assert, describe, it } from "@effect/vitest"
import { account, arr, connect, eventually, receiver, str } from "./harness.ts"

describe("a webhook's activity", () => {
  it("tells each call's end by Zendesk's own words, newest first, without headers or bodies", async () => {
    const codes = [200, 401, 500]
    const acme = await account({})
    const hook = await receiver((n) => ({ status: codes[n] ?? 200 }))
    const { webhookId } = await connect(acme, hook.url, "{{ticket.id}}")
    const id = await acme.ticket()
    for (const n of codes.keys()) {
      await acme.control("POST", `/tickets/${id}/agent`, { action: "reply", body: `reply ${n}` })
      await eventually(
        () => acme.emulator.counts().deliveries > n && acme.emulator.counts().pendingDeliveries === 0,
        "the call",
      )
    }
    const { body } = await acme.call("GET", `/api/v2/webhooks/${webhookId}/invocations`)
    assert.deepStrictEqual(
      arr(body, "invocations").map((one) => str(one, "status")),
      ["server error", "client error", "success"],
    )
    await Promise.all([acme.emulator.close(), hook.close()])
  })
})
