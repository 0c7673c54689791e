import { assert, describe, it } from "@effect/vitest"
import { afterAll, beforeAll } from "vitest"
import { sampleHelpCenter, type SeedArticle } from "../src/index.ts"
import { type Account, account, arr, at, num, str, tokenOf } from "./harness.ts"

const articles: ReadonlyArray<SeedArticle> = [
  {
    title: "Refunds",
    body: "<p>Within <b>30</b> days</p>",
    labels: ["billing"],
    category: "Shop",
    section: "Money",
    translations: [
      { locale: "de", title: "Erstattung", body: "<p>Binnen 30 Tagen</p>" },
      { locale: "es", title: "Reembolso", body: "<p>borrador</p>", draft: true },
    ],
    attachments: [{ fileName: "form.pdf", contentType: "application/pdf", content: "pdf" }],
  },
  { title: "Staff rules", body: "<p>secret</p>", segment: "Agents only" },
  { title: "For members", body: "<p>members</p>", segment: "Signed-in users" },
  { title: "Unfinished", body: "<p>draft</p>", draft: true },
]

const hc = "/api/v2/help_center"

const titles = (body: unknown): ReadonlyArray<unknown> =>
  arr(body, "articles")
    .map((article) => at(article, "title"))
    .sort()

describe("help center", () => {
  let acme: Account
  beforeAll(async () => {
    acme = await account({ seed: { articles }, limits: { requestsPerMinute: Number.POSITIVE_INFINITY } })
  })
  afterAll(() => acme.emulator.close())

  it("shows strangers only what is public, and agents everything with its marks", async () => {
    const open = await acme.call("GET", `${hc}/articles.json`, undefined, { anonymous: true })
    assert.deepStrictEqual(titles(open.body), ["Refunds"])
    const all = await acme.call("GET", `${hc}/articles.json`)
    assert.deepStrictEqual(titles(all.body), ["For members", "Refunds", "Staff rules", "Unfinished"])
    const staff = arr(all.body, "articles").find((article) => at(article, "title") === "Staff rules")
    const draft = arr(all.body, "articles").find((article) => at(article, "title") === "Unfinished")
    assert.isNumber(at(staff, "user_segment_id"))
    assert.deepStrictEqual(at(staff, "user_segment_ids"), [at(staff, "user_segment_id")])
    assert.strictEqual(at(draft, "draft"), true)
    const hidden = await acme.call("GET", `${hc}/articles/${num(staff, "id")}.json`, undefined, {
      anonymous: true,
    })
    assert.strictEqual(hidden.status, 404)
    const segments = await acme.call("GET", `${hc}/user_segments.json`)
    assert.deepStrictEqual(
      arr(segments.body, "user_segments").map((segment) => at(segment, "user_type")),
      ["staff", "signed_in_users"],
    )
  })

  it("answers 415 without the suffix", async () => {
    assert.strictEqual((await acme.call("GET", `${hc}/articles`)).status, 415)
  })

  it("lists by locale with that locale's text and draft state", async () => {
    const german = await acme.call("GET", `${hc}/de/articles.json`, undefined, { anonymous: true })
    assert.deepStrictEqual(titles(german.body), ["Erstattung"])
    assert.deepStrictEqual(
      [at(german.body, "articles.0.locale"), at(german.body, "articles.0.source_locale")],
      ["de", "en-us"],
    )
    assert.deepStrictEqual(
      titles((await acme.call("GET", `${hc}/es/articles.json`, undefined, { anonymous: true })).body),
      [],
    )
    assert.strictEqual(at((await acme.call("GET", `${hc}/es/articles.json`)).body, "articles.0.draft"), true)
    assert.strictEqual((await acme.call("GET", `${hc}/fr/articles.json`)).status, 404)
    const locales = await acme.call("GET", `${hc}/locales.json`)
    assert.deepStrictEqual(locales.body, { locales: ["en-us", "de", "es"], default_locale: "en-us" })
    const id = num(german.body, "articles.0.id")
    const translations = await acme.call(
      "GET",
      `${hc}/articles/${id}/translations.json?locales=de,es&draft=false`,
    )
    assert.deepStrictEqual(
      arr(translations.body, "translations").map((item) => at(item, "locale")),
      ["de"],
    )
  })

  it("has sections, categories, labels, attachments and search", async () => {
    const labelled = await acme.call(
      "GET",
      `${hc}/articles.json?label_names=billing&include=sections,categories`,
    )
    assert.deepStrictEqual(titles(labelled.body), ["Refunds"])
    const section = arr(labelled.body, "sections").find(
      (item) => at(item, "id") === at(labelled.body, "articles.0.section_id"),
    )
    assert.strictEqual(at(section, "name"), "Money")
    assert.deepStrictEqual(
      titles((await acme.call("GET", `${hc}/sections/${num(section, "id")}/articles.json`)).body),
      ["Refunds"],
    )
    assert.deepStrictEqual(
      titles((await acme.call("GET", `${hc}/categories/${num(section, "category_id")}/articles.json`)).body),
      ["Refunds"],
    )
    const files = await acme.call(
      "GET",
      `${hc}/articles/${num(labelled.body, "articles.0.id")}/attachments.json`,
    )
    const redirect = await acme.call("GET", str(files.body, "article_attachments.0.content_url"), undefined, {
      anonymous: true,
    })
    assert.strictEqual(await (await fetch(redirect.headers.get("location") ?? "")).text(), "pdf")
    const found = await acme.call("GET", `${hc}/articles/search.json?query=secret`, undefined, {
      anonymous: true,
    })
    assert.deepStrictEqual(at(found.body, "results"), [])
    assert.lengthOf(
      arr((await acme.call("GET", `${hc}/articles/search.json?query=secret`)).body, "results"),
      1,
    )
  })
})

describe("incremental articles", () => {
  it("has a start rule, an end_time of 1 on an empty page, and no tombstones", async () => {
    const acme = await account({ seed: { articles } })
    const now = Math.floor(acme.emulator.now() / 1_000)
    const since = (start: number): ReturnType<Account["call"]> =>
      acme.call("GET", `${hc}/incremental/articles.json?start_time=${start}`)
    assert.strictEqual((await since(now)).status, 422)
    assert.deepStrictEqual((await since(now - 61)).body, {
      articles: [],
      count: 0,
      next_page: null,
      end_time: 1,
    })
    const all = await since(0)
    assert.strictEqual(num(all.body, "count"), 4)
    assert.strictEqual(at(all.body, "next_page"), null)
    assert.isAbove(num(all.body, "end_time"), 1)
    const id = num(
      arr(all.body, "articles").find((article) => at(article, "title") === "Refunds"),
      "id",
    )
    acme.emulator.advanceClock(3_600_000)
    await acme.control("POST", `/articles/${id}`, { body: "<p>new text</p>" })
    const archived = num(
      arr(all.body, "articles").find((article) => at(article, "title") === "Staff rules"),
      "id",
    )
    const authorization = `Bearer ${str((await tokenOf(acme.emulator.url)).body, "access_token")}`
    const headers = { authorization }
    assert.strictEqual(
      (await acme.call("DELETE", `${hc}/articles/${archived}.json`, undefined, { headers })).status,
      204,
    )
    acme.emulator.advanceClock(120_000)
    const changed = await acme.call(
      "GET",
      `${hc}/incremental/articles.json?start_time=${now + 3_500}`,
      undefined,
      { headers },
    )
    assert.deepStrictEqual(titles(changed.body), ["Refunds"])
    assert.strictEqual(str(changed.body, "articles.0.body"), "<p>new text</p>")
    assert.strictEqual(
      (await acme.call("GET", `${hc}/articles/${archived}.json`, undefined, { headers })).status,
      404,
    )
    await acme.emulator.close()
  })

  it("follows what an editor does: publish, unpublish, restrict, open, archive, restore", async () => {
    const acme = await account({ seed: { articles } })
    const visible = async (): Promise<boolean> =>
      titles((await acme.call("GET", `${hc}/articles.json`, undefined, { anonymous: true })).body).includes(
        "Refunds",
      )
    const all = await acme.call("GET", `${hc}/articles.json`)
    const id = num(
      arr(all.body, "articles").find((article) => at(article, "title") === "Refunds"),
      "id",
    )
    const steps: ReadonlyArray<readonly [object, boolean]> = [
      [{ action: "unpublish" }, false],
      [{ action: "publish" }, true],
      [{ segment: "Agents only" }, false],
      [{ segment: null }, true],
      [{ action: "archive" }, false],
      [{ action: "restore" }, true],
    ]
    for (const [step, expected] of steps) {
      assert.strictEqual((await acme.control("POST", `/articles/${id}`, step)).status, 200)
      assert.strictEqual(await visible(), expected, JSON.stringify(step))
    }
    assert.strictEqual((await acme.control("POST", `/articles/${id}`, { action: "burn" })).status, 400)
    await acme.emulator.close()
  })

  it("pages 1,201 changes by a thousand, and every listing by cursor without a gap", async () => {
    const start = Date.UTC(2026, 0, 1)
    const many = Array.from({ length: 1_201 }, (_, i) => ({
      title: `A${i}`,
      body: "<p>x</p>",
      updatedAt: start + i * 1_000,
    }))
    const acme = await account({ seed: { articles: many } })
    const first = await acme.call("GET", `${hc}/incremental/articles.json?start_time=${start / 1_000}`)
    assert.strictEqual(num(first.body, "count"), 1_000)
    const second = await acme.call("GET", str(first.body, "next_page"))
    // Pages meet in one article: callers must upsert by id.
    assert.strictEqual(num(second.body, "count"), 202)
    assert.strictEqual(at(second.body, "next_page"), null)
    const ids = new Set<unknown>()
    let url = `${hc}/articles.json?page[size]=100`
    let pages = 0
    while (url !== "") {
      const page = await acme.call("GET", url)
      pages += 1
      for (const article of arr(page.body, "articles")) ids.add(at(article, "id"))
      url = at(page.body, "meta.has_more") === true ? str(page.body, "links.next") : ""
    }
    assert.deepStrictEqual([pages, ids.size], [13, 1_201])
    assert.strictEqual((await acme.call("GET", `${hc}/articles.json?page[size]=101`)).status, 400)
    const offset = await acme.call("GET", `${hc}/articles.json?per_page=100&page=2`)
    assert.deepStrictEqual([num(offset.body, "page_count"), num(offset.body, "count")], [13, 1_201])
    await acme.emulator.close()
  })

  it("takes the bundled sample as a seed, ids and segments included", async () => {
    const acme = await account({ seed: { helpCenter: sampleHelpCenter } })
    const all = await acme.call("GET", `${hc}/articles.json?page[size]=100`)
    assert.lengthOf(arr(all.body, "articles"), sampleHelpCenter.articles.length)
    const open = await acme.call("GET", `${hc}/articles.json?page[size]=100`, undefined, { anonymous: true })
    const expected = sampleHelpCenter.articles.filter(
      (article) => !article.draft && article.userSegmentId === null,
    )
    assert.deepStrictEqual(
      arr(open.body, "articles")
        .map((article) => at(article, "id"))
        .sort(),
      expected.map((article) => article.id).sort(),
    )
    await acme.emulator.close()
  })

  it("creates, edits and translates through the API, and tells subscribers what is published", async () => {
    const acme = await account({ seed: { articles, locales: ["en-us", "de", "es", "fr"] } })
    const sections = await acme.call("GET", `${hc}/sections.json`)
    const created = await acme.call(
      "POST",
      `${hc}/sections/${num(sections.body, "sections.0.id")}/articles.json`,
      {
        article: { title: "New", body: "<p>n</p>", locale: "en-us" },
      },
    )
    assert.strictEqual(created.status, 201)
    const id = num(created.body, "article.id")
    const translated = await acme.call("POST", `${hc}/articles/${id}/translations.json`, {
      translation: { locale: "fr", title: "Neuf", body: "<p>f</p>" },
    })
    assert.strictEqual(translated.status, 201)
    await acme.call("PUT", `${hc}/articles/${id}/translations/fr.json`, { translation: { title: "Nouveau" } })
    assert.include(titles((await acme.call("GET", `${hc}/fr/articles.json`)).body), "Nouveau")
    const edited = await acme.call("PUT", `${hc}/articles/${id}.json`, {
      article: { label_names: ["x"], promoted: true },
    })
    assert.deepStrictEqual(
      [at(edited.body, "article.label_names"), at(edited.body, "article.promoted")],
      [["x"], true],
    )
    await acme.emulator.close()
  })
})
