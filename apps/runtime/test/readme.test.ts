/** The README is what people configure from: its example must start, and no setting may be missing in it. */
import { assert, describe, it } from "@effect/vitest"
import {
  AssistRule,
  AssistSettings,
  FieldSettings,
  HandoffSettings,
  RolloutSettings,
  TagSettings,
  Texts,
} from "@opencx/core"
import { Effect, Layer, Schema } from "effect"
import { readFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { checkConfig } from "../src/config/load.ts"
import { OrganizationConfig, RuntimeConfig, SearchConfig } from "../src/config/RuntimeConfig.ts"
import {
  FolderSourceConfig,
  HelpCenterSourceConfig,
  SitemapSourceConfig,
} from "../src/config/SourceConfig.ts"
import { servicesLayer } from "../src/Runtime.ts"
import { inFolder, run } from "./support/run.ts"

const readme = await readFile(fileURLToPath(new URL("../README.md", import.meta.url)), "utf8")
const root = fileURLToPath(new URL("../../..", import.meta.url))

const example = (): Record<string, unknown> => {
  const text = /```json\n(.*?)```/s.exec(readme)?.[1] ?? ""
  return Schema.decodeUnknownSync(Schema.fromJsonString(Schema.Record(Schema.String, Schema.Unknown)))(text)
}

const env = Object.fromEntries(
  [...readme.matchAll(/"\$env": "(ACME_\w+)"/g)].map(([, name = ""]) => [name, `value-of-${name}`]),
)

describe("the README", () => {
  it("has an example that is accepted by the runtime, the Zendesk adapter and the email channel", () =>
    inFolder(async (dataDir) => {
      const { databaseUrl, ...rest } = example()
      assert.deepStrictEqual(databaseUrl, { $env: "ACME_DATABASE_URL" })
      const organizations = await run(
        Effect.scoped(
          Effect.gen(function* () {
            const config = yield* checkConfig({ ...rest, dataDir }, env, "the example")
            yield* Layer.build(servicesLayer(config))
            return config.organizations
          }),
        ),
      )
      assert.strictEqual(organizations[0]?.handoff.noHumanMinutes, 120)
    }))

  const settings = {
    installation: RuntimeConfig.fields,
    organization: OrganizationConfig.fields,
    "source that is a Help Center": HelpCenterSourceConfig.fields,
    "source that is a folder": FolderSourceConfig.fields,
    "source that is a sitemap": SitemapSourceConfig.fields,
    handoff: HandoffSettings.fields,
    rollout: RolloutSettings.fields,
    tags: TagSettings.fields,
    field: FieldSettings.fields,
    assist: AssistSettings.fields,
    "assist rule": AssistRule.fields,
    text: Texts.fields,
    search: SearchConfig.fields,
  }
  it.each(Object.entries(settings))("names every setting of the %s", (_, fields) => {
    const names = Object.keys(fields)
    for (const name of names) assert.match(readme, new RegExp(`\`${name}[\`.<[]`), name)
  })

  it("names every variable that the program reads", async () => {
    const files = [
      "apps/runtime/src/config/load.ts",
      "apps/runtime/src/commands/logging.ts",
      "apps/runtime/src/logging/Telemetry.ts",
      "packages/storage/src/secrets/MasterKey.ts",
    ]
    for (const file of files) {
      const source = await readFile(`${root}/${file}`, "utf8")
      for (const [, name = ""] of source.matchAll(/"((?:OPENCX|OTEL)_[A-Z_]+)"/g))
        assert.include(readme, name)
    }
  })
})
