import { assert, describe, it } from "vitest"
import { execFile } from "node:child_process"
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { type Ask, readRequest } from "../src/commandLine.ts"
import { Refusal } from "../src/Refusal.ts"

const here = "/somewhere"
const silent = (...args: ReadonlyArray<string>) => readRequest(args, null, here)

const refusalOf = async (run: Promise<unknown>): Promise<Refusal> => {
  const error: unknown = await run.then(
    () => null,
    (cause: unknown) => cause,
  )
  if (error instanceof Refusal) return error
  throw new Error(`no refusal but ${String(error)}`)
}

/** Answers questions in order and remembers them. */
const asked = (...answers: ReadonlyArray<string>) => {
  const questions: Array<string> = []
  const left = [...answers]
  const ask: Ask = async (question, proposal) => {
    questions.push(`${question} [${proposal}]`)
    return left.shift() ?? ""
  }
  return { ask, questions }
}

describe("readRequest", () => {
  it("every flag", async () => {
    const args = ["my-channel", "--scope", "@acme", "--dir", "x/y", "--id", "line", "--title", "LINE"]
    const more = ["--provider-auth", "bearer", "--license", "isc", "--author", "Acme Ltd"]
    assert.deepStrictEqual(await silent(...args, ...more), {
      name: "@acme/my-channel",
      directory: "/somewhere/x/y",
      id: "line",
      title: "LINE",
      providerAuth: "bearer",
      license: "ISC",
      author: "Acme Ltd",
    })
  })

  it("a name is enough where nobody answers", async () => {
    assert.deepStrictEqual(await silent("@acme/opencx-channel-line"), {
      name: "@acme/opencx-channel-line",
      directory: "/somewhere/opencx-channel-line",
      id: "line",
      title: "Line",
      providerAuth: "hmac",
      license: "MIT",
      author: "the authors of @acme/opencx-channel-line",
    })
  })

  it("asks for what is missing only, and takes proposals", async () => {
    const { ask, questions } = asked("", "", "")
    const request = await readRequest(["line-channel", "--scope", "acme", "--id", "line"], ask, here)
    assert.deepStrictEqual(questions, [
      "Title of the channel [Line]",
      "The provider proves its webhooks by (hmac, bearer) [hmac]",
      "License (MIT, ISC, UNLICENSED) [MIT]",
    ])
    assert.deepInclude(request, { name: "@acme/line-channel", title: "Line", license: "MIT" })
  })

  it("asks for everything when nothing is given", async () => {
    const { ask, questions } = asked("opencx-channel-line", "@acme", "", "LINE", "bearer", "")
    const request = await readRequest([], ask, here)
    assert.strictEqual(questions.length, 6)
    assert.deepInclude(request, { name: "@acme/opencx-channel-line", id: "line", providerAuth: "bearer" })
  })

  it("--yes asks nothing", async () => {
    const ask: Ask = () => Promise.reject(new Error("was asked"))
    assert.deepInclude(await readRequest(["line", "--yes"], ask, here), { id: "line" })
  })

  it("a name whose id would be taken needs an id", async () => {
    assert.include((await refusalOf(silent("opencx-channel-email"))).message, "no channel id")
    assert.deepInclude(await silent("opencx-channel-email", "--id", "acme-mail"), { id: "acme-mail" })
  })

  it("refuses what it does not understand, in words", async () => {
    const cases: ReadonlyArray<readonly [ReadonlyArray<string>, string]> = [
      [[], "no name"],
      [["a", "b"], "2 names"],
      [["Line"], "npm package name"],
      [["line", "--id", "email"], "taken"],
      [["line", "--id", "Line"], "no channel id"],
      [["line", "--provider-auth", "basic"], "--provider-auth"],
      [["line", "--license", "GPL"], "--license"],
      [["line", "--colour", "red"], "--colour"],
      [["@acme/line", "--scope", "@other"], "another scope"],
      [["line", "--scope", "A B"], "no npm scope"],
      [["line", "--title", 'a"b'], "title"],
    ]
    for (const [args, words] of cases) {
      const error = await refusalOf(silent(...args))
      assert.include(error.message, words)
      assert.isAbove(error.hint.length, 3)
    }
  })
})

describe("create-channel as a program", () => {
  const main = fileURLToPath(new URL("../src/main.ts", import.meta.url))
  const run = (args: ReadonlyArray<string>, cwd: string) =>
    new Promise<{ readonly code: number; readonly out: string; readonly err: string }>((resolve) => {
      execFile(process.execPath, [main, ...args], { cwd, timeout: 60_000 }, (error, out, err) =>
        resolve({ code: error === null ? 0 : Number(error.code), out, err }),
      )
    })

  it("writes, says what comes next, and refuses to do it twice", async () => {
    const place = mkdtempSync(join(tmpdir(), "opencx-create-"))
    try {
      const args = ["opencx-channel-line", "--scope", "@acme"]
      const first = await run(args, place)
      assert.strictEqual(first.code, 0, first.err)
      assert.include(first.out, "cd opencx-channel-line")
      const manifest = readFileSync(join(place, "opencx-channel-line/package.json"), "utf8")
      assert.include(manifest, '"@acme/opencx-channel-line"')
      const second = await run(args, place)
      assert.strictEqual(second.code, 1)
      assert.match(second.err, /not empty[^]*--dir/)
      assert.notInclude(second.err, "    at ")
    } finally {
      rmSync(place, { recursive: true, force: true })
    }
  })

  it("helps, and does not wait for answers where nobody is", async () => {
    const place = mkdtempSync(join(tmpdir(), "opencx-create-"))
    try {
      assert.include((await run(["--help"], place)).out, "--provider-auth")
      const none = await run([], place)
      assert.strictEqual(none.code, 1)
      assert.include(none.err, "There is no name.")
      assert.isFalse(existsSync(join(place, "opencx-channel-line")))
    } finally {
      rmSync(place, { recursive: true, force: true })
    }
  })
})
