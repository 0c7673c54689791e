/**
 * A fresh machine: the packed packages, installed by npm into an empty folder with an empty home, and nothing of this
 * repository beside them. The example configuration of `deploy/` serves there.
 */
import { spawn } from "node:child_process"
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { afterAll, assert, beforeAll, describe, it, type TestContext } from "vitest"
import { packed, registryTrouble, repository, run } from "../plugins/packed.ts"

const place = mkdtempSync(join(tmpdir(), "opencx-fresh-"))
const machine = join(place, "machine")
/** Why nothing can be tested; null when all is well. */
let unreachable: string | null = null

/** Needed to write plugins, not to run the program. */
const notRun = new Set(["create-channel"])

beforeAll(async () => {
  mkdirSync(machine)
  unreachable = await registryTrouble(place)
  if (unreachable !== null)
    return console.log(`INSTALL TEST SKIPPED, nothing can be installed without the registry: ${unreachable}`)
  const names = readdirSync(join(repository, "packages")).filter((name) => !notRun.has(name))
  const files: Array<string> = []
  for (const name of [...names, "../apps/runtime"]) files.push(await packed(name, place))
  writeFileSync(join(machine, "package.json"), JSON.stringify({ name: "fresh", private: true }))
  const args = ["install", "--no-audit", "--no-fund", "--prefer-offline", ...files]
  const { code, output } = await run("npm", args, machine, 240)
  assert.strictEqual(code, 0, output)
}, 900_000)
afterAll(() => rmSync(place, { recursive: true, force: true }))

const here = (ctx: TestContext): void => {
  if (unreachable !== null) ctx.skip(`without a registry: ${unreachable}`)
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address()
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0))
    })
  })

const program = join(machine, "node_modules/@opencx/runtime/dist/main.js")

/** Nothing of this shell's settings. */
const environment = async () => ({
  PATH: process.env["PATH"] ?? "",
  HOME: join(place, "home"),
  OPENCX_CONFIG: join(machine, "opencx.config.json"),
  OPENCX_DATA_DIR: join(machine, "data"),
  OPENCX_PORT: String(await freePort()),
  OPENCX_OPERATOR_TOKEN: "an-operator-token-for-tests",
  ZENDESK_CLIENT_SECRET: "unused-client-secret",
  ZENDESK_WEBHOOK_SECRET: "unused-webhook-secret",
  SMTP_PASSWORD: "unused-password",
})

describe("on a fresh machine", () => {
  it("the example configuration serves, and stops when it is told to", { timeout: 120_000 }, async (ctx) => {
    here(ctx)
    cpSync(join(repository, "deploy/opencx.config.json"), join(machine, "opencx.config.json"))
    const config = await import(join(machine, "opencx.config.json"), { with: { type: "json" } })
    config.default.listeners.email.smtp = { host: "127.0.0.1", port: await freePort() }
    writeFileSync(join(machine, "opencx.config.json"), JSON.stringify(config.default))
    const env = await environment()
    const child = spawn(process.execPath, [program, "serve", "--json"], { cwd: machine, env })
    const errors: Array<string> = []
    createInterface({ input: child.stderr }).on("line", (line) => errors.push(line))
    const exited = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)))
    try {
      const first = new Promise<string>((resolve) =>
        createInterface({ input: child.stdout }).once("line", resolve),
      )
      const line = await Promise.race([first, exited.then(() => "")])
      assert.match(line, /"ready":true/, errors.join("\n"))
      const at = `http://127.0.0.1:${env.OPENCX_PORT}`
      assert.strictEqual((await fetch(`${at}/readyz`)).status, 200)
      assert.strictEqual((await fetch(`${at}/metrics`)).status, 401)
      const authorization = `Bearer ${env.OPENCX_OPERATOR_TOKEN}`
      const metrics = await (await fetch(`${at}/metrics`, { headers: { authorization } })).text()
      assert.match(metrics, /^opencx_ready(?:\{[^}]*\})? 1$/m)
    } finally {
      child.kill("SIGTERM")
    }
    assert.strictEqual(await exited, 0, errors.join("\n"))
    assert.notInclude(errors.join("\n"), "unused-client-secret")
  })

  it(
    "the command is on the path of npm, and its demonstration answers",
    { timeout: 180_000 },
    async (ctx) => {
      here(ctx)
      const { code, output } = await run("npx", ["--no-install", "opencx", "--help"], machine, 60)
      assert.strictEqual(code, 0, output)
      assert.include(output, "dead-letters")
      const tour = await run(
        "npx",
        ["--no-install", "opencx", "tour", "--steps", "1", "--json"],
        machine,
        120,
      )
      assert.strictEqual(tour.code, 0, tour.output)
      assert.include(tour.stdout, '"ok":true')
    },
  )
})
