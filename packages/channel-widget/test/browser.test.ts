/** The widget in a real browser, on a page of another origin with a strict policy. */
import AxeBuilder from "@axe-core/playwright"
import type { Browser, BrowserContext, Page } from "playwright-core"
import { afterAll, afterEach, assert, beforeAll, beforeEach, describe, it } from "vitest"
import { browserPath, launch, noBrowser, visit, watch } from "./support/browser.ts"
import { startWorld, until, type World } from "./support/world.ts"

let browser: Browser
let world: World
let context: BrowserContext
let page: Page
let faults: ReadonlyArray<string>

beforeAll(async () => {
  if (browserPath !== null) browser = await launch()
  else console.warn(`The widget was not tried in a browser: ${noBrowser}`)
})
afterAll(() => browser?.close())

beforeEach(async (ctx) => {
  if (browserPath === null) ctx.skip(noBrowser)
  world = await startWorld({
    settings: {
      askEmailAfterSeconds: 1,
      limits: { callsPerMinute: 10_000, messagesPerMinute: 1_000, addressPerMinute: 100_000 },
    },
  })
  context = await browser.newContext({ locale: "en-GB" })
  page = await context.newPage()
  faults = watch(page)
})
afterEach(async () => {
  await context?.close()
  await world?.close()
})

const customerLines = () => world.timeline.all.filter(({ author }) => author === "customer")

/** Everything that is not as a page with this policy must be. */
const axe = async (of: Page = page) => {
  // Colours are what they are when the panel has come up.
  await of.evaluate(async () => {
    const moving = document.querySelector("opencx-chat")?.shadowRoot?.getAnimations() ?? []
    const finite = moving.filter(({ effect }) => effect?.getComputedTiming().iterations === 1)
    await Promise.all(finite.map(({ finished }) => finished))
  })
  const { violations } = await new AxeBuilder({ page: of }).analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)
}

describe("a conversation", () => {
  it("from the first word to a human's reply, within the page's policy", async () => {
    const chat = await visit(page, world)
    await chat.launcher.click()
    await chat.dialog.waitFor()
    await chat.write("Where is my order?")
    await chat.bubbles.getByText("Where is my order?").waitFor()
    await until("the server has it", () => customerLines().length === 1)
    const thread = world.timeline.only

    world.timeline.typing(thread, "ai")
    await page.getByText("The assistant is writing").waitFor()
    world.timeline.partial(thread, "It is **on its")
    await page.locator(".draft").getByText("It is").waitFor()
    assert.strictEqual(await page.locator(".draft").getAttribute("aria-live"), "off")
    // Only what is final stands where it is announced.
    assert.strictEqual(await chat.log.locator(".draft").count(), 0)
    world.timeline.say(thread, "ai", "It is **on its way**. See [tracking](https://help.acme.example/t).", {
      sources: [{ articleId: "a", title: "Tracking", url: "https://help.acme.example/t" }],
    })
    await chat.log.locator("strong").getByText("on its way").waitFor()
    assert.strictEqual(await page.locator(".draft").count(), 0)
    const link = chat.log.getByRole("link", { name: "tracking", exact: true })
    assert.strictEqual(await link.getAttribute("rel"), "noopener noreferrer nofollow")
    assert.strictEqual(await page.locator(".sources a").getAttribute("href"), "https://help.acme.example/t")
    await page.getByText("Seen").waitFor()

    await page.getByRole("button", { name: "This helped" }).click()
    await until("the thumb", () =>
      world.timeline.events.some((event) => event._tag === "Rated" && event.score === 1),
    )
    await until("it was read", () =>
      world.timeline.events.some((event) => event._tag === "Delivery" && event.status === "read"),
    )

    await page.getByRole("button", { name: "Talk to a human" }).click()
    await page.getByText("A human was asked to join.").waitFor()
    // Nobody comes: an address is asked for.
    await page.getByRole("textbox", { name: "E-mail address" }).fill("ann@customer.example")
    await page.getByRole("button", { name: "Save" }).click()
    await page.getByText("We will write to ann@customer.example").waitFor()

    world.timeline.become(thread, "human", "Sam Rivera")
    world.timeline.say(thread, "human", "Hello, Sam here.", { authorName: "Sam Rivera" })
    await page.getByText("Sam Rivera joined the conversation.").waitFor()
    await chat.log.getByText("Hello, Sam here.").waitFor()
    world.timeline.typing(thread, "human")
    await page.getByText("Sam Rivera is writing").waitFor()
    assert.deepStrictEqual(await axe(), [])

    world.timeline.become(thread, "closed")
    await page.getByRole("radio", { name: "4 of 5" }).check()
    await page.getByRole("textbox", { name: /Anything to add/ }).fill("Kind")
    await page.getByRole("button", { name: "Send rating" }).click()
    await page.getByText("Thank you!").last().waitFor()
    await until("the rating", () =>
      world.timeline.events.some(
        (event) => event._tag === "Rated" && event.kind === "conversation" && event.score === 4,
      ),
    )
    assert.deepStrictEqual(faults, [])
  })

  it("goes on after a reload, with what was said meanwhile unread", async () => {
    const chat = await visit(page, world)
    await chat.launcher.click()
    await chat.write("Hello")
    await until("the server has it", () => customerLines().length === 1)
    await page.goto("about:blank")
    world.timeline.say(world.timeline.only, "ai", "First answer")
    world.timeline.say(world.timeline.only, "ai", "Second answer")
    await visit(page, world)
    await page.getByRole("button", { name: "Chat with us, 2 unread" }).click()
    await chat.log.getByText("Second answer").waitFor()
    assert.deepStrictEqual(await chat.bubbles.allInnerTexts(), ["Hello", "First answer", "Second answer"])
    await page.keyboard.press("Escape")
    await page.getByRole("button", { name: "Chat with us", exact: true }).waitFor()
    assert.deepStrictEqual(faults, [])
  })

  it("takes files, and shows pictures of the server alone", async () => {
    const chat = await visit(page, world)
    await chat.launcher.click()
    const png = Buffer.from(
      "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8cf00000002010100189dd4550000000049454e44ae426082",
      "hex",
    )
    const chosen = page.waitForEvent("filechooser")
    await page.getByRole("button", { name: "Attach files" }).click()
    await (
      await chosen
    ).setFiles([
      { name: "photo.png", mimeType: "image/png", buffer: png },
      { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("words") },
    ])
    await page.getByRole("button", { name: "Remove notes.txt" }).click()
    await chat.write("See the picture")
    await page.getByRole("link", { name: "Download photo.png" }).locator("img").waitFor()
    await until("the picture is loaded", () =>
      page
        .locator("opencx-chat img")
        .evaluate((image) => image instanceof HTMLImageElement && image.naturalWidth === 1),
    )
    const [message] = world.timeline.events
    assert.strictEqual(message?._tag, "Message")
    if (message?._tag === "Message") assert.deepEqual(Buffer.from(message.files[0]?.bytes ?? []), png)
    const elsewhere = {
      fileName: "track.png",
      contentType: "image/png",
      size: 10,
      url: "https://tracker.example/p.png",
    }
    world.timeline.say(world.timeline.only, "human", "And mine", { files: [elsewhere] })
    const foreign = page.getByRole("link", { name: "Download track.png" })
    await foreign.waitFor()
    assert.strictEqual(await foreign.locator("img").count(), 0)

    const second = page.waitForEvent("filechooser")
    await page.getByRole("button", { name: "Attach files" }).click()
    await (
      await second
    ).setFiles([{ name: "run.exe", mimeType: "application/x-msdownload", buffer: Buffer.from("MZ") }])
    await page.getByText("run.exe: files of this kind cannot be sent.").waitFor()
    assert.deepStrictEqual(faults, [])
  })

  it("makes nothing of markup, whoever writes it", async () => {
    const chat = await visit(page, world)
    await chat.launcher.click()
    const evil = `<img src=x onerror="window.pwned=1"><script>window.pwned=1</script> [x](javascript:window.pwned=1) **b**`
    await chat.write(evil)
    await until("the server has it", () => customerLines().length === 1)
    const thread = world.timeline.only
    world.timeline.say(thread, "ai", evil, {
      sources: [{ articleId: "a", title: "<b>Source</b>", url: "javascript:window.pwned=1" }],
    })
    world.timeline.say(thread, "human", evil, {
      authorName: "<i>Sam</i>",
      files: [
        { fileName: "<u>x</u>.png", contentType: "image/png", size: 1, url: "javascript:window.pwned=1" },
      ],
    })
    await page.getByText("<i>Sam</i> joined the conversation.").waitFor()
    await until("a draft is shown", () => {
      world.timeline.partial(thread, evil)
      return page.locator(".draft").isVisible()
    })
    assert.isUndefined(await page.evaluate("window.pwned"))
    const inside = page.locator("opencx-chat")
    assert.strictEqual(await inside.locator("img, script, iframe, object, b, i, u, style").count(), 0)
    assert.strictEqual(await inside.locator("a[href^='javascript']").count(), 0)
    assert.strictEqual(await inside.locator("[style], [onerror], [onclick]").count(), 0)
    // The customer's own words are shown as they were written.
    assert.strictEqual(await chat.bubbles.first().innerText(), evil)
    assert.deepStrictEqual(faults, [])
  })
})

describe("a bad connection", () => {
  it("keeps what is written offline, and sends it once when the network is back", async () => {
    const chat = await visit(page, world)
    await chat.launcher.click()
    await chat.write("Online")
    await until("the server has it", () => customerLines().length === 1)
    await context.setOffline(true)
    await page.getByText("You are offline").waitFor()
    await chat.write("Offline one")
    await chat.write("Offline two")
    await page.getByText("Sending…").first().waitFor()
    world.timeline.say(world.timeline.only, "ai", "Said meanwhile")
    await context.setOffline(false)
    await until("both arrive", () => customerLines().length === 3)
    await chat.log.getByText("Said meanwhile").waitFor()
    await page.getByText("You are offline").waitFor({ state: "hidden" })
    assert.deepStrictEqual(
      customerLines().map(({ text }) => text),
      ["Online", "Offline one", "Offline two"],
    )
    await until("nothing is on its way", async () => (await page.locator(".sending").count()) === 0)
  })

  it("keeps unsent words over a reload, and a server that was away is found again", async () => {
    const chat = await visit(page, world)
    await chat.launcher.click()
    await chat.write("Before")
    await until("the server has it", () => customerLines().length === 1)
    await world.stop()
    await chat.write("While it was down")
    await page.getByText("Reconnecting…").waitFor()
    await world.restart()
    await page.reload()
    await until("it arrives after all", () => customerLines().length === 2)
    await chat.launcher.click()
    await chat.log.getByText("While it was down").waitFor()
    world.timeline.say(world.timeline.only, "ai", "Back again")
    await chat.log.getByText("Back again").waitFor()
    assert.strictEqual(customerLines().length, 2)
  })

  it("polls where something holds events back", async () => {
    await context.route(/\/widget\/stream/, (route) => route.abort())
    const chat = await visit(page, world)
    await chat.launcher.click()
    await chat.write("Hello")
    await until("the server has it", () => customerLines().length === 1)
    world.timeline.say(world.timeline.only, "ai", "By poll")
    await chat.log.getByText("By poll").waitFor()
  })

  it("says when a message cannot be sent, and offers to try again", async () => {
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
    assert.deepStrictEqual(await axe(), [])
    refuse = false
    await alert.getByRole("button", { name: "Try again" }).click()
    await until("the server has it", () => customerLines().length === 1)
  })
})

describe("several tabs", () => {
  it("share one stream and one conversation; when one closes the other goes on", async () => {
    const streams: Array<string> = []
    context.on("request", (request) => {
      if (request.url().includes("/widget/stream")) streams.push(request.url())
    })
    const chat = await visit(page, world)
    await chat.launcher.click()
    await chat.write("From the first tab")
    await until("the server has it", () => customerLines().length === 1)
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
    const chat = await visit(page, world)
    await chat.launcher.click()
    await chat.write("Private words")
    await until("the server has it", () => customerLines().length === 1)
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

describe("people", () => {
  it("with a keyboard alone can do everything", async () => {
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
    await until("the server has it", () => customerLines()[0]?.text === "Line one\nline two")
    for (let n = 0; n < 10 && !(await focused()).includes('part="human"'); n++)
      await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Space")
    await until("a human is wanted", () => world.timeline.events.some(({ _tag }) => _tag === "HumanWanted"))
    await page.keyboard.press("Escape")
    await until("the launcher has the focus", async () => (await focused()).includes("launcher"))
    assert.strictEqual(await page.getByRole("dialog").count(), 0)
  })

  it("who compose words do not send them by accident", async () => {
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
    await until("the server has it", () => customerLines().length === 1)
  })

  it("with assistive tools find nothing in the way, closed and open", async () => {
    const chat = await visit(page, world)
    assert.deepStrictEqual(await axe(), [])
    assert.strictEqual(await chat.launcher.getAttribute("aria-expanded"), "false")
    await chat.launcher.click()
    await chat.dialog.waitFor()
    assert.deepStrictEqual(await axe(), [])
    assert.strictEqual(await page.locator(".launcher").getAttribute("aria-expanded"), "true")
    await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" })
    await chat.write("Hello")
    await until("the server has it", () => customerLines().length === 1)
    world.timeline.say(world.timeline.only, "ai", "| a | b |\n|---|---|\n| 1 | 2 |\n\n```\ncode\n```")
    await chat.log.getByText("code").waitFor()
    assert.deepStrictEqual(await axe(), [])
  })

  it("who read from right to left get a layout of their own", async () => {
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
      await until("the server has it", () => customerLines().length === 1)
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
    assert.deepStrictEqual(await axe(), [])
  })

  it("who have scrolled up are left where they are", async () => {
    const chat = await visit(page, world)
    await chat.launcher.click()
    await chat.write("Hello")
    await until("the server has it", () => customerLines().length === 1)
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
