import { assert, describe, it } from "@effect/vitest"
import { afterAll, beforeAll } from "vitest"
import { at, eventually } from "../harness.ts"
import { type Chat, connected } from "./harness.ts"

const evil = `<script>alert("x")</script>`

describe("live chats on the agent page", () => {
  let acme: Chat
  let id = ""
  let closeHook = async (): Promise<void> => undefined
  beforeAll(async () => {
    const all = await connected()
    acme = all.acme
    closeHook = all.hook.close
    id = acme.emulator.sunshine.customerWrites({
      channel: "whatsapp",
      from: "+15550100200",
      name: evil,
      text: `${evil} first`,
    }).conversationId
    await acme.sc("POST", `/conversations/${id}/passControl`, {
      switchboardIntegration: "zd-agentWorkspace",
      metadata: { "dataCapture.systemField.tags": "opencx_handedoff" },
    })
    await eventually(() => acme.emulator.counts().tickets === 1, "a ticket")
  })
  afterAll(async () => {
    await acme.emulator.close()
    await closeHook()
  })

  const page = async (path: string): Promise<{ readonly status: number; readonly html: string }> => {
    const response = await fetch(acme.emulator.url + path)
    return { status: response.status, html: await response.text() }
  }

  const submit = (fields: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${acme.emulator.url}/agent/chats/${id}`, {
      method: "POST",
      body: new URLSearchParams(fields),
      redirect: "manual",
      headers,
    })

  it("lists and shows a chat, escaped: transcript, tags, requester, who is in control", async () => {
    for (const path of ["/agent/chats", `/agent/chats/${id}`, "/agent/chats/1"]) {
      const { status, html } = await page(path)
      assert.strictEqual(status, 200, path)
      assert.notInclude(html, "<script")
      assert.include(html, "&lt;script&gt;")
      assert.include(html, "zd-agentWorkspace")
    }
    const { html } = await page(`/agent/chats/${id}`)
    assert.include(html, "opencx_handedoff")
    assert.include(html, "first")
    assert.include((await page("/agent/tickets/1")).html, `href="/agent/chats/1"`)
    assert.strictEqual((await page("/agent/chats/nothing")).status, 404)
  })

  it("replies with a file, notes, and keeps the order", async () => {
    assert.strictEqual((await submit({ action: "reply", body: "مرحبا" })).status, 303)
    assert.strictEqual((await submit({ action: "note", body: "quiet" })).status, 303)
    const form = new FormData()
    form.set("action", "reply")
    form.set("body", "see file")
    form.set("file", new Blob(["<script>x</script>"], { type: "text/html" }), "page.html")
    const sent = await fetch(`${acme.emulator.url}/agent/chats/${id}`, {
      method: "POST",
      body: form,
      redirect: "manual",
    })
    assert.strictEqual(sent.status, 303)
    const { html } = await page(`/agent/chats/${id}`)
    const order = ["first", "مرحبا", "quiet", "see file", "page.html"].map((text) => html.indexOf(text))
    assert.deepStrictEqual(
      order,
      order.toSorted((a, b) => a - b),
    )
    assert.notInclude(order, -1)
    const file = await fetch(acme.emulator.url + (/\/agent\/media\/[\w-]+/.exec(html)?.[0] ?? ""))
    assert.strictEqual(file.headers.get("content-type"), "application/octet-stream")
    assert.include(file.headers.get("content-disposition"), "attachment")
    const phone = acme.emulator.sunshine.channelDeliveries().map((item) => item.text)
    assert.deepStrictEqual(phone.slice(0, 2), ["مرحبا", "see file"])
    assert.notInclude(phone.join(" "), "quiet")
  })

  it("says why an action was refused, and refuses other sites", async () => {
    const blank = await submit({ action: "reply", body: "" })
    assert.strictEqual(blank.status, 400)
    assert.include(await blank.text(), 'role="alert"')
    assert.strictEqual(
      (await submit({ action: "reply", body: "x" }, { "sec-fetch-site": "cross-site" })).status,
      403,
    )
  })

  it("solves, closes, and says that it is closed", async () => {
    await submit({ action: "solve" })
    assert.strictEqual(at(acme.emulator.sunshine.chat(1), "ticket.status"), "solved")
    assert.include((await page(`/agent/chats/${id}`)).html, "Reopen")
    await submit({ action: "close" })
    const { html } = await page(`/agent/chats/${id}`)
    assert.include(html, "This chat is closed")
    assert.include(html, "zd-answerBot")
  })
})
