/** A page with the widget for each test: the browser, the world around it, and what the page complained about. */
import { AxeBuilder } from "@axe-core/playwright"
import type { Browser, BrowserContext, Page } from "playwright-core"
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest"
import { browserPath, launch, noBrowser, watch } from "./browser.ts"
import { startWorld, type World } from "./world.ts"

const settings = {
  askEmailAfterSeconds: 1,
  limits: { callsPerMinute: 10_000, messagesPerMinute: 1_000, addressPerMinute: 100_000 },
}

export interface Scene {
  readonly browser: Browser
  readonly world: World
  readonly context: BrowserContext
  readonly page: Page
  /** What the page's policy refused, what was thrown, what was logged as an error. */
  readonly faults: ReadonlyArray<string>
}

/** Registers the hooks of a file whose tests need a browser; gives the scene of the test that runs. */
export const inBrowser = (): (() => Scene) => {
  let browser: Browser
  let scene: Scene
  beforeAll(async () => {
    if (browserPath !== null) browser = await launch()
    else console.warn(`The widget was not tried in a browser: ${noBrowser}`)
  })
  afterAll(() => browser?.close())
  beforeEach(async (ctx) => {
    if (browserPath === null) ctx.skip(`${noBrowser}`)
    const world = await startWorld({ settings })
    const context = await browser.newContext({ locale: "en-GB" })
    const page = await context.newPage()
    scene = { browser, world, context, page, faults: watch(page) }
  })
  afterEach(async () => {
    await scene?.context.close()
    await scene?.world.close()
  })
  return () => scene
}

/** What customers have written so far. */
export const customerLines = ({ timeline }: World) =>
  timeline.all.filter(({ author }) => author === "customer")

/** Everything that the accessibility checker objects to. */
export const axe = async (page: Page) => {
  // Colours are what they are when the panel has come up.
  await page.evaluate(async () => {
    const moving = document.querySelector("opencx-chat")?.shadowRoot?.getAnimations() ?? []
    const finite = moving.filter(({ effect }) => effect?.getComputedTiming().iterations === 1)
    await Promise.all(finite.map(({ finished }) => finished))
  })
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)
}
