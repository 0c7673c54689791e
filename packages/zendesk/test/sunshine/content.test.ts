import { assert, describe, it } from "@effect/vitest"
import { meaning, messageEvent } from "../fake/events.ts"

const read = (content: unknown, more: object = {}) => {
  const event = meaning(messageEvent({ content, ...more }))
  if (event._tag !== "CustomerWrote") throw new Error(`not a message: ${event._tag}`)
  return event
}
const text = (content: unknown): string => read(content).text

describe("content of messages, as a person reads it", () => {
  it("text, with buttons and what stands behind a pressed one", () => {
    assert.strictEqual(text({ type: "text", text: "مرحبا 👋" }), "مرحبا 👋")
    const actions = [
      { type: "link", text: "Shop", uri: "https://e.example" },
      { type: "reply", text: "Yes", payload: "y" },
    ]
    assert.strictEqual(
      text({ type: "text", text: "Sure?", actions }),
      "Sure?\nShop: https://e.example\n[Yes]",
    )
    assert.strictEqual(read({ type: "text", text: "Yes", payload: "y" }).payload, "y")
    assert.strictEqual(
      text({ type: "text", htmlText: "<p>Hi <b>Dana</b></p><script>x</script>" }),
      "Hi **Dana**",
    )
  })

  it("pictures and files, with their names", () => {
    const image = read({
      type: "image",
      text: "my receipt",
      mediaUrl: "https://acme.zendesk.com/sc/attachments/v2/01/receipt.png",
      mediaType: "image/png",
      mediaSize: 1234,
    })
    assert.strictEqual(image.text, "my receipt")
    assert.deepStrictEqual(image.files, [
      {
        url: "https://acme.zendesk.com/sc/attachments/v2/01/receipt.png",
        name: "receipt.png",
        contentType: "image/png",
        size: 1234,
      },
    ])
    const file = read({ type: "file", mediaUrl: "https://e.example/", altText: "فاتورة.pdf" })
    assert.strictEqual(file.files[0]?.name, "فاتورة.pdf")
    assert.strictEqual(file.files[0]?.contentType, null)
    assert.strictEqual(read({ type: "file", mediaUrl: "no url" }).files[0]?.name, "file")
  })

  it("carousels and lists", () => {
    const items = [
      {
        title: "Blue",
        description: "A blue one",
        actions: [{ type: "link", text: "Buy", uri: "https://e.example/b" }],
      },
      { title: "Red", mediaUrl: "https://e.example/r.png", actions: [] },
    ]
    const wanted = "Blue\nA blue one\nBuy: https://e.example/b\n\nRed\nhttps://e.example/r.png"
    assert.strictEqual(text({ type: "carousel", items }), wanted)
    assert.strictEqual(text({ type: "list", items }), wanted)
  })

  it("forms and answers to forms", () => {
    const fields = [
      { type: "email", name: "e", label: "Your email", email: "d@e.example" },
      { type: "select", name: "s", label: "Topic", select: [{ name: "r", label: "Refund" }] },
      { type: "text", name: "t", label: "Order" },
    ]
    assert.strictEqual(
      text({ type: "formResponse", fields }),
      "Your email: d@e.example\nTopic: Refund\nOrder",
    )
    assert.strictEqual(text({ type: "formResponse", textFallback: "Order: 1042", fields }), "Order: 1042")
    assert.strictEqual(text({ type: "form", fields: [fields[2]] }), "Form:\nOrder")
  })

  it("places, templates, and what nobody has heard of", () => {
    assert.strictEqual(
      text({
        type: "location",
        coordinates: { lat: 52.5, long: 13.4 },
        location: { name: "Office", address: "1 Main St" },
      }),
      "Location\nOffice\n1 Main St\nhttps://maps.google.com/?q=52.5,13.4",
    )
    assert.strictEqual(
      text({ type: "template", template: { name: "order_update" } }),
      "(a message template: order_update)",
    )
    assert.include(text({ type: "hologram" }), 'of the kind "hologram"')
    assert.strictEqual(text({ type: "hologram", text: "hello" }), "hello")
    for (const broken of [undefined, null, "text", 7, { type: "text", text: 7 }])
      assert.include(text(broken), "cannot be shown here")
    assert.strictEqual(
      read({ type: "text", text: "secret" }, { deleted: true }).text,
      "(this message was deleted)",
    )
  })
})
