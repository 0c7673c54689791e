/** How the commands about an account end: exit codes for jobs, and a setup that is broken off half way and run again. */
import { afterEach, assert, beforeEach, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { runCli, startCli } from "../support/cli.ts"
import { eventually } from "../support/run.ts"
import { oauth, setZendeskStage, type ZendeskStage } from "../support/zendeskStage.ts"

let stage: ZendeskStage
beforeEach(async () => {
  stage = await setZendeskStage()
}, 30_000)
afterEach(() => stage.close())

const opencx = (...args: ReadonlyArray<string>) => runCli([...args, "--config", stage.configFile])
const setUp = () => opencx("setup", "zendesk", "--yes", "--multi-conversations", "--json")

const Told = Schema.decodeUnknownSync(
  Schema.fromJsonString(Schema.Struct({ ok: Schema.Boolean, complete: Schema.Boolean })),
)
const Done = Schema.decodeUnknownSync(
  Schema.fromJsonString(Schema.Struct({ ok: Schema.Boolean, done: Schema.Array(Schema.Unknown) })),
)

/** Names of what of ours is in the account, each as often as it is there. */
const ours = async () => {
  const Named = Schema.Array(Schema.Struct({ name: Schema.String }))
  const { triggers, webhooks } = Schema.decodeUnknownSync(
    Schema.Struct({ webhooks: Named, triggers: Schema.Array(Schema.Struct({ title: Schema.String })) }),
  )(stage.emulator.state(["webhooks", "triggers"]))
  return [...webhooks.map(({ name }) => name), ...triggers.map(({ title }) => title)]
    .filter((name) => name.startsWith("OpenCX"))
    .toSorted()
}

const whole = ["OpenCX", "OpenCX: tell OpenCX about public replies"]

describe("exit codes", { timeout: 120_000 }, () => {
  it("doctor: 0 with notes alone, 1 with a problem, 2 where something cannot be looked at", async () => {
    assert.strictEqual((await setUp()).code, 0)
    const fine = await opencx("doctor")
    assert.strictEqual(fine.code, 0, fine.out)
    assert.match(fine.out, /^note {5}articles\.source/m)
    stage.emulator.addFault({ kind: "hang", match: { path: "^/api/v2/webhooks/.+/invocations" } })
    stage.emulator.addFault({ kind: "hang", match: { path: "^/api/v2/triggers" } })
    const silent = await opencx("doctor", "--timeout", "4", "--json")
    assert.strictEqual(silent.code, 2, silent.out)
    assert.deepInclude(Told(silent.out), { ok: false, complete: false })
    assert.include(silent.err, "not everything could be looked at")
    stage.emulator.clearFaults()
    await stage.configure({
      zendesk: { subdomain: "acme", baseUrl: stage.emulator.url, auth: { ...oauth, scope: "nonsense" } },
    })
    const broken = await opencx("doctor", "--json")
    assert.strictEqual(broken.code, 1, broken.out)
    assert.deepInclude(Told(broken.out), { ok: false, complete: false })
  })

  it("verify: 1 where something is missing, 2 where Zendesk does not answer", async () => {
    const missing = await opencx("verify", "--json")
    assert.strictEqual(missing.code, 1)
    assert.deepInclude(Told(missing.out), { ok: false, complete: true })
    stage.emulator.addFault({ kind: "status503" })
    const silent = await opencx("verify", "--json")
    assert.strictEqual(silent.code, 2, silent.out)
    assert.deepInclude(Told(silent.out), { ok: false, complete: false })
    assert.include(silent.err, "did not answer")
  })

  it("2 for a wrong flag, no configuration, a wrong organization: nothing was looked at", async () => {
    for (const command of ["doctor", "verify"]) {
      assert.strictEqual((await opencx(command, "--colour")).code, 2, command)
      const none = await runCli([command, "--config", "/nonexistent/opencx.config.json"])
      assert.strictEqual(none.code, 2, command)
      assert.include(none.err, "says nothing about Zendesk")
      const org = await opencx(command, "--org", "nobody")
      assert.strictEqual(org.code, 2, command)
      assert.include(org.err, "Organizations: acme.")
    }
    assert.strictEqual((await opencx("doctor", "--timeout", "0")).code, 2)
  })
})

describe("setup that is broken off", { timeout: 120_000 }, () => {
  for (const signal of ["SIGINT", "SIGKILL"] as const)
    it(`by ${signal} after Zendesk has made the first thing: run again it makes the rest, and nothing twice`, async () => {
      stage.emulator.addFault({
        kind: "latency",
        ms: 60_000,
        phase: "after",
        match: { method: "POST", path: "^/api/v2/webhooks" },
      })
      const first = startCli(["setup", "zendesk", "--yes", "--config", stage.configFile])
      await eventually("the webhook is made", async () => (await ours()).length === 1, 40)
      first.send(signal)
      const code = await first.ended
      if (signal === "SIGINT") {
        assert.strictEqual(code, 130)
        assert.include(first.err.join("\n"), "opencx setup zendesk looks at what is there")
      }
      assert.deepStrictEqual(await ours(), ["OpenCX"])
      stage.emulator.clearFaults()
      const again = await setUp()
      assert.strictEqual(again.code, 0, again.err)
      assert.deepStrictEqual(await ours(), whole)
      const third = await setUp()
      assert.deepStrictEqual(Done(third.out).done, [])
      assert.strictEqual((await opencx("verify")).code, 0)
    })
})

describe("an account that cannot be read", { timeout: 120_000 }, () => {
  const acting = [
    ["setup", "zendesk", "--yes"],
    ["disconnect", "zendesk", "--yes"],
  ] as const

  it("setup and disconnect say why, and what to do", async () => {
    const auth = (clientId: string, clientSecret: string) =>
      stage.configure({
        zendesk: {
          subdomain: "acme",
          baseUrl: stage.emulator.url,
          auth: { type: "oauth_client_credentials", clientId, clientSecret },
        },
      })
    await stage.close()
    stage = await setZendeskStage({
      seed: {
        oauthClients: [
          { id: oauth.clientId, secret: oauth.clientSecret },
          { id: "plain", secret: "s", userEmail: "plain@acme.test" },
        ],
        agents: [{ name: "Plain", email: "plain@acme.test", role: "agent" }],
      },
    })
    for (const command of acting) {
      await auth("plain", "s")
      const agent = await opencx(...command)
      assert.strictEqual(agent.code, 1)
      assert.match(agent.err, /agent roles cannot reach them[^]*Make the user an admin/)
      await auth("opencx", "wrong-4711")
      const stranger = await opencx(...command)
      assert.match(stranger.err, /does not accept the credentials[^]*opencx verify/)
      assert.notInclude(stranger.err, "wrong-4711")
    }
    await stage.configure({})
    stage.emulator.addFault({ kind: "status503" })
    for (const command of acting) {
      const silent = await opencx(...command)
      assert.strictEqual(silent.code, 1)
      assert.match(silent.err, /Zendesk did not answer[^]*status\.zendesk\.com[^]*what is done stays done/)
    }
  })
})
