/** `connect zendesk`: a person's consent, at this machine and by hand; what is kept works in other processes. */
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { readFile, readdir } from "node:fs/promises"
import { dirname, join } from "node:path"
import { freePort } from "../../src/demo/ports.ts"
import { runCli, startCli } from "../support/cli.ts"
import { eventually, run } from "../support/run.ts"
import { setZendeskStage, type ZendeskStage } from "../support/zendeskStage.ts"

const timeout = 60_000

let stage: ZendeskStage
beforeAll(async () => {
  stage = await setZendeskStage()
  await stage.configure({
    zendesk: {
      subdomain: "acme",
      baseUrl: stage.emulator.url,
      auth: { type: "oauth_authorization_code", clientId: "opencx", clientSecret: "opencx-secret" },
    },
  })
}, 30_000)
afterAll(() => stage.close())

const opencx = (...args: ReadonlyArray<string>) => runCli([...args, "--config", stage.configFile])

/** What the consent page sends a browser to. */
const consentTo = async (url: string): Promise<string> =>
  (await fetch(url, { redirect: "manual" })).headers.get("location") ?? ""

describe("opencx connect zendesk", { timeout }, () => {
  it("before anybody has consented, verify says to connect", async () => {
    const { code, out } = await opencx("verify")
    assert.strictEqual(code, 1)
    assert.include(out, "opencx connect zendesk")
  })

  it("waits for the person, is not ended by strangers, and keeps sealed tokens that other processes use", async () => {
    const port = await run(freePort("127.0.0.1", 0))
    const args = ["connect", "zendesk", "--config", stage.configFile, "--port", String(port), "--json"]
    const started = startCli(args)
    const url = await eventually("the address", () =>
      started.err.find((line) => line.includes("/oauth/authorizations/")),
    )
    const callback = `http://127.0.0.1:${port}/callback`
    assert.strictEqual(new URL(url).searchParams.get("redirect_uri"), callback)
    assert.strictEqual((await fetch(`${callback}?code=x&state=forged`)).status, 400)
    assert.strictEqual((await fetch(`http://127.0.0.1:${port}/other`)).status, 404)
    const page = await fetch(await consentTo(url))
    assert.include(await page.text(), "Go back to the terminal")
    assert.strictEqual(await started.ended, 0, started.err.join("\n"))
    assert.include(started.out.join(), '"ok":true')
    const verified = await opencx("verify", "--json")
    assert.include(verified.out, '{"id":"credentials","ok":true')
    const grants = stage.emulator.calls().filter(({ path }) => path === "/oauth/tokens")
    assert.lengthOf(grants, 1)
    // What is on the disk opens nothing.
    const folder = dirname(stage.configFile)
    const tokens = grants.map(({ body }) => JSON.stringify(body)).join()
    assert.include(tokens, "authorization_code")
    for (const name of (await readdir(folder)).filter((one) => one.startsWith("opencx.db"))) {
      const bytes = (await readFile(join(folder, name))).toString("latin1")
      assert.notInclude(bytes, "accessToken")
      assert.notInclude(bytes, "refreshToken")
    }
  })

  it("a denial changes nothing and says so", async () => {
    const port = await run(freePort("127.0.0.1", 0))
    const started = startCli(["connect", "zendesk", "--config", stage.configFile, "--port", String(port)])
    const url = await eventually("the address", () =>
      started.err.find((line) => line.includes("/oauth/authorizations/")),
    )
    const state = new URL(url).searchParams.get("state") ?? ""
    await fetch(`http://127.0.0.1:${port}/callback?error=access_denied&state=${state}`)
    assert.strictEqual(await started.ended, 1)
    assert.include(started.err.join("\n"), "denied in Zendesk")
    assert.include((await opencx("verify", "--json")).out, '{"id":"credentials","ok":true')
  })

  it("by hand: the address is printed, and what the browser shows is brought back once", async () => {
    const asked = await opencx("connect", "zendesk", "--by-hand", "--json")
    assert.strictEqual(asked.code, 0, asked.err)
    const redirected = await consentTo(JSON.parse(asked.out).url)
    const forged = redirected.replace(/state=[^&]+/, "state=forged")
    assert.include((await opencx("connect", "zendesk", "--redirected", forged)).err, "another request")
    const done = await opencx("connect", "zendesk", "--redirected", redirected)
    assert.strictEqual(done.code, 0, done.err)
    assert.include(done.out, "Connected as OpenCX Integration")
    const again = await opencx("connect", "zendesk", "--redirected", redirected)
    assert.strictEqual(again.code, 1)
    assert.include(again.err, "--by-hand")
  })

  it("a way of signing in that needs no consent is proved, with the end date of an API token", async () => {
    await stage.configure({})
    const proved = await opencx("connect", "zendesk")
    assert.strictEqual(proved.code, 0, proved.err)
    assert.include(proved.out, "ok    create_tickets")
    await stage.configure({
      zendesk: {
        subdomain: "acme",
        baseUrl: stage.emulator.url,
        auth: { type: "api_token", email: "integration@acme.test", token: "t0ken-9" },
      },
    })
    const token = await opencx("connect", "zendesk")
    assert.strictEqual(token.code, 1)
    assert.include(token.out, "Token access is toggled on")
  })
})
