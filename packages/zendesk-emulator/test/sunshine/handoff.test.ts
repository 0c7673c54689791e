import { assert, describe, it } from "@effect/vitest"
import { at, eventually } from "../harness.ts"
import { connected, typesOf } from "./harness.ts"

describe("hand-off", () => {
  it("makes a messaging ticket with the captured tags", async () => {
    const { acme, hook } = await connected()
    const user = await acme.user("c1", { profile: { givenName: "Dana", surname: "Lee" } })
    const id = await acme.conversation(user)
    const answer = await acme.sc("POST", `/conversations/${id}/passControl`, {
      switchboardIntegration: "zd-agentWorkspace",
      metadata: { "dataCapture.systemField.tags": "opencx,opencx_handedoff" },
    })
    assert.deepStrictEqual([answer.status, answer.text], [200, "{}"])
    await eventually(() => typesOf(hook).includes("switchboard:passControl"), "control passed")
    const ticket = await acme.call("GET", "/api/v2/tickets/1.json")
    assert.strictEqual(at(ticket.body, "ticket.from_messaging_channel"), true)
    assert.deepStrictEqual(at(ticket.body, "ticket.tags"), ["opencx", "opencx_handedoff"])
    await acme.emulator.close()
    await hook.close()
  })
})
