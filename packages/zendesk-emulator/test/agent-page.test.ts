import { assert, describe, it } from "@effect/vitest"
import { afterAll, beforeAll } from "vitest"
import { type Account, account, arr, at, str } from "./harness.ts"

const evil = `<script>alert("x")</script><img src=x onerror='y'>`

describe("agent page", () => {
  let acme: Account
  let id = 0
  beforeAll(async () => {
    acme = await account()
    id = await acme.ticket({
      subject: evil,
      requester: { name: evil, email: "evil@example.com" },
      comment: { html_body: `<p>hi</p>${evil}`, public: true },
      external_id: `"><b>`,
      tags: ["opencx"],
    })
    await acme.call("PUT", `/api/v2/tickets/${id}`, { ticket: { comment: { body: evil, public: true } } })
  })
  afterAll(() => acme.emulator.close())

  const page = async (path: string): Promise<{ readonly response: Response; readonly html: string }> => {
    const response = await fetch(acme.emulator.url + path)
    return { response, html: await response.text() }
  }

  const submit = (fields: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${acme.emulator.url}/agent/tickets/${id}`, {
      method: "POST",
      body: new URLSearchParams(fields),
      redirect: "manual",
      headers,
    })

  it("escapes everything and allows no script", async () => {
    for (const path of ["/agent", `/agent/tickets/${id}`]) {
      const { response, html } = await page(path)
      assert.strictEqual(response.status, 200)
      const policy = response.headers.get("content-security-policy") ?? ""
      assert.include(policy, "default-src 'none'")
      assert.notInclude(policy, "script-src")
      assert.notInclude(policy, "unsafe-inline")
      assert.notInclude(html, "<script")
      assert.notInclude(html, "<img")
      assert.include(html, "&lt;script&gt;")
    }
    assert.notInclude((await page(`/agent/tickets/${id}`)).html, `"><b>`)
    assert.strictEqual(
      (await page("/agent/style.css")).response.headers.get("content-type"),
      "text/css; charset=utf-8",
    )
    assert.strictEqual((await page("/agent/tickets/999")).response.status, 404)
  })

  it("replies, notes and solves by form", async () => {
    assert.strictEqual((await submit({ action: "reply", body: "مرحبا" })).status, 303)
    assert.strictEqual((await submit({ action: "note", body: "quiet" })).status, 303)
    const comments = await acme.call("GET", `/api/v2/tickets/${id}/comments?sort=-created_at`)
    assert.deepStrictEqual(
      arr(comments.body, "comments")
        .slice(0, 2)
        .map((comment) => [at(comment, "body"), at(comment, "public")]),
      [
        ["quiet", false],
        ["مرحبا", true],
      ],
    )
    const blank = await submit({ action: "reply", body: "" })
    assert.strictEqual(blank.status, 400)
    assert.include(await blank.text(), 'role="alert"')
    assert.strictEqual((await submit({ action: "solve", body: "" })).status, 303)
    assert.strictEqual(at((await acme.call("GET", `/api/v2/tickets/${id}`)).body, "ticket.status"), "solved")
  })

  it("takes a file, and gives it back only as a download", async () => {
    const form = new FormData()
    form.set("action", "reply")
    form.set("body", "see file")
    form.set("file", new Blob(["<script>x</script>"], { type: "text/html" }), "page.html")
    const sent = await fetch(`${acme.emulator.url}/agent/tickets/${id}`, {
      method: "POST",
      body: form,
      redirect: "manual",
    })
    assert.strictEqual(sent.status, 303)
    const { html } = await page(`/agent/tickets/${id}`)
    const link = /\/agent\/attachments\/[\w-]+/.exec(html)?.[0] ?? ""
    const file = await page(link)
    assert.strictEqual(file.response.headers.get("content-type"), "application/octet-stream")
    assert.include(file.response.headers.get("content-disposition"), "attachment")
    assert.strictEqual(file.html, "<script>x</script>")
  })

  it("refuses forms and control requests from other sites", async () => {
    const headers = { "sec-fetch-site": "cross-site" }
    assert.strictEqual((await submit({ action: "reply", body: "x" }, headers)).status, 403)
    const reset = await fetch(`${acme.emulator.url}/__emulator/reset`, { method: "POST", headers })
    assert.strictEqual(reset.status, 403)
    assert.strictEqual(acme.emulator.counts().tickets, 1)
  })

  it("says that a closed ticket is closed", async () => {
    await submit({ action: "close", body: "" })
    assert.include((await page(`/agent/tickets/${id}`)).html, "This ticket is closed")
    const late = await submit({ action: "reply", body: "late" })
    assert.strictEqual(late.status, 422)
    assert.include(await late.text(), "closed prevents ticket update")
    assert.strictEqual(str((await acme.call("GET", `/api/v2/tickets/${id}`)).body, "ticket.status"), "closed")
  })
})
