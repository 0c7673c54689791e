/** The contract that every channel plugin keeps, as a vitest suite. */
import { assert, describe, it } from "@effect/vitest"
import type { ChannelPlugin } from "@opencx/core"
import type { ChannelFixtures } from "./Fixtures.ts"
import { sendSuite } from "./sendSuite.ts"
import { settingsSuite } from "./settingsSuite.ts"
import { webhookSuite } from "./webhookSuite.ts"

const capabilitiesSuite = (plugin: ChannelPlugin): void => {
  describe("capabilities", () => {
    it("say what the engine needs to know", () => {
      const { capabilities: c } = plugin
      assert.match(plugin.id, /^[a-z][a-z0-9_-]{0,31}$/)
      assert.isAbove(plugin.title.length, 1)
      assert.match(c.channelTag, /^[a-z0-9_]{1,30}$/, "becomes part of a ticket tag")
      assert.include(["messaging", "ticket"], c.handoff)
      assert.include(["markdown", "whatsapp", "plain", "html", "speech"], c.markup)
      if (c.textLimit !== null) assert.isAtLeast(c.textLimit, 20)
      if (c.replyWindowMinutes !== null) assert.isAbove(c.replyWindowMinutes, 0)
      if (c.media.inbound || c.media.outbound) assert.isAbove(c.media.maxBytes, 0)
      for (const word of c.optOutWords) assert.strictEqual(word, word.trim())
    })

    it("name the identities that the channel proves, strongest first, each once", () => {
      assert.isAbove(plugin.identity.length, 0)
      assert.strictEqual(new Set(plugin.identity).size, plugin.identity.length)
    })
  })
}

/**
 * Registers the whole contract for a plugin. Call it once at the top level of a test file:
 *
 * ```ts
 * import { channelContract } from "@opencx/testing"
 * channelContract(smsPlugin, { settings, secrets, rejected, webhooks, sending, rendering })
 * ```
 *
 * Parts that do not apply are `null` in the fixtures. Nothing is skipped silently: a corpus item that is left out
 * shows up as a skipped test with its reason.
 */
export const channelContract = (plugin: ChannelPlugin, fixtures: ChannelFixtures): void => {
  describe(`channel contract: ${plugin.id}`, () => {
    capabilitiesSuite(plugin)
    settingsSuite(plugin, fixtures)
    webhookSuite(plugin, fixtures)
    sendSuite(plugin, fixtures)
  })
}
