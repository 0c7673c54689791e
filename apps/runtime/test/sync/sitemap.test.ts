/** A site as a source: over real sockets on loopback, and what a crawler must never do. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, type Scope } from "effect"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { gzipSync } from "node:zlib"
import type { SitemapSourceConfig } from "../../src/config/SourceConfig.ts"
import { isPublicAddress } from "../../src/sync/sitemap/addresses.ts"
import type { Resolve } from "../../src/sync/sitemap/publicHttp.ts"
import { robotsOf } from "../../src/sync/sitemap/robots.ts"
import { siteAddress } from "../../src/sync/sitemap/Site.ts"
import { makeSitemapSync } from "../../src/sync/sitemap/sitemapSync.ts"
import { sitemapOf } from "../../src/sync/sitemap/sitemapXml.ts"
import { org, recorder, stored, stores } from "./support.ts"

type Page = string | ((request: IncomingMessage, response: ServerResponse) => void)

/** Starts a site whose pages a test may change; `{host}` in them is its own address. */
const siteOf = (pages: Record<string, Page>) =>
  Effect.gen(function* () {
    const asked: Array<string> = []
    let origin = ""
    const server = createServer((request, response) => {
      const path = request.url ?? "/"
      asked.push(path)
      const page = pages[path]
      if (page === undefined) response.writeHead(404).end()
      else if (typeof page === "function") page(request, response)
      else {
        const type = path.endsWith(".xml")
          ? "application/xml"
          : path.endsWith(".txt")
            ? "text/plain"
            : "text/html"
        response.writeHead(200, { "content-type": type }).end(page.replaceAll("{host}", origin))
      }
    })
    yield* Effect.acquireRelease(
      Effect.promise(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))),
      () =>
        Effect.promise(() => {
          server.closeAllConnections()
          return new Promise<void>((resolve) => server.close(() => resolve()))
        }),
    )
    const address = server.address()
    const port = typeof address === "object" && address !== null ? address.port : 0
    origin = `http://127.0.0.1:${port}`
    return { origin, asked, pages }
  })

const settings = (url: string, more: Partial<SitemapSourceConfig> = {}): SitemapSourceConfig => ({
  id: "site",
  type: "sitemap",
  url,
  locale: "en",
  maxPages: 100,
  maxPageBytes: 20_000,
  requestsPerMinute: 60_000,
  ...more,
})

const syncOf = (source: SitemapSourceConfig, resolve?: Resolve) =>
  makeSitemapSync({
    orgId: org,
    source,
    onProgress: recorder().onProgress,
    ...(resolve === undefined ? {} : { resolve }),
  })

const urlset = (...entries: ReadonlyArray<string | readonly [string, string]>) =>
  `<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${entries
    .map((entry) => (typeof entry === "string" ? ([entry, ""] as const) : entry))
    .map(([loc, mod]) => `<url><loc>{host}${loc}</loc>${mod === "" ? "" : `<lastmod>${mod}</lastmod>`}</url>`)
    .join("")}</urlset>`

const page = (title: string, text: string, head = "") =>
  `<html lang="en"><head><title>${title} | Acme</title>${head}</head><body><nav>Menu</nav><main><h1>${title}</h1><p>${text}</p></main></body></html>`

const run = <A, E>(test: Effect.Effect<A, E, Effect.Services<ReturnType<typeof syncOf>> | Scope.Scope>) =>
  Effect.runPromise(Effect.scoped(test).pipe(Effect.provide(stores)))

describe("a sitemap", () => {
  it("is read with what its pages say, and followed through changes with as few requests as it lets", () =>
    run(
      Effect.gen(function* () {
        const { asked, origin, pages } = yield* siteOf({
          "/sitemap.xml": urlset(["/help/returns", "2026-11-01"], "/help/track?x=1&amp;y=2", [
            "/de/",
            "2026-11-01",
          ]),
          "/help/returns": page("Returns", "Within <b>30</b> days."),
          "/help/track?x=1&y=2": page("Tracking", "Look there."),
          "/de/": page("Rückgabe", "Binnen 30 Tagen.").replace('lang="en"', 'lang="de-DE"'),
        })
        const sync = yield* syncOf(settings(`${origin}/sitemap.xml`))
        const report = yield* sync.incremental
        assert.deepInclude(report, { seen: 3, changed: 3, failed: 0, calls: 5 })
        const articles = yield* stored
        assert.deepInclude(articles.get(`${origin}/help/returns`), {
          title: "Returns",
          visibility: "public",
          locale: "en",
          path: ["help"],
          url: `${origin}/help/returns`,
          updatedAt: Date.parse("2026-11-01"),
        })
        const body = articles.get(`${origin}/help/returns`)?.body ?? ""
        assert.include(body, "Within **30** days.")
        assert.notInclude(body, "Menu")
        assert.strictEqual(articles.get(`${origin}/de/`)?.locale, "de-de")
        asked.length = 0
        assert.deepInclude(yield* sync.incremental, { changed: 0, removed: 0 })
        assert.deepStrictEqual(
          asked,
          ["/robots.txt", "/sitemap.xml", "/help/track?x=1&y=2"],
          "only what has no date",
        )
        pages["/sitemap.xml"] = urlset(["/help/returns", "2026-11-02"], "/help/track?x=1&amp;y=2")
        pages["/help/returns"] = page("Returns", "Within 60 days.")
        delete pages["/help/track?x=1&y=2"]
        assert.deepInclude(yield* sync.incremental, { changed: 1, removed: 2 })
        assert.deepStrictEqual([...(yield* stored).keys()], [`${origin}/help/returns`])
      }),
    ))

  it("may be an index, packed, and lead in circles", () =>
    run(
      Effect.gen(function* () {
        const { origin, pages } = yield* siteOf({
          "/sitemap.xml": `<sitemapindex><sitemap><loc>{host}/a.xml.gz</loc></sitemap><sitemap><loc>{host}/sitemap.xml</loc></sitemap><sitemap><loc>https://elsewhere.example/s.xml</loc></sitemap></sitemapindex>`,
          "/1": page("One", "1"),
        })
        const packed = gzipSync(urlset("/1", "/1#again").replaceAll("{host}", origin))
        pages["/a.xml.gz"] = (_, response) =>
          response.writeHead(200, { "content-type": "application/gzip" }).end(packed)
        const report = yield* (yield* syncOf(settings(`${origin}/sitemap.xml`))).full
        assert.deepInclude(report, { seen: 1, changed: 1 })
        assert.isTrue(report.errors.some((error) => error.detail.includes("another site")))
      }),
    ))

  it("that unpacks to a gigabyte is refused, packed by itself or on the way", () =>
    run(
      Effect.gen(function* () {
        const { origin, pages } = yield* siteOf({})
        // A megabyte of zeros packs to a thousandth; members of a gzip file follow one another.
        const member = gzipSync(Buffer.alloc(1_048_576, 32))
        const bomb = Buffer.concat([gzipSync(urlset("/1")), ...Array.from({ length: 1_024 }, () => member)])
        for (const headers of [{ "content-type": "application/gzip" }, { "content-encoding": "gzip" }]) {
          pages["/sitemap.xml"] = (_, response) => response.writeHead(200, headers).end(bomb)
          const before = process.memoryUsage().rss
          const error = yield* Effect.flip((yield* syncOf(settings(`${origin}/sitemap.xml`))).full)
          assert.strictEqual(error._tag, "KnowledgeError")
          assert.isBelow(process.memoryUsage().rss - before, 500_000_000)
        }
      }),
    ))

  it("keeps to robots.txt, noindex and its limits, and tells what it left out", () =>
    run(
      Effect.gen(function* () {
        const { asked, origin } = yield* siteOf({
          "/robots.txt":
            "User-agent: *\nDisallow: /private\nAllow: /private/open\n\nUser-agent: other\nDisallow: /",
          "/sitemap.xml": urlset(
            "/private/a",
            "/private/open",
            "/hidden",
            "/header",
            "/large",
            "/file.pdf",
            "/elsewhere",
            "/broken",
            "/other/x",
          ),
          "/private/a": page("Private", "x"),
          "/private/open": page("Open", "x"),
          "/hidden": page("Hidden", "x", '<meta name="robots" content="noindex">'),
          "/header": (_, response) =>
            response
              .writeHead(200, { "content-type": "text/html", "x-robots-tag": "noindex" })
              .end("<p>x</p>"),
          "/large": (_, response) =>
            response.writeHead(200, { "content-type": "text/html" }).end("x".repeat(50_000)),
          "/file.pdf": (_, response) =>
            response.writeHead(200, { "content-type": "application/pdf" }).end("%PDF"),
          "/elsewhere": (_, response) =>
            response.writeHead(302, { location: "http://169.254.169.254/latest" }).end(),
          "/broken": (_, response) => response.writeHead(500).end(),
          "/other/x": page("Other", "x"),
        })
        const source = settings(`${origin}/sitemap.xml`, {
          paths: ["/private", "/hidden", "/header", "/large", "/file", "/elsewhere", "/broken"],
        })
        const report = yield* (yield* syncOf(source)).full
        assert.deepStrictEqual([...(yield* stored).keys()], [`${origin}/private/open`])
        assert.deepInclude(report, { seen: 1, skippedDrafts: 3, failed: 3 })
        assert.isFalse(asked.includes("/private/a") || asked.includes("/other/x"))
        const details = Object.fromEntries(
          report.errors.map((error) => [error.articleId.slice(origin.length), error.detail]),
        )
        assert.include(details["/large"], "20000 bytes")
        assert.include(details["/elsewhere"], "another site")
        assert.include(details["/broken"], "500")
      }),
    ))

  it("that cannot be read whole removes nothing, and a page that fails keeps its last good text", () =>
    run(
      Effect.gen(function* () {
        const { origin, pages } = yield* siteOf({
          "/sitemap.xml": urlset("/1", "/2"),
          "/1": page("One", "1"),
          "/2": page("Two", "2"),
        })
        const sync = yield* syncOf(settings(`${origin}/sitemap.xml`))
        yield* sync.full
        pages["/2"] = (_, response) => response.writeHead(503).end()
        assert.deepInclude(yield* sync.full, { removed: 0, failed: 1 })
        for (const broken of ["<html>Sorry</html>", undefined]) {
          if (broken === undefined) delete pages["/sitemap.xml"]
          else pages["/sitemap.xml"] = broken
          const error = yield* Effect.flip(sync.full)
          assert.strictEqual(error._tag, "KnowledgeError")
          assert.strictEqual((yield* stored).size, 2)
        }
        pages["/sitemap.xml"] = urlset("/1", "/2")
        pages["/robots.txt"] = (_, response) => response.writeHead(500).end()
        assert.isTrue((yield* Effect.flip(sync.full)).isRetryable, "robots.txt fails: nothing may be read")
      }),
    ))

  it("of a site that is down ends soon", () =>
    run(
      Effect.gen(function* () {
        const { asked, origin, pages } = yield* siteOf({
          "/sitemap.xml": urlset(...Array.from({ length: 50 }, (_, n) => `/${n}`)),
        })
        for (let n = 0; n < 50; n++) pages[`/${n}`] = (request) => void request.socket.destroy()
        const error = yield* Effect.flip((yield* syncOf(settings(`${origin}/sitemap.xml`))).full)
        assert.isTrue(error.isRetryable)
        assert.isBelow(asked.length, 12)
      }),
    ))

  it("is read no faster than allowed", () =>
    run(
      Effect.gen(function* () {
        const { origin } = yield* siteOf({
          "/robots.txt": "User-agent: OpenCX\nCrawl-delay: 0.2",
          "/sitemap.xml": urlset("/1", "/2"),
          "/1": page("One", "1"),
          "/2": page("Two", "2"),
        })
        const began = performance.now()
        yield* (yield* syncOf(settings(`${origin}/sitemap.xml`))).full
        assert.isAtLeast(performance.now() - began, 390)
      }),
    ))
})

describe("addresses", () => {
  it.each([
    "https://help.acme.example/s.xml",
    "http://127.0.0.1:4000/s.xml",
    "http://localhost/s.xml",
    "http://[::1]:80/",
  ])("%s may be a site", (url) => assert.property(siteAddress(url), "url"))

  it.each([
    "http://help.acme.example/s.xml",
    "https://10.0.0.1/s.xml",
    "https://0x7f000001/s.xml",
    "https://2130706433/",
    "https://[fd00::1]/",
    "https://93.184.216.34/",
    "https://user:secret@help.acme.example/",
    "file:///etc/passwd",
    "help.acme.example",
  ])("%s may not", (url) => {
    const address = siteAddress(url)
    if ("url" in address)
      assert.include(["127.0.0.1"], address.url.hostname, "a loopback address in another form")
    else assert.property(address, "refused")
  })

  it.each([
    ["8.8.8.8", true],
    ["2606:2800:220:1:248:1893:25c8:1946", true],
    ["127.0.0.1", false],
    ["10.1.2.3", false],
    ["172.31.255.255", false],
    ["192.168.0.1", false],
    ["169.254.169.254", false],
    ["100.64.0.1", false],
    ["0.0.0.0", false],
    ["224.0.0.1", false],
    ["255.255.255.255", false],
    ["::1", false],
    ["::", false],
    ["::ffff:10.0.0.1", false],
    ["::ffff:7f00:1", false],
    ["fd00::1", false],
    ["fe80::1", false],
    ["64:ff9b::a00:1", false],
    ["2001:db8::1", false],
    ["2002:7f00:1::", false],
    ["not an address", false],
  ])("%s is public: %s", (address, expected) => assert.strictEqual(isPublicAddress(address), expected))

  it("that a public name resolves to are looked at when they are connected to, every time", () =>
    run(
      Effect.gen(function* () {
        const { asked, origin } = yield* siteOf({ "/s.xml": urlset("/1") })
        const port = new URL(origin).port
        const asked4 = { count: 0 }
        const rebinding: Resolve = (_, __, done) => {
          asked4.count += 1
          done(null, [{ address: "127.0.0.1", family: 4 }])
        }
        const mixed: Resolve = (_, __, done) =>
          done(null, [
            { address: "93.184.216.34", family: 4 },
            { address: "10.0.0.1", family: 4 },
          ])
        for (const resolve of [rebinding, mixed]) {
          const sync = yield* syncOf(settings(`https://help.acme.example:${port}/s.xml`), resolve)
          const error = yield* Effect.flip(sync.full)
          assert.include(error.message, "EPRIVATE")
        }
        assert.isAbove(asked4.count, 0)
        assert.deepStrictEqual(asked, [], "no byte reached the private server")
      }),
    ))
})

describe("robots.txt", () => {
  it.each([
    ["", "/x", true],
    ["User-agent: *\nDisallow:", "/x", true],
    ["User-agent: *\nDisallow: /", "/x", false],
    ["User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", true],
    ["User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf", false],
    ["User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf?z", true],
    ["User-agent: *\nDisallow: /a*b*c", "/a1b2c3", false],
    ["User-agent: a\nUser-agent: *\nDisallow: /x", "/x", false],
    ["User-agent: *\nDisallow: /\n\nUser-agent: opencx-sitemap\nDisallow: /only", "/x", true],
    ["User-agent: *\nDisallow: /\n\nUser-agent: OpenCX\nDisallow: /only", "/only", false],
    ["User-agent: other\nDisallow: /", "/x", true],
    ["nonsense\nDisallow: /", "/x", true],
  ])("%j lets %s: %s", (text, path, expected) => assert.strictEqual(robotsOf(text).allows(path), expected))

  it("asks for a pause", () => {
    assert.strictEqual(robotsOf("User-agent: *\nCrawl-delay: 2").delayMs, 2_000)
    assert.strictEqual(robotsOf("User-agent: *\nCrawl-delay: 9999").delayMs, 30_000)
    assert.isNull(robotsOf("User-agent: *\nCrawl-delay: soon").delayMs)
  })
})

describe("a sitemap's text", () => {
  it("is read with entities, CDATA, prefixes and attributes, up to a number of entries", () => {
    const xml = `<x:urlset><x:url><x:loc a="1">https://a.example/?a=1&amp;b=2</x:loc><x:lastmod>2026-01-01</x:lastmod></x:url><url><loc><![CDATA[https://a.example/c]]></loc></url><url><priority>1</priority></url></x:urlset>`
    assert.deepStrictEqual(sitemapOf(xml, 10)?.entries, [
      { loc: "https://a.example/?a=1&b=2", lastmod: "2026-01-01" },
      { loc: "https://a.example/c", lastmod: null },
    ])
    assert.lengthOf(sitemapOf(xml, 1)?.entries ?? [], 1)
    assert.isNull(sitemapOf("<html></html>", 10))
  })
})
