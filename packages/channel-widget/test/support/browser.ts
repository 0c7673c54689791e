/** The browser of this machine, if there is one. */
import { existsSync } from "node:fs"
import { type Browser, chromium, type Page } from "playwright-core"
import type { World } from "./world.ts"

const places = [
  process.env["OPENCX_CHROMIUM"] ?? "",
  "/usr/bin/chromium-headless-shell",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
]

export const browserPath = places.find((place) => place !== "" && existsSync(place)) ?? null

/** Why the tests in a browser do not run here. */
export const noBrowser =
  "no Chromium on this machine: apt-get install --no-install-recommends chromium-headless-shell, or set OPENCX_CHROMIUM"

export const launch = (): Promise<Browser> =>
  chromium.launch({
    ...(browserPath === null ? {} : { executablePath: browserPath }),
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run",
    ],
  })

/** What went wrong in a page: refused by its policy, thrown, logged as an error. */
export const watch = (page: Page) => {
  const faults: Array<string> = []
  page.on("pageerror", (error) => faults.push(`thrown: ${error.message}`))
  page.on("console", (message) => {
    const text = message.text()
    if (message.type() === "error" && !/Failed to load resource|ERR_|EventSource/.test(text))
      faults.push(text)
    if (/Content Security Policy/i.test(text)) faults.push(text)
  })
  return faults
}

/** Parts of the widget, found as people find them. */
export const chatOf = (page: Page) => ({
  launcher: page.getByRole("button", { name: /^Chat with us/ }),
  dialog: page.getByRole("dialog"),
  input: page.getByRole("textbox", { name: "Your message" }),
  log: page.getByRole("log"),
  bubbles: page.locator("opencx-chat .bubble"),
  write: async (text: string) => {
    const input = page.getByRole("textbox", { name: "Your message" })
    await input.fill(text)
    await input.press("Enter")
  },
})

/** The page with the widget, closed. */
export const visit = async (page: Page, world: World) => {
  await page.goto(world.origin)
  const chat = chatOf(page)
  await chat.launcher.waitFor()
  return chat
}
