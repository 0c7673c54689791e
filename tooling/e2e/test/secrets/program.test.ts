/**
 * The built program with a secret in every place where one can stand, while everything that it shows them to refuses and says
 * them back: none in its log at the finest level, its pages, its API, its metrics, its files while it runs and afterwards, a
 * collector's traces, metrics and logs, a backup, and what commands print. The search itself is shown to find things there.
 */
import { Schema } from "effect"
import { execFile } from "node:child_process"
import { readFileSync, writeFileSync } from "node:fs"
import { createServer } from "node:http"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { mailsTo } from "@opencx/runtime"
import { eventually, post } from "../support/customers.ts"
import { type RuntimeProcess, startRuntime } from "../support/runtimeProcess.ts"
import { setStage, type Stage } from "../support/stage.ts"
import { startHttpEcho, startImapEcho, startSmtpEcho } from "./echoes.ts"
import { filesIn, leaksIn, type Output, spellingsOf } from "./search.ts"

const main = fileURLToPath(new URL("../../../../apps/runtime/src/main.ts", import.meta.url))
const run = promisify(execFile)

/** Signs that spellings differ in. */
const secrets = {
  operator: "operator token/5f1c+9e7a",
  admin: 'admin "password" 0815',
  llm: "sk-llm-key/4711+a",
  embedding: "sk-embedding-key-4712",
  signOn: "sign-on secret&=4713",
  smtp: "smtp+password/4714",
  imap: "imap-password-4715",
  postmark: "postmark-password-4716",
  collector: "collector-key-4717",
} as const

/** What was made by the program itself, and is as good as a password. */
const made = new Map<string, string>()

const org = "larkspoke"
/** Not a secret, but said and written everywhere: what the search must find, or it looks at nothing. */
const canary = org

const outputs = new Map<string, string>()
const adminEmail = "root@larkspoke.example"

let stage: Stage
let runtime: RuntimeProcess
let collected: Awaited<ReturnType<typeof startCollector>>
let echo: Awaited<ReturnType<typeof startHttpEcho>>
let smtp: Awaited<ReturnType<typeof startSmtpEcho>>
let imap: Awaited<ReturnType<typeof startImapEcho>>

const startCollector = async () => {
  const bodies: Array<Output> = []
  const server = createServer((request, response) => {
    let body = ""
    request.on("data", (chunk) => (body += String(chunk)))
    request.on("end", () => {
      bodies.push([`collector ${request.url}`, body])
      response.end("{}")
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  const port = typeof address === "object" && address !== null ? address.port : 0
  return { bodies, url: `http://127.0.0.1:${port}`, close: () => server.close() }
}

const Config = Schema.Record(Schema.String, Schema.Unknown)
const Organizations = Schema.Array(Schema.Record(Schema.String, Schema.Unknown))

/** An account whose servers take nothing. Its secrets stand in the file itself, which is the worst case for what is logged. */
const second = () => ({
  id: "second",
  channel: "email",
  settings: {
    address: "second@larkspoke.example",
    displayName: "Second",
    outbound: {
      host: "127.0.0.1",
      port: smtp.port,
      starttls: "never",
      auth: { user: "second", password: secrets.smtp },
    },
    inbound: {
      postmark: { username: "second", password: secrets.postmark },
      imap: { host: "127.0.0.1", port: imap.port, secure: false, user: "second", password: secrets.imap },
    },
    authentication: "trust",
    allowInsecureTls: true,
  },
})

const writeConfig = () => {
  const config = Schema.decodeUnknownSync(Schema.fromJsonString(Config))(
    readFileSync(stage.configFile, "utf8"),
  )
  const [first, ...others] = Schema.decodeUnknownSync(Organizations)(config["organizations"])
  const accounts = Array.isArray(first?.["accounts"]) ? first["accounts"] : []
  const target = (model: string, apiKey: string) => ({
    provider: "openai_compatible",
    model,
    baseUrl: `${echo.url}/v1`,
    apiKey,
  })
  const whole = {
    ...config,
    operatorToken: secrets.operator,
    firstAdmin: { email: adminEmail, password: secrets.admin },
    llm: { ...target("scripted", secrets.llm), retries: 0 },
    search: { embedding: target("vectors", secrets.embedding) },
    singleSignOn: { issuer: echo.url, clientId: "opencx", clientSecret: secrets.signOn },
    organizations: [{ ...first, accounts: [...accounts, second()] }, ...others],
  }
  writeFileSync(stage.configFile, JSON.stringify(whole))
}

beforeAll(async () => {
  ;[collected, echo, smtp, imap] = await Promise.all([
    startCollector(),
    startHttpEcho(),
    startSmtpEcho(),
    startImapEcho(),
  ])
  stage = await setStage({ reconcileSeconds: 3600 })
  writeConfig()
  runtime = await startRuntime(stage.configFile, {
    env: {
      OPENCX_LOG_LEVEL: "All",
      OTEL_EXPORTER_OTLP_ENDPOINT: collected.url,
      OTEL_EXPORTER_OTLP_HEADERS: `api-key=${secrets.collector}`,
    },
    keptLines: 1_000_000,
  })
}, 120_000)
afterAll(async () => {
  await runtime?.kill()
  await stage?.close()
  for (const one of [collected, echo, smtp, imap]) one?.close()
})

const bearer = { authorization: `Bearer ${secrets.operator}` }
const json = { "content-type": "application/json" }

/** Asks, and keeps what was answered, with its headers. */
const ask = async (path: string, init: RequestInit = {}, keep = true) => {
  const answer = await fetch(stage.runtimeUrl + path, { redirect: "manual", ...init })
  const text = await answer.text()
  const what = `answer ${answer.status} of ${init.method ?? "GET"} ${path.split("?")[0]}`
  if (keep) outputs.set(`${what} ${outputs.size}`, `${JSON.stringify([...answer.headers])}\n${text}`)
  return { status: answer.status, headers: answer.headers, text }
}

const formOf = (fields: Readonly<Record<string, string>>): RequestInit => ({
  method: "POST",
  headers: { "content-type": "application/x-www-form-urlencoded", origin: stage.runtimeUrl },
  body: new URLSearchParams(fields).toString(),
})

const cookieIn = (headers: Headers): string =>
  /=([\w.-]{10,})/.exec(headers.get("set-cookie") ?? "")?.[1] ?? ""

/** A person logs in and makes a key and an invitation; each is used, rightly and wrongly. */
const people = async () => {
  const entered = await ask("/login", formOf({ email: adminEmail, password: secrets.admin }), false)
  assert.strictEqual(entered.status, 303, entered.text)
  made.set("a session's cookie", cookieIn(entered.headers))
  const operator = await ask("/login", formOf({ token: secrets.operator }), false)
  made.set("the operator's cookie", cookieIn(operator.headers))
  const keys = `/api/organizations/${org}/keys`
  const key = { name: "CI", scopes: ["sessions.read"] }
  const created = await ask(
    keys,
    { method: "POST", headers: { ...bearer, ...json }, body: JSON.stringify(key) },
    false,
  )
  made.set("an API key", /opencx_key_[\w-]+/.exec(created.text)?.[0] ?? "")
  const invitation = { email: "ana@larkspoke.example", name: "Ana", role: "agent" }
  const invited = await ask(
    `/api/organizations/${org}/users`,
    { method: "POST", headers: { ...bearer, ...json }, body: JSON.stringify(invitation) },
    false,
  )
  made.set("an invitation's token", /token=([\w-]+)/.exec(invited.text)?.[1] ?? "")
  made.set("a webhook's URL", stage.hook.url.split("/").at(-1) ?? "")
  made.set("a webhook's signing secret", stage.hook.secret)
  const cookie = `opencx_session=${made.get("a session's cookie")}`
  await ask("/api/me", { headers: { cookie } })
  await ask(`/api/organizations/${org}/sessions`, {
    headers: { authorization: `Bearer ${made.get("an API key")}` },
  })
  await ask(`/api/organizations/${org}`, {
    method: "DELETE",
    headers: { authorization: `Bearer ${made.get("an API key")}`, "if-match": '"1"' },
  })
  await ask("/login", formOf({ email: "other@larkspoke.example", password: secrets.admin }))
  await ask("/login", formOf({ email: adminEmail, password: `${secrets.admin}x` }))
  await ask(
    "/login/link",
    formOf({ token: made.get("an invitation's token") ?? "", password: "x", again: "y" }),
    false,
  )
  await ask("/login/link?token=nobody-knows-this-one")
}

const signOn = async () => {
  const begun = await ask("/login/oidc?next=/sessions", {}, false)
  const state = new URL(begun.headers.get("location") ?? "").searchParams.get("state") ?? ""
  const attempt = cookieIn(begun.headers)
  await ask(`/login/oidc/callback?code=c&state=${state}`, {
    headers: { cookie: `opencx_sign_on=${attempt}` },
  })
}

/** Somebody writes to the account whose servers refuse it. */
const mailToSecond = async () => {
  const { stdout } = await run(process.execPath, [main, "urls", "--config", stage.configFile, "--json"])
  const hooks = Schema.decodeUnknownSync(
    Schema.fromJsonString(Schema.Array(Schema.Struct({ what: Schema.String, url: Schema.String }))),
  )(stdout)
  const hook = hooks.find(({ what }) => what.includes("second"))?.url ?? ""
  made.set("another webhook's URL", hook.split("/").at(-1) ?? "")
  const mail = {
    From: "dana@example.com",
    FromFull: { Email: "dana@example.com", Name: "Dana", MailboxHash: "" },
    To: "second@larkspoke.example",
    ToFull: [{ Email: "second@larkspoke.example", Name: "", MailboxHash: "" }],
    OriginalRecipient: "second@larkspoke.example",
    Subject: "Hello",
    MessageID: "second-1",
    TextBody: "How do I reset my password?",
    Headers: [],
    Attachments: [],
  }
  const send = (password: string) =>
    fetch(hook, {
      method: "POST",
      headers: { ...json, authorization: `Basic ${Buffer.from(`second:${password}`).toString("base64")}` },
      body: JSON.stringify(mail),
    })
  assert.strictEqual((await send(`${secrets.postmark}x`)).status, 401)
  assert.strictEqual((await send(secrets.postmark)).status, 200)
}

const command = async (...args: ReadonlyArray<string>) => {
  const done = await run(process.execPath, [main, ...args, "--config", stage.configFile], {
    env: { ...process.env, OPENCX_LOG_LEVEL: "All" },
    maxBuffer: 50_000_000,
  }).catch((error: { readonly stdout?: string; readonly stderr?: string }) => ({
    stdout: error.stdout ?? "",
    stderr: error.stderr ?? "",
  }))
  outputs.set(`command ${args.slice(0, 2).join(" ")} ${outputs.size}`, `${done.stdout}\n${done.stderr}`)
  return done.stdout
}

describe("the program", () => {
  it("keeps every secret to itself, whatever refuses it and whoever asks", { timeout: 240_000 }, async () => {
    await people()
    await signOn()
    await mailToSecond()
    await post(stage, {
      from: "tracy@example.com",
      subject: "Secrets",
      text: "I want to talk to a human, please.",
      messageId: "<secrets@example.com>",
    })
    await eventually("the word about the handoff", () => mailsTo(stage, "tracy@example.com")[0])
    await eventually("a refused login at the mail server", () =>
      smtp.heard.find((line) => /^AUTH/i.test(line)),
    )
    await eventually("a refused login at the mailbox", () => imap.heard.find((line) => /LOGIN/i.test(line)))
    await eventually("a refused model", () => echo.asked.find((path) => path.includes("chat/completions")))
    await eventually("a refused sign-on", () => echo.asked.find((path) => path.includes("/token")))

    const listed = await ask(`/api/organizations/${org}/sessions`, { headers: bearer })
    const ids = [...listed.text.matchAll(/"id":"([0-9a-f-]{36})"/g)].map(([, id]) => id)
    assert.isNotEmpty(ids)
    const paths = [
      "/sessions",
      "/dead-letters",
      "/sources",
      "/login",
      "/metrics",
      "/readyz",
      "/api/organizations",
      ...["", "/keys", "/users", "/audit", "/accounts", "/sources", "/dead-letters", "/doctor"].map(
        (part) => `/api/organizations/${org}${part}`,
      ),
      "/api/installation/users",
      "/api/installation/audit",
      ...ids.flatMap((id) => [`/sessions/${org}/${id}`, `/api/organizations/${org}/sessions/${id}`]),
    ]
    for (const path of paths) {
      const { status } = await ask(path, { headers: bearer })
      assert.strictEqual(status, 200, path)
      await ask(path)
    }
    await command("doctor", "--json")
    await command("doctor")
    await command("report", "--json")
    await command("sessions", "list", "--json")
    for (const id of ids.slice(0, 2)) await command("sessions", "show", id ?? "", "--json")
    await command("dead-letters", "list", "--json")
    await command("verify", "--json")
    const backup = join(stage.dataDir, "..", `backup-${process.pid}.db`)
    await command("backup", backup, "--without-key")
    outputs.set("backup", readFileSync(backup).toString("latin1"))
    for (const [place, text] of filesIn(stage.dataDir)) outputs.set(`${place}, while it runs`, text)
    assert.strictEqual(await runtime.stop(), 0)
    for (const [place, text] of filesIn(stage.dataDir)) outputs.set(`${place}, afterwards`, text)
    for (const [n, line] of runtime.log().entries()) outputs.set(`log line ${n}`, line)
    for (const [n, [place, text]] of collected.bodies.entries()) outputs.set(`${place} ${n}`, text)

    for (const [what, secret] of made) assert.isAtLeast(secret.length, 8, what)
    const all = [...Object.entries(secrets), ...made]
    // The URLs are there to be copied from the list of accounts.
    const isMeant = (leak: string) => /webhook's URL in answer 200 of GET \S+\/accounts /.test(leak)
    assert.deepStrictEqual(
      leaksIn(outputs, all)
        .filter((leak) => !isMeant(leak))
        .slice(0, 10),
      [],
    )
  })

  it.each([
    /^log line/,
    /^collector \/v1\/traces/,
    /^collector \/v1\/logs/,
    /^collector \/v1\/metrics/,
    /^answer 200 of GET \/sessions/,
    /^answer 200 of GET \/api\/organizations/,
    /^answer 200 of GET \/metrics/,
    /^answer 404 of GET|^answer 40\d of DELETE/,
    /^backup/,
    /^file opencx\.db-wal, while/,
    /^file opencx\.db, afterwards/,
    /^command doctor/,
    /^command report/,
    /^command sessions/,
  ])("would have been caught at %s", (kind) => {
    const there = [...outputs].filter(([place]) => kind.test(place))
    assert.isNotEmpty(there)
    assert.isNotEmpty(leaksIn(there, [["the canary", canary]]), "the search sees what stands there")
  })

  it("would have been caught in every kind of output, in any spelling", () => {
    const kinds = new Map(
      [...outputs].map(([place, text]) => [place.replace(/[\d]+.*$/, ""), [place, text] as const]),
    )
    for (const [place, text] of kinds.values())
      for (const [what, secret] of [...Object.entries(secrets), ...made])
        for (const spelling of [
          secret,
          encodeURIComponent(secret),
          JSON.stringify(JSON.stringify({ secret })),
          Buffer.from(`user:${secret}`).toString("base64"),
          Buffer.from(`u:${secret}:more`).toString("base64url"),
        ]) {
          const at = Math.floor(text.length / 2)
          const planted = `${text.slice(0, at)}${spelling}${text.slice(at)}`
          assert.isNotEmpty(
            leaksIn([[place, planted]], [[what, secret]]),
            `${what} as ${spelling} at ${place}`,
          )
        }
    for (const secret of Object.values(secrets)) assert.isAtLeast(spellingsOf(secret).length, 5)
  })
})
