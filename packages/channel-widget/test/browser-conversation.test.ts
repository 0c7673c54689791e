/** A conversation in a real browser, on a page of another origin with a strict policy. */
import { assert, describe, it } from "vitest"
import { visit } from "./support/browser.ts"
import { axe, customerLines, inBrowser } from "./support/scene.ts"
import { until } from "./support/world.ts"

const scene = inBrowser()

describe("a conversation", () => {
  it("from the first word to a human's reply, within the page's policy", async () => {
    const { faults, page, world } = scene()
    const chat = await visit(page, world)
    await chat.launcher.click()
    await chat.dialog.waitFor()
    await chat.write("Where is my order?")
    await chat.bubbles.getByText("Where is my order?").waitFor()
    await until("the server has it", () => customerLines(world).length === 1)
    const thread = world.timeline.only
    await until("the browser listens", () => world.timeline.thread(thread).listeners.size > 0)

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
    const address = page.getByRole("textbox", { name: "E-mail address" })
    await address.fill("ann")
    await page.getByRole("button", { name: "Save" }).click()
    assert.isFalse(
      await address.evaluate((field) => field instanceof HTMLInputElement && field.checkValidity()),
    )
    await address.fill("ann@customer.example")
    await page.getByRole("button", { name: "Save" }).click()
    await page.getByText("We will write to ann@customer.example").waitFor()

    world.timeline.become(thread, "human", "Sam Rivera")
    world.timeline.say(thread, "human", "Hello, Sam here.", { authorName: "Sam Rivera" })
    await page.getByText("Sam Rivera joined the conversation.").waitFor()
    await chat.log.getByText("Hello, Sam here.").waitFor()
    world.timeline.typing(thread, "human")
    await page.getByText("Sam Rivera is writing").waitFor()
    assert.deepStrictEqual(await axe(page), [])

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
    const { faults, page, world } = scene()
    const chat = await visit(page, world)
    await chat.launcher.click()
    await chat.write("Hello")
    await until("the server has it", () => customerLines(world).length === 1)
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
    const { faults, page, world } = scene()
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
    const { faults, page, world } = scene()
    const chat = await visit(page, world)
    await chat.launcher.click()
    const evil = `<img src=x onerror="window.pwned=1"><script>window.pwned=1</script> [x](javascript:window.pwned=1) **b**`
    await chat.write(evil)
    await until("the server has it", () => customerLines(world).length === 1)
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
