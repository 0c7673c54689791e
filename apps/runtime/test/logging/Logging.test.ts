import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Redacted } from "effect"
import { KnownSecrets, layer } from "../../src/logging/Logging.ts"
import { makeRedactor, secretValues } from "../../src/logging/redact.ts"

const secrets = ["s3cret-of-acme", "pass/word+4711", 'with "quotes" and \\ and\nline', "123456789"]

const logged = (
  format: "json" | "pretty",
  log: Effect.Effect<void>,
  options: { readonly level?: "Info" | "Debug"; readonly known?: Set<string> } = {},
): ReadonlyArray<string> => {
  const lines: Array<string> = []
  const write = (line: string) => void lines.push(line)
  Effect.runSync(
    log.pipe(
      Effect.provide(layer({ format, level: options.level ?? "Info", secrets, write })),
      Effect.provideService(KnownSecrets, options.known ?? new Set<string>()),
    ),
  )
  return lines
}

const oneJson = (log: Effect.Effect<void>) => {
  const lines = logged("json", log)
  assert.strictEqual(lines.length, 1)
  assert.match(lines[0] ?? "", /^[^\n]+\n$/, "one line, however the message is")
  return JSON.parse(lines[0] ?? "")
}

describe("a log line", () => {
  it("is one JSON object with level, time and message", () => {
    const line = oneJson(
      Effect.logInfo("Synced help-center").pipe(Effect.annotateLogs("organization", "acme")),
    )
    assert.strictEqual(line.level, "INFO")
    assert.strictEqual(line.message, "Synced help-center")
    assert.deepStrictEqual(line.annotations, { organization: "acme" })
    assert.isFalse(Number.isNaN(Date.parse(line.timestamp)))
  })

  it("stays one line, with whatever a stranger writes into it", () => {
    const hostile = 'x\r\n{"level":"INFO","message":"forged"}\u2028\u001b[31m"\\'
    const log = Effect.logWarning(hostile, new Error(hostile)).pipe(
      Effect.annotateLogs({ subject: hostile, [hostile]: "key" }),
    )
    const line = oneJson(log)
    assert.strictEqual(line.message[0], hostile)
    assert.strictEqual(line.annotations.subject, hostile)
    assert.strictEqual(line.annotations[hostile], "key")
  })

  it("has one text where a reason was given, without the secrets in it", () => {
    const line = oneJson(Effect.logWarning("OpenTicket failed", `503 for ${secrets[0]}`))
    assert.match(line.message, /^OpenTicket failed: 503 for /)
    assert.notInclude(line.message, secrets[0])
  })

  it("for people is one line too", () => {
    const lines = logged("pretty", Effect.logInfo("a\nlevel=ERROR message=forged\r\n"))
    assert.strictEqual(lines.length, 1)
    assert.strictEqual(lines[0]?.trimEnd().split(/[\r\n]/).length, 1)
    assert.include(lines[0], "level=INFO")
  })

  it.each(["json", "pretty"] as const)("%s moves no terminal", (format) => {
    const hostile = "a\u001b[2J\u009b31m\u0007\u0000\u007f\u0085\u202eb"
    const [line = ""] = logged(format, Effect.logInfo(hostile, hostile.replaceAll("\u001b", "")))
    // A mark of direction is no command; JSON keeps it for who reads it as data.
    assert.notMatch(line.trimEnd(), /[\u0000-\u001f\u007f-\u009f]/)
    if (format === "json") assert.include(JSON.parse(line).message, hostile)
    else assert.notInclude(line, "\u202e")
  })

  it("is left out below the level", () => {
    assert.deepStrictEqual(logged("json", Effect.logDebug("quiet")), [])
    assert.strictEqual(logged("json", Effect.logDebug("loud"), { level: "Debug" }).length, 1)
  })

  it("keeps numbers, nulls and nested values as they are", () => {
    const value = { count: 12, none: null, yes: true, list: [1, "two"], token_count: 7 }
    assert.deepStrictEqual(oneJson(Effect.logInfo(value)).message, value)
  })
})

describe("secrets", () => {
  it("are cut out of base64, whatever stands before and after", () => {
    const secret = "smtp+password/4714"
    const redact = makeRedactor([secret])
    for (const before of ["", "u", "us", "user:", "\u0000second\u0000"])
      for (const after of ["", "x", "xyz"])
        for (const encoding of ["base64", "base64url"] as const) {
          const text = redact(`535 refused: ${Buffer.from(before + secret + after).toString(encoding)}`)
          assert.include(text, "[redacted]")
          assert.notInclude(text, Buffer.from("password/47").toString(encoding).slice(2, 12))
        }
  })

  const everywhere = secrets.map((secret) =>
    Effect.logError(
      `in words ${secret} and again ${secret}`,
      { nested: [{ deep: secret }], [`key ${secret}`]: 1 },
      Cause.fail(new Error(`in an error: ${secret}`)),
    ).pipe(Effect.annotateLogs("annotation", secret), Effect.withLogSpan("span")),
  )
  const spellings = secrets.flatMap((s) => [s, JSON.stringify(s).slice(1, -1), encodeURIComponent(s)])

  it.each(["json", "pretty"] as const)("that are known are in no %s line, wherever they stood", (format) => {
    for (const log of everywhere) {
      const text = logged(format, log).join("")
      assert.include(text, "[redacted]")
      // The keys of an object are not touched: they would not be secrets in any log of ours.
      const withoutKeys = text.replaceAll(/\\*"?key .{0,60}?\\*":\s*1/gs, "")
      for (const secret of spellings) assert.notInclude(withoutKeys, secret)
    }
  })

  it("that a configuration names later are cut too", () => {
    const known = new Set<string>()
    const log = Effect.gen(function* () {
      yield* Effect.logInfo("first late-secret-1")
      known.add("late-secret-1")
      yield* Effect.logInfo("second late-secret-1")
    })
    const [first, second] = logged("json", log, { known })
    assert.include(first, "late-secret-1")
    assert.notInclude(second, "late-secret-1")
  })

  it("in Redacted values and in fields with telling names do not show", () => {
    const line = oneJson(
      Effect.logInfo({
        value: Redacted.make("hidden-1"),
        password: "correct horse battery",
        clientSecret: "hidden-2",
        access_token: 123456,
        apiKey: "hidden-3",
        Authorization: "Custom hidden-4",
        token: null,
        port: 25,
      }),
    )
    const text = JSON.stringify(line)
    assert.notMatch(text, /hidden|horse|123456/)
    assert.strictEqual(line.message.token, null)
    assert.strictEqual(line.message.port, 25)
  })

  const cases: ReadonlyArray<readonly [string, string]> = [
    ["Authorization: Bearer abcdef123456", "abcdef123456"],
    ["authorization=basic dXNlcjpwYXNz", "dXNlcjpwYXNz"],
    ["POST /hooks/zendesk/ticketing/acme.bbwgyatk4uszusyuq22f7ry3ownjnlam 200", "bbwgyatk"],
    ["https://ai.example/hooks/email/acme.support.bbwgyatk4uszusyuq22f7ry3?as=mime", "bbwgyatk"],
    ['{"client_secret":"abc def, ghi"}', "ghi"],
    ['{\\"password\\":\\"abc def\\"}', "def"],
    ["{'token': 'abc def'}", "def"],
    ['{"api_key":123456}', "123456"],
    ["grant_type=client_credentials&client_secret=abcd1234&scope=read", "abcd1234"],
    ["password: hunter22;", "hunter22"],
    ["connect postgres://joe:hunter22@db.example/opencx failed", "hunter22"],
    ["smtp://user%40x:p%40ss@mail.example", "p%40ss"],
  ]
  it.each(cases)("are seen in %s", (text, secret) => {
    const cut = makeRedactor([])(text)
    assert.notInclude(cut, secret)
    assert.include(cut, "[redacted]")
  })

  it.each([
    "The customer wrote: my password does not work",
    "token bucket has 12 left",
    "https://acme.zendesk.com/api/v2/tickets/1.json?sort=-id",
    "Synced help-center of acme: 120 seen, 3 changed",
    "no access token could be had (getaddrinfo ENOTFOUND acme.zendesk.com)",
    "mailto:dana@example.com",
  ])("are not seen in %s", (text) => assert.strictEqual(makeRedactor([])(text), text))

  it("in a database URL are the whole URL and the password in it", () => {
    const redact = makeRedactor(["postgres://joe:p%40ss-4711@db.example/opencx"])
    assert.notInclude(redact('password authentication failed for "joe" with p@ss-4711'), "p@ss-4711")
    assert.notInclude(redact("p%40ss-4711"), "4711")
  })

  it("too short to be told from other words are left, and an empty one cuts nothing", () => {
    assert.strictEqual(makeRedactor(["", "a", "12345"])("a 12345 banana"), "a 12345 banana")
  })

  it("do not need long: a megabyte is cut within a second", () => {
    const long = `${"token: ".repeat(70_000)}${"/hooks/a".repeat(60_000)}${"a://b:".repeat(20_000)}`
    const began = performance.now()
    makeRedactor(secrets)(long)
    assert.isBelow(performance.now() - began, 5_000)
  })
})

describe("what a configuration references", () => {
  it("is found at any depth; short, missing and JavaScript's own values are not", () => {
    const raw = {
      a: { $env: "A" },
      b: [{ $env: "B" }, { c: { $env: "C" } }],
      d: { $env: "D" },
      e: { $env: "toString" },
    }
    assert.deepStrictEqual(secretValues(raw, { A: "aaaaaa", B: "bbbbbbb", C: "ccc" }), ["aaaaaa", "bbbbbbb"])
  })
})
