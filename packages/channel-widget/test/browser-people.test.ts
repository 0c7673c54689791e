/** People of all kinds in front of the widget, in a real browser. */
import { assert, describe, it } from "vitest"
import { visit, watch } from "./support/browser.ts"
import { axe, customerLines, inBrowser } from "./support/scene.ts"
import { until } from "./support/world.ts"

const scene = inBrowser()

describe("people", () => {
  it("with a keyboard alone can do everything", async () => {
    const { page, world } = scene()
    await visit(page, world)
    await page.locator("#before").focus()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    const focused = () =>
      page.evaluate(
        () => document.querySelector("opencx-chat")?.shadowRoot?.activeElement?.outerHTML.slice(0, 200) ?? "",
      )
    await until("the input has the focus", async () => (await focused()).startsWith("<textarea"))
    await page.keyboard.type("Line one")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("line two")
    await page.keyboard.press("Enter")
    await until("the server has it", () => customerLines(world)[0]?.text === "Line one\nline two")
    for (let n = 0; n < 10 && !(await focused()).includes('part="human"'); n++)
      await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Space")
    await until("a human is wanted", () => world.timeline.events.some(({ _tag }) => _tag === "HumanWanted"))
    await page.getByText("A human was asked to join.").waitFor()
    assert.notStrictEqual(await focused(), "", "whoever pressed the button still has the focus")
    await page.keyboard.press("Escape")
    await until("the launcher has the focus", async () => (await focused()).includes("launcher"))
    assert.strictEqual(await page.getByRole("dialog").count(), 0)
  })

  it("who compose words do not send them by accident", async () => {
    const { page, world } = scene()
    const chat = await visit(page, world)
    await chat.launcher.click()
    await chat.input.fill("にほん")
    await chat.input.evaluate((area) => {
      area.dispatchEvent(
        new KeyboardEvent("keydown", { key: "Enter", isComposing: true, bubbles: true, cancelable: true }),
      )
      area.dispatchEvent(
        new KeyboardEvent("keydown", { key: "Enter", keyCode: 229, bubbles: true, cancelable: true }),
      )
    })
    assert.strictEqual(await chat.input.inputValue(), "にほん")
    assert.strictEqual(world.timeline.events.length, 0)
    await chat.input.press("Enter")
    await until("the server has it", () => customerLines(world).length === 1)
  })

  it("with assistive tools find nothing in the way, closed and open", async () => {
    const { page, world } = scene()
    const chat = await visit(page, world)
    assert.deepStrictEqual(await axe(page), [])
    assert.strictEqual(await chat.launcher.getAttribute("aria-expanded"), "false")
    await chat.launcher.click()
    await chat.dialog.waitFor()
    assert.deepStrictEqual(await axe(page), [])
    assert.strictEqual(await page.locator(".launcher").getAttribute("aria-expanded"), "true")
    await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" })
    await chat.write("Hello")
    await until("the server has it", () => customerLines(world).length === 1)
    world.timeline.say(world.timeline.only, "ai", "| a | b |\n|---|---|\n| 1 | 2 |\n\n```\ncode\n```")
    await chat.log.getByText("code").waitFor()
    assert.deepStrictEqual(await axe(page), [])
  })

  it("who read from right to left get a layout of their own", async () => {
    const { browser, world } = scene()
    const arabic = await browser.newContext({ locale: "ar-EG" })
    try {
      const tab = await arabic.newPage()
      const wrong = watch(tab)
      world.page.html = world.page.html.replace('lang="en"', 'lang="ar" dir="rtl"')
      await tab.goto(world.origin)
      const launcher = tab.getByRole("button", { name: "تحدّث معنا" })
      await launcher.click()
      const box = await tab.locator(".launcher").boundingBox()
      const width = tab.viewportSize()?.width ?? 0
      assert.isBelow(box?.x ?? width, width / 2, "the button is at the left edge")
      const input = tab.getByRole("textbox", { name: "رسالتك" })
      await input.fill("أين طلبي ORD-77؟")
      await input.press("Enter")
      await until("the server has it", () => customerLines(world).length === 1)
      world.timeline.say(world.timeline.only, "ai", "Your order is on its way.")
      const [mine, theirs] = [tab.locator(".line.customer .bubble"), tab.locator(".line.ai .bubble")]
      await theirs.waitFor()
      const left = (await mine.boundingBox())?.x ?? 0
      const right = (await theirs.boundingBox())?.x ?? 0
      assert.isBelow(left, right, "one's own words are at the left, the others' at the right")
      const direction = (of: typeof mine) => of.evaluate((element) => getComputedStyle(element).direction)
      assert.strictEqual(await direction(mine), "rtl")
      assert.strictEqual(await direction(theirs), "ltr", "each message has its own direction")
      assert.deepStrictEqual(await axe(tab), [])
      assert.deepStrictEqual(wrong, [])
    } finally {
      await arabic.close()
    }
  })

  it("on a small screen get the whole of it, and Tab stays inside", async () => {
    const { page, world } = scene()
    await page.setViewportSize({ width: 375, height: 667 })
    const chat = await visit(page, world)
    await chat.launcher.click()
    const box = await chat.dialog.boundingBox()
    assert.deepInclude(box, { x: 0, y: 0, width: 375, height: 667 })
    assert.strictEqual(await chat.dialog.getAttribute("aria-modal"), "true")
    for (let n = 0; n < 12; n++) {
      await page.keyboard.press("Tab")
      assert.strictEqual(await page.evaluate("document.activeElement.tagName"), "OPENCX-CHAT")
    }
    assert.deepStrictEqual(await axe(page), [])
  })

  it("who have scrolled up are left where they are", async () => {
    const { page, world } = scene()
    const chat = await visit(page, world)
    await chat.launcher.click()
    await chat.write("Hello")
    await until("the server has it", () => customerLines(world).length === 1)
    for (let n = 0; n < 30; n++) world.timeline.say(world.timeline.only, "ai", `Answer ${n}\n\nwith words`)
    await chat.log.getByText("Answer 29").waitFor()
    const top = () => page.locator("opencx-chat .scroll").evaluate((element) => element.scrollTop)
    await until("the end is shown", async () => (await top()) > 500)
    await page.locator("opencx-chat .scroll").evaluate((element) => {
      element.scrollTop = 100
    })
    world.timeline.say(world.timeline.only, "ai", "One more")
    await chat.log.getByText("One more").waitFor()
    assert.strictEqual(await top(), 100)
  })
})
