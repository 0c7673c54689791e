import { assert, describe, it } from "@effect/vitest"
import { htmlToMarkdown } from "../src/text/HtmlToMarkdown.ts"
import { markdownToHtml } from "../src/text/MarkdownToHtml.ts"

const options = { origin: "https://acme.zendesk.com", images: "alt" } as const
const markdown = (html: string) => htmlToMarkdown(html, options)

describe("HTML to Markdown", () => {
  it("keeps structure, resolves links, decodes entities", () => {
    const html = `<h2>Title</h2><p>see <a href="/hc/en-us/articles/1">this</a> &amp; that</p><ul><li>one<ul><li>two</li></ul></li></ul>
      <table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table><pre><code>x &lt; y</code></pre>`
    const text = markdown(html)
    for (const part of [
      "## Title",
      "[this](https://acme.zendesk.com/hc/en-us/articles/1) & that",
      "- one\n  - two",
      "| 1 | 2 |",
      "x < y",
    ]) {
      assert.include(text, part)
    }
  })
  it("drops what a reader does not see", () => {
    const hidden = [
      '<p style="display:none">no1</p>',
      '<p style="color:red; Display : None">no2</p>',
      "<p hidden>no3</p>",
      '<span aria-hidden="true">no4</span>',
      '<div style="visibility:hidden"><p>no5</p></div>',
      '<span style="font-size:0">no6</span>',
      '<span style="opacity: 0;">no7</span>',
      "<script>no8</script><style>no9</style><template>no10</template><noscript>no11</noscript><!-- no12 -->",
      '<iframe src="https://x.example">no13</iframe><form><button>no14</button></form>',
    ].join("")
    const text = markdown(`<p>yes1</p>${hidden}<p style="opacity:0.5;font-size:0.9em">yes2</p>`)
    assert.notMatch(text, /no\d/)
    assert.include(text, "yes1")
    assert.include(text, "yes2")
  })
  it("leaves no link that runs code", () => {
    assert.notInclude(markdown('<a href="javascript:alert(1)">x</a><a href="data:text/html,x">y</a>'), "](")
  })
  it("survives broken and huge HTML", () => {
    assert.include(markdown("<p>open <b>bold <i>both</p><td>cell"), "open")
    assert.strictEqual(markdown(""), "")
    assert.include(markdown("<div>".repeat(3_000) + "deep"), "deep")
    assert.include(markdown(`<p>${"مرحبا ".repeat(50_000)}</p>`), "مرحبا")
  })
})

describe("Markdown to HTML", () => {
  it("shows typed HTML as typed and images as links", () => {
    const html = markdownToHtml(
      '<b onclick="x">b</b>\n\n<div><script>s</script></div>\n\n![pixel](https://t.example/p.gif)',
    )
    assert.notMatch(html, /<(b|script|img)[\s>]/)
    for (const typed of ["&lt;script&gt;", "&lt;div&gt;"]) assert.include(html, typed)
    assert.include(html, '<a href="https://t.example/p.gif">pixel</a>')
  })
  it("keeps line breaks, lists, quotes and code", () => {
    const html = markdownToHtml("a\nb\n\n- x\n\n> q\n\n```\n1 < 2\n```")
    for (const part of ["a<br", "<li>x</li>", "<blockquote>", "1 &lt; 2"]) assert.include(html, part)
  })
})
