import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import { createHash } from "node:crypto"
import { html, htmlAnswer, page } from "../../src/http/pages/html.ts"
import { linkPage, loginPage } from "../../src/http/pages/login.ts"
import { forbiddenPage } from "../../src/http/pages/nav.ts"
import { deadLettersPage, sessionListPage } from "../../src/http/pages/session.ts"
import { sourcesPage } from "../../src/http/pages/sources.ts"
import { time } from "../../src/http/pages/time.ts"

const webOf = (answer: HttpServerResponse.HttpServerResponse): Response => HttpServerResponse.toWeb(answer)

describe("escaping", () => {
  it("covers the five characters that mean something", () => {
    assert.strictEqual(
      html`<p title="${`&<>"'`}">${`&<>"'`}</p>`.text,
      '<p title="&amp;&lt;&gt;&quot;&#39;">&amp;&lt;&gt;&quot;&#39;</p>',
    )
  })

  it("is done once, in lists of lists too; nothing and null are empty, zero is not", () => {
    const inner = html`<b>${"<i>"}</b>`
    assert.strictEqual(
      html`${[inner, ["&", [inner, null]], undefined, 0]}`.text,
      "<b>&lt;i&gt;</b>&amp;<b>&lt;i&gt;</b>0",
    )
    assert.strictEqual(html`${null}${undefined}${[]}${""}`.text, "")
  })

  it("cannot be talked out of by an object that looks like markup", () => {
    const forged: unknown = JSON.parse('{"text":"<script>"}')
    // @ts-expect-error: only what this module made counts as markup
    assert.throws(() => html`${forged}`.text)
  })

  it.prop("lets no tag and no attribute through, whatever the text", [Schema.String], ([text]) => {
    const { text: made } = html`<p title="${text}">${text}</p>`
    assert.strictEqual(made.match(/[<>"]/g)?.length, 6)
    assert.notMatch(made, /&(?!amp;|lt;|gt;|quot;|#39;)/)
  })
})

const everyWay = { problem: null, hasToken: true, hasUsers: true, signOn: "Okta" }

describe("every page", () => {
  it("has a policy that allows its own style, byte for byte, and nothing else", async () => {
    for (const content of [
      page("A & B", html`<p>x</p>`),
      sessionListPage([]),
      loginPage({ ...everyWay, next: "/sessions", problem: "No." }),
      linkPage({ token: "t", purpose: "setup", problem: null }),
    ]) {
      const answer = webOf(htmlAnswer(content))
      const text = await answer.text()
      const styles = [...text.matchAll(/<style>(.*?)<\/style>/gs)]
      assert.strictEqual(styles.length, 1)
      const hash = createHash("sha256")
        .update(styles[0]?.[1] ?? "")
        .digest("base64")
      const policy = answer.headers.get("content-security-policy") ?? ""
      assert.include(policy, `style-src 'sha256-${hash}'`)
      assert.include(policy, "default-src 'none'")
      assert.notInclude(policy, "unsafe")
      assert.notMatch(text, /<script|\son\w+=|\sstyle=|javascript:/i)
    }
  })

  it("of operators has a main part, ways to the others, and the way out", () => {
    for (const { text } of [sessionListPage([]), deadLettersPage([]), sourcesPage([]), forbiddenPage]) {
      assert.strictEqual(text.match(/<main>/g)?.length, 1)
      for (const path of ["/sessions", "/dead-letters", "/sources"]) assert.include(text, `href="${path}"`)
      assert.match(text, /<form[^>]+action="\/login\/out"/)
      assert.notMatch(text, /<th><\/th>/)
    }
  })

  it("is kept by nobody, framed by nobody, and tells nobody where one came from", () => {
    const { headers, status } = webOf(htmlAnswer(page("x", html``), 401))
    assert.strictEqual(status, 401)
    assert.strictEqual(headers.get("content-type"), "text/html; charset=utf-8")
    assert.strictEqual(headers.get("cache-control"), "no-store")
    assert.strictEqual(headers.get("referrer-policy"), "no-referrer")
    assert.strictEqual(headers.get("x-content-type-options"), "nosniff")
    assert.include(headers.get("content-security-policy"), "frame-ancestors 'none'")
  })
})

describe("the login page", () => {
  it("keeps the way back out of its markup", () => {
    const { text } = loginPage({
      ...everyWay,
      next: '/sessions"><script>alert(1)</script>',
    })
    assert.notInclude(text, "<script>")
  })
  it("has no form where nobody can log in, and says which variable sets a token", () => {
    const { text } = loginPage({ next: "/", problem: null, hasToken: false, hasUsers: false, signOn: null })
    assert.notInclude(text, "<form")
    assert.include(text, "OPENCX_OPERATOR_TOKEN")
  })
})

describe("times", () => {
  it("are UTC to the second; a dash where no calendar has them", () => {
    assert.strictEqual(time(Date.UTC(2026, 10, 21, 9, 35, 1, 999)), "2026-11-21 09:35:01")
    for (const impossible of [Number.NaN, Number.POSITIVE_INFINITY, 1e300])
      assert.strictEqual(time(impossible), "–")
  })
})
