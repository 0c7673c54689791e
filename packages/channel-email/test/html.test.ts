import { assert, describe, it } from "@effect/vitest"
import { htmlToMarkdown } from "../src/html/toMarkdown.ts"

const md = (html: string) => htmlToMarkdown(html)

describe("mail HTML becomes Markdown", () => {
  it("keeps structure", () => {
    assert.strictEqual(
      md(
        '<h2>Hi</h2><p>One<br>two</p><ul><li>a<ul><li>b</li></ul></li><li>c</ul><blockquote><p>q1<br>q2</p></blockquote><p>See <a href="https://x.example/a(b)">this</a>, <a href="mailto:a@b.example">a@b.example</a></p><pre>x\n  y</pre>',
      ),
      "## Hi\n\nOne\ntwo\n\n- a\n  - b\n- c\n\n> q1\n> q2\n\nSee [this](https://x.example/a%28b%29), a@b.example\n\n```\nx\n  y\n```",
    )
  })

  it("reads entities, odd tags and unclosed markup as browsers do", () => {
    assert.strictEqual(
      md("5 &lt; 6 &amp; 7 &euro; &#8364; &#x20ac; &eacute; &unknown; a<b c"),
      "5 < 6 & 7 € € € é &unknown; a",
    )
    assert.strictEqual(md("<p>one<p>two<div>x"), "one\n\ntwo\n\nx")
    assert.strictEqual(md("1 < 2 and <3"), "1 < 2 and <3")
  })

  it("drops what is not text, and links that run code", () => {
    assert.strictEqual(
      md(
        '<style>p{x:y}</style><script>alert("</p>")</script><title>t</title><p>seen</p><a href="javascript:alert(1)">js</a><a href=" java\nscript:x">js2</a><img src="https://t.example/p.gif" width=1>',
      ),
      "seen\n\njsjs2",
    )
  })

  it("names pictures, keeps emoji pictures", () => {
    assert.strictEqual(
      md('<p>Hi <img alt="😀" src="cid:1"> <img alt="Our logo" src="cid:2"></p>'),
      "Hi 😀 [image: Our logo]",
    )
  })
})

const hiding: ReadonlyArray<readonly [string, string]> = [
  ["display none", '<div style="display:none">X</div>'],
  ["important", '<div style="DISPLAY : NONE !important">X</div>'],
  ["comment inside the style", '<div style="display/* */:none">X</div>'],
  ["entity inside the style", '<div style="&#100;isplay:none">X</div>'],
  ["no quotes", "<div style=display:none>X</div>"],
  ["hidden attribute", "<p hidden>X</p>"],
  ["visibility", '<div style="visibility:hidden">X</div>'],
  ["opacity", '<div style="opacity:0.01">X</div>'],
  ["font size 0", '<span style="font-size:0px">X</span>'],
  ["font size 1", '<span style="font:1px/1px Arial">X</span>'],
  ["no height", '<div style="height:0;overflow:hidden">X</div>'],
  ["no max height", '<div style="max-height:0px">X</div>'],
  ["off screen", '<div style="position:absolute;left:-9999px">X</div>'],
  ["indented away", '<div style="text-indent:-9999px">X</div>'],
  ["Outlook", '<div style="mso-hide:all">X</div>'],
  ["white on white", '<span style="color:#fffffe">X</span>'],
  ["font tag", '<font color="white">X</font>'],
  ["black on black", '<table bgcolor="#000"><tr><td><span style="color:rgb(1,1,1)">X</span></table>'],
  ["transparent", '<span style="color:transparent">X</span>'],
  ["scaled away", '<div style="transform:scale(0)">X</div>'],
  ["clipped", '<div style="clip:rect(0,0,0,0);position:absolute">X</div>'],
  ["comment", "<!-- X -->"],
  ["conditional comment", "<!--[if mso]><p>X</p><![endif]-->"],
  ["by class", "<style>.pre,p.x{display:none}</style><p class='a pre'>X</p>"],
  ["by id", "<style>#h{font-size:0}</style><p id=h>X</p>"],
  ["template", "<template><p>X</p></template>"],
  ["noscript", "<noscript>X</noscript>"],
  ["nested in hidden", '<div style="display:none"><div style="display:block">X</div></div>'],
  ["svg text", "<svg><text>X</text></svg>"],
  ["deep nesting", `${"<i>".repeat(3_000)}<b style="display:none">X</b>`],
  ["unclosed comment", "<!-- X"],
  ["unclosed quote", '<a title="X'],
  ["hidden input", '<input type="hidden" value="X">X2'.replace("X2", "")],
]

describe("what a reader cannot see is not read", () => {
  for (const [name, html] of hiding) {
    it(name, () => {
      const text = md(`<p>before</p>${html}`)
      assert.notInclude(text, "X")
      assert.include(text, "before")
    })
  }

  const showing: ReadonlyArray<readonly [string, string]> = [
    ["white on black", '<td bgcolor="black"><font color="white">V</font></td>'],
    ["reset font size", '<td style="font-size:0"><span style="font-size:14px">V</span></td>'],
    ["visible inside invisible", '<div style="visibility:hidden"><b style="visibility:visible">V</b></div>'],
    ["hidden on phones only", "<style>@media (max-width:600px){.x{display:none}}</style><p class=x>V</p>"],
    ["after an unclosed hidden paragraph", '<p style="display:none">no<p>V</p>'],
    ["after a hidden cell", '<table><tr><td style="display:none">no<td>V</table>'],
    ["revealed by a downlevel comment", "<!--[if !mso]><!--><p>V</p><!--<![endif]-->"],
    ["semi-transparent", '<p style="opacity:.6">V</p>'],
    ["auto height", '<div style="height:auto;overflow:hidden">V</div>'],
  ]
  for (const [name, html] of showing) it(`but: ${name}`, () => assert.include(md(html), "V"))
})

describe("hostile HTML costs little", () => {
  const nasty = [
    "<div>".repeat(50_000),
    "<".repeat(300_000),
    "<a ".repeat(100_000),
    "<!--".repeat(100_000),
    "<p>".repeat(100_000),
    "<style>".repeat(50_000),
    '<b title="'.repeat(50_000),
    "<li>".repeat(50_000),
    `${"<i>".repeat(1_900)}${"</b>".repeat(50_000)}`,
    "&#".repeat(200_000),
  ]
  it("every shape is read to its end", () => {
    for (const html of nasty) assert.isString(md(html))
  })
})
