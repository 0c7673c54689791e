/** What the customer's page does with the widget: the JavaScript API, looks, policies, and pages that change under it. */
import { SignJWT } from "jose"
import { assert, describe, it } from "vitest"
import { chatOf, visit, watch } from "./support/browser.ts"
import { axe, customerLines, inBrowser } from "./support/scene.ts"
import { siteKey, startWorld, until } from "./support/world.ts"

const scene = inBrowser()

const secret = "a-shared-secret-of-more-than-32-bytes"
const token = (sub: string) =>
  new SignJWT({ sub, aud: siteKey, name: "Ann Lee" })
    .setProtectedHeader({ alg: "HS256", kid: "k" })
    .setIssuedAt()
    .setExpirationTime("10m")
    .sign(Buffer.from(secret))

describe("the page's API", () => {
  it("opens, closes, listens, and takes the widget away and back", async () => {
    const { faults, page, world } = scene()
    const chat = await visit(page, world)
    await page.evaluate(
      "window.seen = []; for (const name of ['ready','open','close','message','unread','state']) opencx.on(name, (detail) => window.seen.push([name, detail])); OpenCX('open')",
    )
    await chat.dialog.waitFor()
    await chat.write("Hello")
    await until("the server has it", () => customerLines(world).length === 1)
    await page.evaluate("opencx.close()")
    const id = world.timeline.say(world.timeline.only, "ai", "Answer")
    await page.getByRole("button", { name: "Chat with us, 1 unread" }).waitFor()
    const seen: ReadonlyArray<readonly [string, Record<string, unknown>]> = await page.evaluate("window.seen")
    assert.deepStrictEqual(seen[0], ["ready", {}])
    assert.deepStrictEqual(
      seen.filter(([name]) => ["open", "close"].includes(name)).map(([name]) => name),
      ["open", "close"],
    )
    assert.deepInclude(seen, ["message", { author: "ai", id }])
    assert.deepInclude(seen, ["unread", { count: 1 }])
    assert.deepInclude(seen, ["state", { state: "ai", humanName: null }])

    await page.evaluate("opencx.toggle(); opencx.destroy()")
    assert.strictEqual(await page.locator("opencx-chat").count(), 0)
    const { listeners } = world.timeline.thread(world.timeline.only)
    await until("nobody listens any more", () => listeners.size === 0)
    await page.evaluate(`OpenCX("init", { site: "${siteKey}" }).open()`)
    await chat.log.getByText("Answer").waitFor()
    assert.deepStrictEqual(faults, [])
  })

  it("names the visitor by a signed token, and forgets them on logout", async () => {
    const { browser } = scene()
    const world = await startWorld({ settings: { identity: [{ kid: "k", alg: "HS256", key: secret }] } })
    const context = await browser.newContext({ locale: "en-GB" })
    try {
      const page = await context.newPage()
      const chat = await visit(page, world)
      await chat.launcher.click()
      await chat.write("Before I sign in")
      await until("the server has it", () => customerLines(world).length === 1)
      const jwt = await token("ann")
      assert.isTrue(await page.evaluate(`opencx.identify(() => "${jwt}")`))
      await chat.log.getByText("Before I sign in").waitFor()
      await chat.write("Now you know me")
      await until("it is hers", () =>
        world.timeline.events.some(
          (event) =>
            event._tag === "Message" &&
            event.sender.value === `${siteKey}:ann` &&
            event.sender.name === "Ann Lee",
        ),
      )
      assert.strictEqual(new Set(customerLines(world).map(({ cursor }) => cursor)).size, 2)
      assert.isFalse(await page.evaluate(`opencx.identify(() => "nonsense")`))
      await page.evaluate("opencx.logout()")
      await chat.log.getByText("Now you know me").waitFor({ state: "detached" })
      await page.reload()
      await chat.launcher.click()
      await page.getByText("Hello! How can we help?").waitFor()
      assert.strictEqual(await chat.bubbles.count(), 0)
      // The same person elsewhere sees what is theirs.
      world.timeline.become(world.timeline.only, "closed")
      assert.isTrue(await page.evaluate(`opencx.identify(async () => "${await token("ann")}")`))
    } finally {
      await context.close()
      await world.close()
    }
  })

  it("tells the humans what the page knows", async () => {
    const { page, world } = scene()
    const chat = await visit(page, world)
    await page.evaluate("opencx.setContext({ plan: 'pro', seats: 3 })")
    await chat.launcher.click()
    await chat.write("Hello")
    await until("the server has it", () => customerLines(world).length === 1)
    const [event] = world.timeline.events
    if (event?._tag !== "Message") assert.fail("no message")
    assert.strictEqual(event.text, "Hello")
    assert.strictEqual(event.fullText, `Hello\n\nPage: Shop ${world.origin}/\nplan: pro\nseats: 3`)
    assert.strictEqual(event.locale, "en")
  })

  it("has room for several widgets, and survives a page that replaces its body", async () => {
    const { faults, page, world } = scene()
    const chat = await visit(page, world)
    await page.evaluate(`opencx.init({ site: "${siteKey}", name: "second" })`)
    await until("both are there", async () => (await page.locator("opencx-chat .launcher").count()) === 2)
    await page.evaluate("opencx.get('second').open()")
    const ids = await page.evaluate(() =>
      [...document.querySelectorAll("opencx-chat")].flatMap((host) =>
        [...(host.shadowRoot?.querySelectorAll("[id]") ?? [])].map(({ id }) => id),
      ),
    )
    assert.strictEqual(new Set(ids).size, ids.length)
    await page.evaluate("opencx.destroy('second')")
    await chat.launcher.click()
    await page.evaluate(() => {
      const body = document.createElement("body")
      body.append("Another page")
      document.body.replaceWith(body)
    })
    await chat.dialog.waitFor()
    await chat.write("Still here")
    await until("the server has it", () => customerLines(world).length === 1)
    assert.deepStrictEqual(faults, [])
  })

  it("is one, however often the snippet stands there, and waits for calls made early", async () => {
    const { page, world } = scene()
    const tag = `<script src="${world.url}/widget/loader.js" data-site="${siteKey}"></script>`
    world.page.html = world.page.html.replace("</body>", `${tag}${tag}</body>`)
    await page.addInitScript(
      "window.OpenCX ||= Object.assign((...call) => { OpenCX.q.push(call) }, { q: [] }); OpenCX('open')",
    )
    world.page.html = world.page.html.replace(`data-site="${siteKey}" async`, `data-site="${siteKey}"`)
    await page.goto(world.origin)
    await chatOf(page).dialog.waitFor()
    assert.strictEqual(await page.locator("opencx-chat").count(), 1)
  })
})

describe("looks", () => {
  it("come from the site's settings, and the page's own style wins", async () => {
    const { browser } = scene()
    const world = await startWorld({
      settings: {
        theme: { accent: "rgb(120, 0, 60)", radius: "3px" },
        position: "start",
        title: "Acme Care",
        texts: { "*": { greeting: "Ask us anything" } },
      },
    })
    const context = await browser.newContext({ locale: "en-GB" })
    try {
      const page = await context.newPage()
      const faults = watch(page)
      const chat = await visit(page, world)
      await chat.launcher.click()
      await page.getByRole("heading", { name: "Acme Care" }).waitFor()
      await page.getByText("Ask us anything").waitFor()
      const style = (selector: string, name: string) =>
        page
          .locator(selector)
          .evaluate((element, property) => getComputedStyle(element).getPropertyValue(property), name)
      assert.strictEqual(await style(".launcher", "background-color"), "rgb(120, 0, 60)")
      assert.strictEqual(await style(".panel", "border-radius"), "3px")
      assert.isBelow((await page.locator(".launcher").boundingBox())?.x ?? 999, 100)
      await page.evaluate(() =>
        document
          .querySelector<HTMLElement>("opencx-chat")
          ?.style.setProperty("--opencx-accent", "rgb(0, 80, 0)"),
      )
      assert.strictEqual(await style(".launcher", "background-color"), "rgb(0, 80, 0)")
      await page.emulateMedia({ forcedColors: "active" })
      assert.notStrictEqual(await style(".launcher", "border-top-width"), "0px")
      await page.emulateMedia({ media: "print" })
      assert.strictEqual(await page.locator(".launcher").isVisible(), false)
      assert.deepStrictEqual(faults, [])
    } finally {
      await context.close()
      await world.close()
    }
  })

  it("asks for a name and consent first, where the site wants it", async () => {
    const { browser } = scene()
    const world = await startWorld({
      settings: {
        prechat: { name: "required", email: "optional" },
        consent: "I have read the [terms](https://shop.example/terms)",
      },
    })
    const context = await browser.newContext({ locale: "en-GB" })
    try {
      const page = await context.newPage()
      const chat = await visit(page, world)
      await chat.launcher.click()
      await page.getByRole("textbox", { name: "Name" }).fill("Ann")
      await page.getByRole("textbox", { name: "E-mail address" }).fill("ann@customer.example")
      assert.deepStrictEqual(await axe(page), [])
      assert.strictEqual(
        await page.getByRole("link", { name: "terms" }).getAttribute("href"),
        "https://shop.example/terms",
      )
      await page.getByRole("checkbox").check()
      await page.getByRole("button", { name: "Start" }).click()
      await chat.write("Hello")
      await until("the server has it", () => customerLines(world).length === 1)
      const message = world.timeline.events.find(({ _tag }) => _tag === "Message")
      if (message?._tag !== "Message") assert.fail("no message")
      assert.strictEqual(message.sender.name, "Ann")
      assert.include(new TextDecoder().decode(message.raw ?? new Uint8Array()), '"consent":true')
      await until("the address", () => world.timeline.events.some((event) => event._tag === "ContactDetails"))
      await page.reload()
      await chat.launcher.click()
      await chat.write("Once is enough")
      await until("the server has it", () => customerLines(world).length === 2)
    } finally {
      await context.close()
      await world.close()
    }
  })
})

describe("strict pages", () => {
  it("would be noticed if the policy were broken", async () => {
    const { page, world } = scene()
    const faults = watch(page)
    world.page.html = world.page.html.replace("</main>", "<script>window.inline = 1</script></main>")
    await page.goto(world.origin)
    await until("the refusal is seen", () => faults.some((fault) => /Content Security Policy/i.test(fault)))
    assert.isUndefined(await page.evaluate("window.inline"))
  })

  it("may admit it by a nonce, and change the script on the way to nothing", async () => {
    const { page, world } = scene()
    world.page.csp = world.page.csp.replace(/script-src [^;]*/, "script-src 'nonce-abc123'")
    world.page.html = world.page.html.replace("<script ", '<script nonce="abc123" ')
    const chat = await visit(page, world)
    await chat.launcher.click()
    await chat.dialog.waitFor()
    // A bundle that somebody has changed does not run.
    await page.route(/\/assets\/widget-/, async (route) => {
      const answer = await route.fetch()
      await route.fulfill({ response: answer, body: `window.pwned = 1;${await answer.text()}` })
    })
    await page.reload()
    await page.waitForLoadState("networkidle")
    assert.isUndefined(await page.evaluate("window.pwned"))
    assert.strictEqual(await page.locator("opencx-chat").count(), 0)
  })

  it("and browsers that refuse storage, locks and channels still chat", async () => {
    const { faults, page, world } = scene()
    await page.addInitScript(() => {
      const refuse = () => {
        throw new DOMException("no", "SecurityError")
      }
      Object.defineProperty(window, "localStorage", { get: refuse })
      Object.defineProperty(navigator, "locks", { value: undefined })
      Object.defineProperty(window, "BroadcastChannel", { value: undefined })
    })
    const chat = await visit(page, world)
    await chat.launcher.click()
    await chat.write("Hello")
    await until("the server has it", () => customerLines(world).length === 1)
    world.timeline.say(world.timeline.only, "ai", "Welcome")
    await chat.log.getByText("Welcome").waitFor()
    assert.deepStrictEqual(faults, [])
  })

  it("a site that is not known, or a page that is not the site's, shows nothing", async () => {
    const { page, world } = scene()
    world.page.html = world.page.html.replace(siteKey, "site_unknown_1")
    await page.goto(world.origin)
    await page.waitForLoadState("networkidle")
    assert.strictEqual(await page.locator("opencx-chat .launcher").count(), 0)
  })

  it("takes pasted and dropped files", async () => {
    const { page, world } = scene()
    const chat = await visit(page, world)
    await chat.launcher.click()
    const give = (how: "paste" | "drop", name: string) =>
      chat.input.evaluate(
        (area, { how: kind, name: fileName }) => {
          const data = new DataTransfer()
          data.items.add(new File(["words"], fileName, { type: "text/plain" }))
          const init = { bubbles: true, cancelable: true, composed: true }
          area.dispatchEvent(
            kind === "paste"
              ? new ClipboardEvent("paste", { ...init, clipboardData: data })
              : new DragEvent("drop", { ...init, dataTransfer: data }),
          )
        },
        { how, name },
      )
    await give("paste", "pasted.txt")
    await page.getByRole("button", { name: "Remove pasted.txt" }).waitFor()
    await give("drop", "dropped.txt")
    await page.getByRole("button", { name: "Remove dropped.txt" }).waitFor()
    await page.getByRole("button", { name: "Send" }).click()
    await until("the server has it", () => customerLines(world).length === 1)
    const [event] = world.timeline.events
    if (event?._tag !== "Message") assert.fail("no message")
    assert.deepStrictEqual(
      event.files.map(({ fileName }) => fileName),
      ["pasted.txt", "dropped.txt"],
    )
  })
})
