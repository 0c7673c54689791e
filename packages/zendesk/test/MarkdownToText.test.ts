import { assert, describe, it } from "@effect/vitest"
import { markdownToText } from "../src/text/MarkdownToText.ts"

describe("markdownToText", () => {
  const cases: ReadonlyArray<readonly [string, string]> = [
    ["Hello **Dana**, _see_ `code` ~~old~~", "Hello Dana, see code old"],
    ["[Returns](https://e.example/r?a=1&b=2)", "Returns (https://e.example/r?a=1&b=2)"],
    ["<https://e.example/x> and https://e.example/y", "https://e.example/x and https://e.example/y"],
    ["[mail](mailto:a@b.example)", "mail (a@b.example)"],
    ["![map](https://e.example/m.png)", "map (https://e.example/m.png)"],
    ["# Title\n\nText", "Title\n\nText"],
    ["- one\n- two\n  - inner", "• one\n• two\n  • inner"],
    ["3. three\n4. four", "3. three\n4. four"],
    ["- [x] done\n- [ ] open", "• [x] done\n• [ ] open"],
    ["> quoted\n> twice", "> quoted\n> twice"],
    ["```js\nlet a = 1 < 2\n```", "let a = 1 < 2"],
    ["| a | b |\n|---|---|\n| 1 | 2 |", "a | b\n1 | 2"],
    ["line one\nline two", "line one\nline two"],
    ["a & b < c > d \"e\" 'f'", "a & b < c > d \"e\" 'f'"],
    ["<b>bold</b>", "<b>bold</b>"],
    ["# عنوان\n\n- **أولاً**\n- ثانياً", "عنوان\n\n• أولاً\n• ثانياً"],
    ["", ""],
  ]
  for (const [markdown, text] of cases) {
    it(`reads ${JSON.stringify(markdown).slice(0, 50)}`, () => {
      assert.strictEqual(markdownToText(markdown), text)
    })
  }
})
