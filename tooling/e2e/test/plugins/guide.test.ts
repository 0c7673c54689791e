/** The guide for channel teams does what it says: its configuration is one, and its example of a human reaches the customer. */
import { checkConfig } from "@opencx/runtime"
import { sampleHelpCenter, startEmulator } from "@opencx/zendesk-emulator"
import { Effect, Schema } from "effect"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { repository } from "./packed.ts"

const guide = readFileSync(join(repository, "docs/channel-plugins.md"), "utf8")

const Ticket = Schema.Struct({ ticket: Schema.Struct({ id: Schema.Int }) })
const Token = Schema.Struct({ access_token: Schema.String })

const post = async (url: string, body: unknown, headers: Record<string, string> = {}): Promise<unknown> => {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  })
  return answer.json()
}

describe("docs/channel-plugins.md", () => {
  it("its configuration is valid", async () => {
    const [, text = ""] = /<!-- configuration -->\n```json\n([^]*?)```/.exec(guide) ?? []
    const config = await Effect.runPromise(checkConfig(JSON.parse(text), {}, "the guide"))
    assert.deepStrictEqual(config.plugins, ["@acme/opencx-channel-line"])
    assert.strictEqual(config.organizations[0]?.accounts[0]?.channel, "line")
  })

  it("the emulated Zendesk as a fixture: a ticket, and the human's reply", async () => {
    const emulator = await startEmulator({ subdomain: "acme", seed: { helpCenter: sampleHelpCenter } })
    const credentials = { client_id: "opencx", client_secret: "opencx-secret", scope: "read write" }
    const grant = { grant_type: "client_credentials", ...credentials }
    const { access_token } = Schema.decodeUnknownSync(Token)(
      await post(`${emulator.url}/oauth/tokens`, grant),
    )
    const draft = {
      ticket: {
        subject: "Help",
        comment: { body: "Hello" },
        requester: { name: "Ada", email: "ada@acme.test" },
      },
    }
    const made = await post(`${emulator.url}/api/v2/tickets`, draft, {
      authorization: `Bearer ${access_token}`,
    })
    const ticketId = Schema.decodeUnknownSync(Ticket)(made).ticket.id
    // … a customer asks for a human on your channel; then, as the human:
    emulator.agent(ticketId, { action: "reply", body: "Hello, this is Ann." })
    // … and the fake provider has shown it to the customer.
    assert.include(JSON.stringify(emulator.state(["tickets"])), "Hello, this is Ann.")
    await emulator.close()
  })
})
