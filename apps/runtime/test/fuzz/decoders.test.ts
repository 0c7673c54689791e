/** What the runtime reads from outside by itself: every reader answers, whatever it is given, and in a time that is bounded. */
import {
  brokenBytes,
  brokenJson,
  brokenText,
  fuzzSeeds,
  hostileText,
  noise,
  repeatedBy,
} from "@opencx/testing"
import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Exit, Option } from "effect"
import * as Headers from "effect/http/Headers"
import { checkConfig } from "../../src/config/load.ts"
import { callerOf } from "../../src/http/limits/clientAddress.ts"
import { classOf } from "../../src/http/limits/classes.ts"
import { html } from "../../src/http/pages/html.ts"
import { makeRedactor } from "../../src/logging/redact.ts"
import { makeAccountSigner, makeUrlSigner } from "../../src/signing/tokens.ts"
import { readDocument } from "../../src/sync/folder/readDocument.ts"
import { pageOf } from "../../src/sync/html/page.ts"
import { robotsOf } from "../../src/sync/sitemap/robots.ts"
import { siteAddress } from "../../src/sync/sitemap/Site.ts"
import { sitemapOf } from "../../src/sync/sitemap/sitemapXml.ts"

const each = (usual: number, check: (seed: number, next: ReturnType<typeof noise>) => void): void => {
  for (const seed of fuzzSeeds(usual)) check(seed, noise(seed))
  assert.isUndefined(Reflect.get({}, "polluted"))
}

const page = `<!doctype html><html lang="en"><head><title>A &amp; B</title><meta name="robots" content="index">
<link rel="canonical" href="/a"><script>if (a < b) {}</script></head><body><nav>x</nav><main role="main">
<h1>Title</h1><p class='x' id="y">Text <!-- comment --> more</p></main></body></html>`

const sitemap = `<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc>https://help.example.com/a?x=1&amp;y=2</loc><lastmod>2026-11-21</lastmod></url>
<url><loc><![CDATA[https://help.example.com/b]]></loc></url></urlset>`

const robots =
  "User-agent: *\nDisallow: /private*/x$\nAllow: /\nCrawl-delay: 2\n\nUser-agent: opencx\nDisallow: /no\n"

const document = "---\ntitle: 'A title'\nlabels: [a, \"b\"]\nlocale: en\ndraft: false\n---\n# Head\n\nText.\n"

describe("readers of sources", () => {
  it("web pages", () => {
    each(200, (seed, next) => {
      const { main, title } = pageOf(brokenText(page, next))
      assert.isAtMost(main.length, 3_000_000, repeatedBy(seed))
      assert.notStrictEqual(title, "", repeatedBy(seed))
    })
  })

  it("sitemaps", () => {
    each(200, (seed, next) => {
      assert.isAtMost(sitemapOf(brokenText(sitemap, next), 10)?.entries.length ?? 0, 10, repeatedBy(seed))
    })
  })

  it("robots.txt, and paths asked of it", () => {
    each(200, (seed, next) => {
      const rules = robotsOf(brokenText(robots, next))
      assert.isBoolean(rules.allows(`/${hostileText(next)}`), repeatedBy(seed))
      assert.isTrue(rules.delayMs === null || rules.delayMs <= 30_000, repeatedBy(seed))
    })
  })

  it("files of a folder", () => {
    each(200, (seed, next) => {
      const name = next(2) === 0 ? "a/b.md" : "a/b.html"
      const read = readDocument(name, brokenText(next(2) === 0 ? document : page, next), 0, {
        locale: "en",
        visibility: "internal",
      })
      assert.include(["article", "withdrawn", "unreadable"], read._tag, repeatedBy(seed))
      if (read._tag === "article") assert.notStrictEqual(read.article.body, "", repeatedBy(seed))
    })
  })

  it("addresses of sites", () => {
    each(300, (seed, next) => {
      const read = siteAddress(brokenText("https://help.example.com/sitemap.xml", next))
      if (!("refused" in read)) {
        assert.include(["http:", "https:"], read.url.protocol, repeatedBy(seed))
        assert.strictEqual(read.url.username, "", repeatedBy(seed))
      }
    })
  })
})

describe("signed texts", () => {
  const urls = makeUrlSigner(Buffer.alloc(32, 1))
  const account = makeAccountSigner(Buffer.alloc(32, 1), "acme", "support")

  it("a token that was changed is none", () => {
    const url = urls.sign("channel:email", ["acme", "support"])
    const reply = account.sign("reply", "00000000-0000-4000-8000-000000000000")
    each(500, (seed, next) => {
      const broken = next(2) === 0 ? brokenText(url, next) : hostileText(next)
      if (broken !== url) assert.isNull(urls.open("channel:email", broken), repeatedBy(seed))
      const brokenReply = brokenText(reply, next)
      if (brokenReply.toLowerCase() !== reply)
        assert.isNull(account.open("reply", brokenReply), repeatedBy(seed))
    })
  })

  it("tokens of rubbish open to that rubbish and nothing else", () => {
    each(200, (seed, next) => {
      const part = Buffer.from(hostileText(next)).toString("base64url").slice(0, 500)
      assert.deepStrictEqual(urls.open("x", urls.sign("x", [part])), [part], repeatedBy(seed))
      assert.isNull(urls.open("y", urls.sign("x", [part])), repeatedBy(seed))
      assert.isNull(urls.open("x", urls.sign("x", [part, ""]))?.[2] ?? null, repeatedBy(seed))
    })
  })
})

const config = {
  publicUrl: "https://support.example.com",
  http: { host: "127.0.0.1", port: 3000, trustedProxies: ["10.0.0.0/8"] },
  plugins: ["./line.js"],
  organizations: [
    {
      id: "acme",
      name: "Acme",
      zendesk: {
        subdomain: "acme",
        auth: { type: "api_token", email: "a@b.example", token: { $env: "TOKEN" } },
      },
      accounts: [{ id: "support", channel: "email", settings: { address: "a@b.example" } }],
      sources: [{ id: "site", type: "sitemap", url: "https://help.example.com/sitemap.xml" }],
    },
  ],
}

describe("the configuration", () => {
  it.effect("is taken, or refused with what to do; no value of a secret is in the refusal", () =>
    Effect.gen(function* () {
      const secret = "SECRET-0123456789abcdef"
      for (const seed of fuzzSeeds(300)) {
        const env = { TOKEN: secret, OPENCX_PORT: seed % 5 === 0 ? hostileText(noise(seed)) : undefined }
        const exit = yield* Effect.exit(checkConfig(brokenJson(config, noise(seed)), env, "the file"))
        assert.isUndefined(Reflect.get({}, "polluted"), repeatedBy(seed))
        if (Exit.isSuccess(exit)) continue
        const error = Option.getOrThrow(Cause.findErrorOption(exit.cause))
        assert.strictEqual(error._tag, "ConfigurationError", repeatedBy(seed))
        assert.isAbove(error.hint.length, 10, repeatedBy(seed))
        assert.notInclude(error.message, secret, repeatedBy(seed))
      }
    }),
  )
})

describe("requests", () => {
  it("callers and classes of routes", () => {
    each(500, (seed, next) => {
      const headers = { "x-forwarded-for": brokenText("203.0.113.9, [2001:db8::1]:80, 10.0.0.1", next) }
      const peer = Option.some(next(3) === 0 ? hostileText(next) : "127.0.0.1")
      const caller = callerOf({ headers: Headers.fromInput(headers), remoteAddress: peer }, [])
      assert.isAtMost(caller.length, 60, repeatedBy(seed))
      assert.include(["open", "guarded", "login"], classOf("GET", hostileText(next)), repeatedBy(seed))
    })
  })

  it("whatever is put into a page stays text", () => {
    each(300, (seed, next) => {
      const { text } = html`<p title="${hostileText(next)}">${hostileText(next)}</p>`
      assert.match(text, /^<p title="[^"<>]*">[^<>]*<\/p>$/, repeatedBy(seed))
    })
  })

  it("the redactor leaves no known secret, wherever it stands", () => {
    const redact = makeRedactor(["known-secret-1", "postgres://u:pass%40word@db/x"])
    each(200, (seed, next) => {
      const around = [hostileText(next), hostileText(next)]
      const redacted = redact(`${around[0]}known-secret-1${around[1]}pass@word "token":"${around[0]}"`)
      assert.notInclude(redacted, "known-secret-1", repeatedBy(seed))
      assert.notInclude(redacted, "pass@word", repeatedBy(seed))
    })
  })

  it("bytes that are no text", () => {
    each(100, (seed, next) => {
      const broken = new TextDecoder().decode(brokenBytes(new TextEncoder().encode(page), next))
      assert.isString(pageOf(broken).main, repeatedBy(seed))
    })
  })
})
