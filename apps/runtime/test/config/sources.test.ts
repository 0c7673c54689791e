import { assert, describe, it } from "@effect/vitest"
import { checkConfig } from "../../src/config/load.ts"
import { intervalOf } from "../../src/config/SourceConfig.ts"
import { refusal, run } from "../support/run.ts"

const withSource = (source: unknown) => ({
  organizations: [{ id: "acme", name: "Acme", sources: [source] }],
})
const sourceOf = async (source: unknown) =>
  (await run(checkConfig(withSource(source), {}, "the test"))).organizations[0]?.sources[0]
const problemOf = async (source: unknown) =>
  (await refusal(checkConfig(withSource(source), {}, "the test"))).message

describe("a source", () => {
  it.each([
    [{}, 60],
    [{ every: "hourly" }, 60],
    [{ every: "daily" }, 1_440],
    [{ every: "manual" }, null],
    [{ everyMinutes: 15 }, 15],
    [{ everyMinutes: 0 }, null],
  ])("with %j has its interval", async (interval, minutes) => {
    const source = await sourceOf({ id: "hc", type: "zendesk_help_center", ...interval })
    const ms = source === undefined ? undefined : intervalOf(source)
    assert.strictEqual(ms, minutes === null ? null : minutes * 60_000)
  })

  it("of each type has its defaults", async () => {
    assert.deepStrictEqual(await sourceOf({ id: "files", type: "folder", path: "docs" }), {
      id: "files",
      type: "folder",
      path: "docs",
      locale: "en",
      visibility: "public",
      maxFiles: 20_000,
      maxFileBytes: 2_000_000,
    })
    assert.deepStrictEqual(
      await sourceOf({ id: "site", type: "sitemap", url: "https://help.acme.example/sitemap.xml" }),
      {
        id: "site",
        type: "sitemap",
        url: "https://help.acme.example/sitemap.xml",
        locale: "en",
        maxPages: 5_000,
        maxPageBytes: 2_000_000,
        requestsPerMinute: 120,
      },
    )
  })

  it.each([
    [{ id: "hc", type: "zendesk_help_center", every: "daily", everyMinutes: 5 }, "not both"],
    [{ id: "hc", type: "zendesk_help_center", every: "weekly" }, '["every"]'],
    [{ id: "hc", type: "zendesk_help_center", locales: ["../en"] }, '["locales"][0]'],
    [{ id: "hc", type: "zendesk_help_center", categories: ["abc"] }, '["categories"][0]'],
    [{ id: "hc", type: "zendesk_help_center", path: "docs" }, '["path"]'],
    [{ id: "files", type: "folder" }, '["path"]'],
    [{ id: "files", type: "folder", path: "docs", maxFiles: 0 }, '["maxFiles"]'],
    [{ id: "files", type: "folder", path: "docs", visibility: "secret" }, '["visibility"]'],
    [{ id: "site", type: "sitemap", url: "https://a.example/s.xml", paths: ["docs"] }, '["paths"][0]'],
    [{ id: "x", type: "wiki" }, '["sources"][0]'],
  ])("%j is refused, and its place is named", async (source, place) => {
    assert.include(await problemOf(source), place)
  })
})
