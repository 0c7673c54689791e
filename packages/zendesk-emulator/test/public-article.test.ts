import { assert, describe, it } from "@effect/vitest"
import { afterAll, beforeAll } from "vitest"
import { type Account, account } from "./harness.ts"

const articles = [
  {
    id: 501,
    title: "Open & free",
    body: `<h2>How</h2><p>Just <b>ask</b>.</p><script>alert(1)</script>`,
    locale: "en-us",
  },
  { id: 502, title: "Draft", body: "<p>later</p>", locale: "en-us", draft: true },
  { id: 503, title: "Staff", body: "<p>secret</p>", locale: "en-us", segment: "Agents" },
]

describe("articles as visitors see them", () => {
  let acme: Account
  beforeAll(async () => {
    acme = await account({ seed: { articles } })
  })
  afterAll(() => acme.emulator.close())

  const page = async (path: string) => {
    const response = await fetch(acme.emulator.url + path)
    return { status: response.status, html: await response.text() }
  }

  it("shows a published article's words, and none of its markup", async () => {
    const { html, status } = await page("/hc/en-us/articles/501-Open-free")
    assert.strictEqual(status, 200)
    assert.include(html, "Open &amp; free")
    assert.match(html, /Just\s+ask/)
    assert.notInclude(html, "alert(1)")
  })

  it("hides drafts, restricted articles, other locales and unknown ids", async () => {
    for (const path of [
      "en-us/articles/502",
      "en-us/articles/503",
      "de/articles/501",
      "en-us/articles/999",
    ]) {
      assert.strictEqual((await page(`/hc/${path}`)).status, 404, path)
    }
  })

  it("a handoff comment's link is shown as a link on the ticket", async () => {
    const id = await acme.ticket({
      subject: "Links",
      requester: { name: "Dana Lee", email: "dana@example.com" },
      comment: {
        html_body: `<p><a href="http://127.0.0.1:1/sessions/x">View session</a> <a href="javascript:alert(1)">no</a></p>`,
        public: false,
      },
    })
    const { html } = await page(`/agent/tickets/${id}`)
    assert.include(html, `<a href="http://127.0.0.1:1/sessions/x" rel="noreferrer">View session</a>`)
    assert.notInclude(html, "javascript:")
  })
})
