import { assert, describe, it } from "@effect/vitest"
import { mkdir, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { checkConfig, loadConfig } from "../../src/config/load.ts"
import { intervalOf } from "../../src/config/SourceConfig.ts"
import { inFolder, refusal, run } from "../support/run.ts"

const acme = { id: "acme", name: "Acme" }
const smallest = { organizations: [acme] }

const check = (raw: unknown, env = {}) => run(checkConfig(raw, env, "the test"))
const problemOf = async (raw: unknown, env = {}) => (await refusal(checkConfig(raw, env, "the test"))).message

const withFile = <A>(name: string, text: string, use: (file: string) => Promise<A>) =>
  inFolder(async (folder) => {
    const file = join(folder, name)
    await writeFile(file, text)
    return use(file)
  })

describe("a configuration file", () => {
  const js = `export default ${JSON.stringify(smallest)}\n`
  const ts = `interface Organization { readonly id: string; readonly name: string }
const acme: Organization = { id: "acme", name: "Acme" }
export default { organizations: [acme] }\n`
  const files: ReadonlyArray<readonly [string, string]> = [
    ["opencx.config.json", JSON.stringify(smallest)],
    ["opencx.config.js", js],
    ["opencx.config.mjs", js],
    ["opencx.config.ts", ts],
    ["größe 配置.json", JSON.stringify(smallest)],
  ]
  it.each(files)("named %s is read", (name, text) =>
    withFile(name, text, async (file) => {
      const config = await run(loadConfig(file, {}))
      assert.deepStrictEqual(
        config.organizations.map((o) => [o.id, o.name]),
        [["acme", "Acme"]],
      )
    }),
  )

  it("is found by OPENCX_CONFIG, and --config wins over it", () =>
    withFile("a.json", JSON.stringify(smallest), async (file) => {
      assert.strictEqual(
        (await run(loadConfig(undefined, { OPENCX_CONFIG: file }))).organizations[0]?.id,
        "acme",
      )
      assert.strictEqual(
        (await run(loadConfig(file, { OPENCX_CONFIG: "/nowhere.json" }))).organizations[0]?.id,
        "acme",
      )
    }))

  it("that is not there is named", async () => {
    const { message } = await refusal(loadConfig("/nowhere/opencx.json", {}))
    assert.match(message, /^There is no \/nowhere\/opencx\.json\.\n.*--config.*OPENCX_CONFIG/)
  })

  it("that is a folder is named", () =>
    inFolder(async (folder) => {
      const path = join(folder, "conf.json")
      await mkdir(path)
      assert.include((await refusal(loadConfig(path, {}))).message, path)
    }))

  it("with broken JSON is named, and its text is not quoted", () =>
    withFile("broken.json", '{"password":"sesame-4711" oops', async (file) => {
      const { message } = await refusal(loadConfig(file, {}))
      assert.include(message, file)
      assert.include(message, "JSON from line 1, column 27 on")
      assert.notInclude(message, "sesame")
    }))

  it("that is wrong in what the environment gives names the variable", async () => {
    const short = await problemOf(smallest, { OPENCX_OPERATOR_TOKEN: "short-one" })
    assert.include(short, "OPENCX_OPERATOR_TOKEN")
    assert.notInclude(short, "short-one")
    assert.include(await problemOf(smallest, { OPENCX_PUBLIC_URL: "acme.example" }), "OPENCX_PUBLIC_URL")
    assert.notInclude(await problemOf({ ...smallest, publicUrl: "acme.example" }), "OPENCX_PUBLIC_URL")
  })

  it("that throws while it is loaded is named, with what it said", () =>
    withFile("throws.js", 'throw new Error("no such vault")\n', async (file) => {
      const { message } = await refusal(loadConfig(file, {}))
      assert.include(message, file)
      assert.include(message, "no such vault")
    }))
})

describe("defaults", () => {
  it("are those of the README", async () => {
    const config = await check(smallest)
    assert.deepInclude(config.http, { host: "127.0.0.1", port: 3000 })
    assert.strictEqual(config.dataDir, ".opencx")
    assert.strictEqual(config.reconcileSeconds, 60)
    assert.strictEqual(config.durability, "process")
    assert.deepStrictEqual(config.listeners, {})
    for (const name of ["publicUrl", "databaseUrl", "operatorToken"] as const) {
      assert.notProperty(config, name)
    }
    const [organization] = config.organizations
    assert.deepStrictEqual(organization?.accounts, [])
    assert.deepStrictEqual(organization?.sources, [])
    assert.strictEqual(organization?.agentLanguage, "en")
    assert.deepStrictEqual(organization?.tags, { prefix: "opencx", off: [], rename: {}, extra: [] })
    assert.deepStrictEqual(organization?.handoff, {
      ticketForEveryConversation: false,
      escalateTopics: [],
      tellCustomer: true,
      sameSenderJoins: true,
      noHumanMinutes: null,
      noHuman: "tell_customer",
      paths: {},
      officeHours: null,
      outsideOfficeHours: "ticket",
      idleMinutes: null,
      maxAnswersPerTenMinutes: 5,
    })
  })

  it("of a source", async () => {
    const config = await check({
      organizations: [{ ...acme, sources: [{ id: "hc", type: "zendesk_help_center" }] }],
    })
    const source = config.organizations[0]?.sources[0]
    assert.strictEqual(source === undefined ? null : intervalOf(source), 3_600_000)
  })
})

describe("what is wrong", () => {
  it("is listed with its place, all of it at once", async () => {
    const message = await problemOf({
      http: { port: "3000", hots: "x" },
      operatorToken: "short",
      reconcileSecond: 5,
      organizations: [{ id: "Acme Inc", name: "", handoff: { noHumanMinutes: -1 } }],
    })
    for (const place of [
      '["http"]["port"]',
      '["http"]["hots"]',
      '["operatorToken"]',
      '["reconcileSecond"]',
      '["organizations"][0]["id"]',
      '["organizations"][0]["name"]',
      '["organizations"][0]["handoff"]["noHumanMinutes"]',
    ])
      assert.include(message, place)
    assert.notInclude(message, "short")
  })

  it.each([[[]], [null], ["text"], [42], [[smallest]]])("%j is no configuration", async (raw) => {
    assert.include(await problemOf(raw), "must be one object")
  })

  it("a section that is not an object is refused, not ignored", async () => {
    assert.include(await problemOf({ ...smallest, http: "0.0.0.0:80" }), '["http"]')
    assert.include(await problemOf({ ...smallest, http: "0.0.0.0:80" }, { OPENCX_PORT: "80" }), '["http"]')
  })

  it("no organization, or two with one id", async () => {
    assert.include(await problemOf({}), '["organizations"]')
    assert.include(await problemOf({ organizations: [acme, { id: "b", name: "B" }, acme] }), '"acme"')
  })

  it.each([
    "support.example.com",
    "ftp://a.example",
    "https://a.example/?x=1",
    "https://u:p@a.example",
    "https://",
  ])("%s is no public URL", async (publicUrl) => {
    const message = await problemOf({ ...smallest, publicUrl })
    assert.include(message, '["publicUrl"]')
    assert.include(message, "https://support-ai.example.com")
  })

  it.each(["abc", "-1", "65536", "3000.5", "0x10", "1e3", " 80", "80 "])(
    "OPENCX_PORT=%j is said to be no port",
    async (port) => {
      const message = await problemOf(smallest, { OPENCX_PORT: port })
      assert.include(message, `OPENCX_PORT is "${port}"`)
    },
  )
})

describe("the environment wins over the file", () => {
  it("for each of its variables", async () => {
    const config = await check(
      { ...smallest, http: { host: "::1", port: 1 }, dataDir: "a", operatorToken: "0123456789abcdef" },
      {
        OPENCX_PUBLIC_URL: "https://ai.acme.example/opencx",
        OPENCX_DATA_DIR: "/data",
        OPENCX_DATABASE_URL: "postgres://db/opencx",
        OPENCX_OPERATOR_TOKEN: "fedcba9876543210",
        OPENCX_OPERATOR_TOKEN_PREVIOUS: "0123456789abcdef",
        OPENCX_OPERATOR_TOKEN_PREVIOUS_UNTIL: "2999-12-31",
        OPENCX_HOST: "0.0.0.0",
        OPENCX_PORT: "8080",
      },
    )
    assert.deepInclude(config.http, { host: "0.0.0.0", port: 8080 })
    assert.strictEqual(config.publicUrl, "https://ai.acme.example/opencx")
    assert.strictEqual(config.dataDir, "/data")
    assert.strictEqual(config.databaseUrl, "postgres://db/opencx")
    assert.strictEqual(config.operatorToken, "fedcba9876543210")
    assert.deepStrictEqual(config.previousOperatorToken, {
      token: "0123456789abcdef",
      until: "2999-12-31",
    })
  })

  it("an empty variable is as good as none", async () => {
    const config = await check({ ...smallest, http: { port: 4000 } }, { OPENCX_PORT: "", OPENCX_HOST: "" })
    assert.deepInclude(config.http, { host: "127.0.0.1", port: 4000 })
  })
})
