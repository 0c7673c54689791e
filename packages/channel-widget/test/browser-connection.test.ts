/** Bad connections and several tabs, in a real browser. */
import { assert, describe, it } from "vitest"
import { visit } from "./support/browser.ts"
import { axe, customerLines, inBrowser } from "./support/scene.ts"
import { until } from "./support/world.ts"

const scene = inBrowser()

describe("a bad connection", () => {
  it("keeps what is written offline, and sends it once when the network is back", async () => {
    const { context, page, world } = scene()
    const chat = await visit(page, world)
    await chat.launcher.click()
    await chat.write("Online")
    await until("the server has it", () => customerLines(world).length === 1)
    await context.setOffline(true)
    await page.getByText("You are offline").waitFor()
    await chat.write("Offline one")
    await chat.write("Offline two")
    await page.getByText("Sending…").first().waitFor()
    world.timeline.say(world.timeline.only, "ai", "Said meanwhile")
    await context.setOffline(false)
    await until("both arrive", () => customerLines(world).length === 3)
    await chat.log.getByText("Said meanwhile").waitFor()
    await page.getByText("You are offline").waitFor({ state: "hidden" })
    assert.deepStrictEqual(
      customerLines(world).map(({ text }) => text),
      ["Online", "Offline one", "Offline two"],
    )
    await until("nothing is on its way", async () => (await page.locator(".sending").count()) === 0)
  })

  it("keeps unsent words over a reload, and a server that was away is found again", async () => {
    const { page, world } = scene()
    const chat = await visit(page, world)
    await chat.launcher.click()
    await chat.write("Before")
    await until("the server has it", () => customerLines(world).length === 1)
    await world.stop()
    await chat.write("While it was down")
    await page.getByText("Reconnecting…").waitFor()
    await world.restart()
    await page.reload()
    await until("it arrives after all", () => customerLines(world).length === 2)
    await chat.launcher.click()
    await chat.log.getByText("While it was down").waitFor()
    world.timeline.say(world.timeline.only, "ai", "Back again")
    await chat.log.getByText("Back again").waitFor()
    assert.strictEqual(customerLines(world).length, 2)
  })

  it("polls where something holds events back", async () => {
    const { context, page, world } = scene()
    await context.route(/\/widget\/stream/, (route) => route.abort())
    const chat = await visit(page, world)
    await chat.launcher.click()
    await chat.write("Hello")
    await until("the server has it", () => customerLines(world).length === 1)
    world.timeline.say(world.timeline.only, "ai", "By poll")
    await chat.log.getByText("By poll").waitFor()
  })

  it("says when a message cannot be sent, and offers to try again", async () => {
    const { context, page, world } = scene()
    let refuse = true
    await context.route(/\/widget\/messages/, (route) =>
      refuse
        ? route.fulfill({
            status: 400,
            json: { error: "unreadable" },
            headers: { "access-control-allow-origin": world.origin },
          })
        : route.continue(),
    )
    const chat = await visit(page, world)
    await chat.launcher.click()
    await chat.write("Try me")
    const alert = page.getByRole("alert")
    await alert.getByText("Not sent.").waitFor()
    assert.deepStrictEqual(await axe(page), [])
    refuse = false
    await alert.getByRole("button", { name: "Try again" }).click()
    await until("the server has it", () => customerLines(world).length === 1)
  })
})

describe("several tabs", () => {
  it("share one stream and one conversation; when one closes the other goes on", async () => {
    const { context, page, world } = scene()
    const streams: Array<string> = []
    context.on("request", (request) => {
      if (request.url().includes("/widget/stream")) streams.push(request.url())
    })
    const chat = await visit(page, world)
    await chat.launcher.click()
    await chat.write("From the first tab")
    await until("the server has it", () => customerLines(world).length === 1)
    const thread = world.timeline.thread(world.timeline.only)
    await until("the stream is there", () => thread.listeners.size === 1)

    const second = await context.newPage()
    const other = await visit(second, world)
    await other.launcher.click()
    await other.log.getByText("From the first tab").waitFor()
    await other.write("From the second tab")
    await chat.log.getByText("From the second tab").waitFor()
    world.timeline.say(world.timeline.only, "ai", "To both")
    await Promise.all([chat.log.getByText("To both").waitFor(), other.log.getByText("To both").waitFor()])
    assert.strictEqual(thread.listeners.size, 1)
    assert.strictEqual(streams.length, 1)

    await page.close()
    await until("the other tab listens", () => streams.length === 2 && thread.listeners.size === 1)
    world.timeline.say(world.timeline.only, "ai", "To the one that is left")
    await other.log.getByText("To the one that is left").waitFor()
    assert.strictEqual(await other.bubbles.count(), 4)
  })

  it("logging out in one leaves nothing in any", async () => {
    const { context, page, world } = scene()
    const chat = await visit(page, world)
    await chat.launcher.click()
    await chat.write("Private words")
    await until("the server has it", () => customerLines(world).length === 1)
    const second = await context.newPage()
    const other = await visit(second, world)
    await other.launcher.click()
    await other.log.getByText("Private words").waitFor()
    await page.evaluate("window.opencx.logout()")
    await chat.log.getByText("Private words").waitFor({ state: "detached" })
    await other.log.getByText("Private words").waitFor({ state: "detached" })
    const kept: string = await page.evaluate("JSON.stringify(localStorage)")
    assert.notInclude(kept, "Private words")
  })
})
