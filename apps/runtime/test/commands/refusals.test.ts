/** What the command line says when it cannot do what it was asked: one clear message, exit code 1 (2 for wrong arguments), no secret. */
import { assert, describe, it } from "@effect/vitest"
import { mkdir, writeFile } from "node:fs/promises"
import { createServer } from "node:net"
import { join } from "node:path"
import { runCli } from "../support/cli.ts"
import { inFolder } from "../support/run.ts"
import manifest from "../../package.json" with { type: "json" }

const timeout = 60_000

const withConfig = <A>(
  config: unknown,
  use: (file: string, folder: string) => Promise<A>,
  name = "opencx.config.json",
) =>
  inFolder(async (folder) => {
    const file = join(folder, name)
    await writeFile(file, typeof config === "string" ? config : JSON.stringify(config))
    return use(file, folder)
  })

const noStack = (text: string) => {
  assert.notMatch(text, /^\s+at .*\.(?:ts|js):\d+/m)
  assert.notInclude(text, "~effect")
}

/** A port that somebody has. */
const withBusyPort = async (use: (port: number) => Promise<void>): Promise<void> => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  try {
    await use(typeof address === "object" && address !== null ? address.port : 0)
  } finally {
    await new Promise((resolve) => server.close(resolve))
  }
}

describe.concurrent("opencx", { timeout }, () => {
  it("--help lists every command", async () => {
    const { code, err, out } = await runCli(["--help"])
    assert.strictEqual(code, 0)
    assert.strictEqual(err, "")
    for (const command of ["serve", "sync", "report", "urls", "demo", "demo:send", "tour"]) {
      assert.match(out, new RegExp(`^\\s+${command}\\s`, "m"))
    }
  })

  it("with an unknown command says so and fails, without a stack", async () => {
    const { code, err } = await runCli(["serv"])
    assert.strictEqual(code, 2)
    assert.include(err, '"serv"')
    noStack(err)
  })

  it("--version tells the release", async () => {
    const { code, out } = await runCli(["--version"])
    assert.strictEqual(code, 0)
    assert.strictEqual(out.trim(), `opencx v${manifest.version}`)
  })

  it.each([
    ["OPENCX_LOG_LEVEL", "verbose", "Debug"],
    ["OPENCX_LOG_FORMAT", "xml", "pretty"],
  ])("with a %s that is none says what it may be, without a stack", async (name, value, choice) => {
    const { code, err } = await runCli(["urls"], { env: { [name]: value } })
    assert.strictEqual(code, 1)
    assert.match(err, new RegExp(`^${name} is "${value}"`))
    assert.include(err, choice)
    noStack(err)
  })

  it("without a flag that it needs says so and fails, without a stack", async () => {
    const { code, err } = await runCli(["demo:send", "--smtp", "127.0.0.1:1"])
    assert.strictEqual(code, 2)
    assert.include(err, "--text")
    noStack(err)
  })
})

describe.concurrent("opencx serve", { timeout }, () => {
  it("without its Postgres says why there is no connection, and not the password", () =>
    withConfig({ organizations: [] }, async (file, folder) => {
      const env = {
        OPENCX_DATABASE_URL: "postgres://opencx:sesame-4711@127.0.0.1:1/opencx",
        OPENCX_DATA_DIR: folder,
      }
      const { code, err } = await runCli(["serve", "--config", file], { env })
      assert.strictEqual(code, 1)
      assert.include(err, "ECONNREFUSED")
      assert.include(err, "OPENCX_DATABASE_URL")
      assert.notInclude(err, "sesame")
      noStack(err)
    }))

  it("on a damaged database says so, and what to do", () =>
    withConfig({ organizations: [] }, async (file, folder) => {
      await writeFile(join(folder, "opencx.db"), "no database at all ".repeat(1000))
      const { code, err } = await runCli(["serve", "--config", file], { env: { OPENCX_DATA_DIR: folder } })
      assert.strictEqual(code, 1)
      assert.include(err, "damaged: restore it from a backup")
      noStack(err)
    }))

  it("without a configuration says what to do", () =>
    inFolder(async (cwd) => {
      const { code, err, out } = await runCli(["serve"], { cwd })
      assert.strictEqual(code, 1)
      assert.strictEqual(out, "")
      assert.strictEqual(err.split("\n").length, 2)
      assert.include(err, "opencx.config.json")
      assert.include(err, "opencx demo")
    }))

  it("finds a TypeScript configuration in a folder with an odd name", () =>
    inFolder(async (folder) => {
      const cwd = join(folder, "50% #1?")
      await mkdir(cwd)
      await writeFile(
        join(cwd, "opencx.config.ts"),
        'const id: string = "acme"\nexport default { organizations: [{ id, name: "Acme", accounts: [{ id: "s", channel: "email", settings: {} }] }] }\n',
      )
      const { code, err, out } = await runCli(["urls", "--json"], { cwd })
      assert.strictEqual(err, "")
      assert.strictEqual(code, 0)
      assert.strictEqual(JSON.parse(out)[0].what, "email account s")
    }))

  it("with a wrong configuration lists everything that is wrong", () =>
    withConfig(
      { htpp: {}, organizations: [{ id: "A B", name: "" }], operatorToken: "tooshort-4711" },
      async (file) => {
        const { code, err } = await runCli(["serve", "-c", file])
        assert.strictEqual(code, 1)
        assert.include(err, file)
        for (const place of [
          '["htpp"]',
          '["organizations"][0]["id"]',
          '["organizations"][0]["name"]',
          '["operatorToken"]',
        ])
          assert.include(err, place)
        assert.notInclude(err, "4711")
        noStack(err)
      },
    ))

  const env = {
    ACME_ZD: "zendesk-secret-4711",
    ACME_URL: "https://acme.zendesk.com/?token=secret-4711",
    ACME_MAIL: "mail-password-4711",
    ACME_DB: "postgres://joe:db-password-4711@127.0.0.1:1/opencx",
    OPENCX_OPERATOR_TOKEN: "operator-token-4711",
  }
  const zendesk = (more: object = {}) => ({
    subdomain: "acme",
    auth: { type: "oauth_client_credentials", clientId: "opencx", clientSecret: { $env: "ACME_ZD" } },
    ...more,
  })
  const organization = (more: object = {}) => ({ id: "acme", name: "Acme", zendesk: zendesk(), ...more })

  const broken: ReadonlyArray<readonly [string, object, string]> = [
    [
      "a Zendesk section",
      {
        organizations: [
          organization({
            zendesk: zendesk({ subdomain: { $env: "ACME_URL" }, firstComment: { $env: "ACME_MAIL" } }),
          }),
        ],
      },
      "subdomain",
    ],
    ["a database", { databaseUrl: { $env: "ACME_DB" }, organizations: [organization()] }, "database"],
    ["a key", { organizations: [organization()] }, "OPENCX_MASTER_KEY"],
    ["an id", { organizations: [organization({ id: { $env: "ACME_DB" } })] }, '["id"]'],
  ]
  it.each(broken)("with a secret in %s that is wrong never prints it", (_, config, named) =>
    withConfig(config, async (file, cwd) => {
      const key = named === "OPENCX_MASTER_KEY" ? { OPENCX_MASTER_KEY: "not-a-key-4711" } : {}
      const { code, err, out } = await runCli(["serve", "-c", file], { cwd, env: { ...env, ...key } })
      assert.strictEqual(code, 1)
      assert.include(err, named)
      assert.notInclude(err + out, "4711")
      noStack(err)
    }),
  )

  it("cuts a secret out of what a configuration module throws", () =>
    withConfig(
      'throw new Error(`vault refused ${process.env["VAULT_TOKEN"]}`)\n',
      async (file) => {
        const { code, err } = await runCli(["serve", "-c", file], {
          env: { VAULT_TOKEN: "vault-token-4711" },
        })
        assert.strictEqual(code, 1)
        assert.include(err, "vault refused [redacted]")
      },
      "opencx.config.mjs",
    ))

  it("on a taken port says which", () =>
    withBusyPort((port) =>
      withConfig({ http: { port }, organizations: [{ id: "acme", name: "Acme" }] }, async (file, cwd) => {
        const { code, err } = await runCli(["serve", "-c", file], { cwd })
        assert.strictEqual(code, 1)
        assert.include(err, `127.0.0.1:${port}`)
        assert.include(err, "EADDRINUSE")
        assert.include(err, "OPENCX_PORT")
        noStack(err)
      }),
    ))

  it("with settings of the log that there are not names the variable", () =>
    inFolder(async (cwd) => {
      const { code, err } = await runCli(["serve"], { cwd, env: { OPENCX_LOG_FORMAT: "xml" } })
      assert.strictEqual(code, 1)
      assert.include(err, "OPENCX_LOG_FORMAT")
    }))
})

describe.concurrent("opencx demo and demo:send", { timeout }, () => {
  it("demo on a taken port names the flag that chooses another", () =>
    withBusyPort((port) =>
      inFolder(async (cwd) => {
        const { code, err, out } = await runCli(["demo", "--port", String(port)], { cwd })
        assert.strictEqual(code, 1)
        assert.include(err, `Port ${port} is in use`)
        assert.include(err, "--port")
        assert.strictEqual(out, "")
        noStack(err)
      }),
    ))

  it("demo:send to a port where nobody is asks whether the demonstration runs", async () => {
    const { code, err, out } = await runCli(["demo:send", "--text", "hi", "--smtp", "127.0.0.1:1"])
    assert.strictEqual(code, 1)
    assert.include(err, "127.0.0.1:1")
    assert.include(err, "Is the demonstration running?")
    assert.strictEqual(out, "")
    noStack(err)
  })
})
