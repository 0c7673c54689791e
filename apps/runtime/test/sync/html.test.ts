import { assert, describe, it } from "@effect/vitest"
import { pageOf } from "../../src/sync/html/page.ts"
import { tagsOf } from "../../src/sync/html/scan.ts"

describe("a page", () => {
  const content = "<p>The answer</p>"
  const around = (inner: string) =>
    `<!doctype html><html lang="de-AT"><head><title>A &amp; B</title></head><body><header>Logo</header><nav><ul><li>Menu</li></ul></nav>${inner}<footer>Imprint</footer></body></html>`

  it.each([
    ["main", `<main>${content}</main>`],
    ["a role", `<div role="main">${content}</div>`],
    ["the only article", `<article>${content}</article>`],
    ["the body", content],
    ["a main with a menu in it", `<main><nav>Inner menu</nav>${content}<aside>More</aside></main>`],
  ])("gives the content by %s, and nothing that is around it", (_, inner) => {
    const page = pageOf(around(inner))
    assert.include(page.main, content)
    for (const word of ["Logo", "Menu", "menu", "Imprint", "More"]) assert.notInclude(page.main, word)
    assert.deepInclude(page, { title: "A & B", lang: "de-AT", isNoIndex: false })
  })

  it("keeps a heading that stands in a header of the content", () => {
    const page = pageOf(around(`<main><header><h1>Title</h1></header>${content}</main>`))
    assert.include(page.main, "<h1>Title</h1>")
  })

  it.each([
    ['<meta name="robots" content="noindex, follow">', true],
    ["<meta NAME=ROBOTS CONTENT=none>", true],
    ['<meta name="robots" content="index">', false],
    ["<!-- <meta name=robots content=noindex> -->", false],
    ['<script>"<meta name=robots content=noindex>"</script>', false],
    ['<p title="<meta name=robots content=noindex>">', false],
  ])("with %s asks not to be found: %s", (head, expected) => {
    assert.strictEqual(pageOf(`<head>${head}</head><body>x</body>`).isNoIndex, expected)
  })

  it("is any text, however broken", () => {
    for (const html of [
      "",
      "plain",
      "<",
      "<main",
      "<main>open",
      "</main>",
      '<a b="',
      "<!--",
      "<script>x",
      "<main/>y",
    ]) {
      assert.isString(pageOf(html).main, html)
    }
    assert.strictEqual(pageOf("plain").main, "plain")
    assert.include(pageOf("<main>open").main, "open")
  })

  it("takes time in proportion to its length, whoever wrote it", () => {
    const hostile = [
      "<header><h1>".repeat(80_000),
      "<nav>".repeat(200_000),
      "<a b='".repeat(200_000),
      "<!--".repeat(200_000),
      "<script>".repeat(100_000),
      "&#".repeat(400_000),
    ]
    for (const html of hostile) {
      const began = performance.now()
      pageOf(`<body>${html}`)
      assert.isBelow(performance.now() - began, 5_000, html.slice(0, 12))
    }
  })
})

describe("tags", () => {
  it("are found with their attributes, and not where they are text", () => {
    const tags = tagsOf(
      `<a href='x>y' data-x=1 checked><!-- <b> --><style>i > <u></style><br/><P class="&quot;">`,
    )
    assert.deepStrictEqual(
      tags.map(({ attributes, kind, name }) => [name, kind, Object.fromEntries(attributes)]),
      [
        ["a", "open", { href: "x>y", "data-x": "1", checked: "" }],
        ["style", "open", {}],
        ["style", "close", {}],
        ["br", "void", {}],
        ["p", "open", { class: '"' }],
      ],
    )
  })
})
