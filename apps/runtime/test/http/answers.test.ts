import { assert, describe, it } from "@effect/vitest"
import { SignatureRejected } from "@opencx/core"
import { Effect, Layer } from "effect"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import { badRequest, comeAgain, answering, ok, tooLarge, unauthorized } from "../../src/http/answers.ts"
import { layer as logging } from "../../src/logging/Logging.ts"

const seen = async (answer: HttpServerResponse.HttpServerResponse) => {
  const web = HttpServerResponse.toWeb(answer)
  const body: unknown = await web.json()
  return { status: web.status, retryAfter: web.headers.get("retry-after"), body }
}

describe("answers to webhooks", () => {
  it("say in JSON what happened", async () => {
    assert.deepStrictEqual(await seen(ok("taken")), {
      status: 200,
      retryAfter: null,
      body: { ok: true, result: "taken" },
    })
    assert.deepStrictEqual(await seen(unauthorized("why")), {
      status: 401,
      retryAfter: null,
      body: { error: "unauthorized", detail: "why" },
    })
    assert.deepStrictEqual(await seen(badRequest("what", "do")), {
      status: 400,
      retryAfter: null,
      body: { error: "bad_request", detail: "what", hint: "do" },
    })
    assert.strictEqual((await seen(tooLarge(10))).status, 413)
  })

  it("ask to come again within the minute in which Zendesk still does", async () => {
    const { retryAfter, status } = await seen(comeAgain)
    assert.strictEqual(status, 503)
    assert.isAbove(Number(retryAfter), 0)
    assert.isBelow(Number(retryAfter), 60)
  })

  it("turn a missing signature away for good, or ask for a signed one where the provider then sends it", async () => {
    const statusOf = async (again: boolean) => {
      const refusal = new SignatureRejected({ detail: "unsigned", ...(again ? { comeAgain: true } : {}) })
      return (await seen(await Effect.runPromise(answering("test", Effect.fail(refusal))))).status
    }
    assert.deepStrictEqual([await statusOf(false), await statusOf(true)], [401, 503])
  })

  it("tell the log why a genuine URL's webhook was refused", async () => {
    const lines: Array<string> = []
    const logged = logging({
      format: "json",
      level: "Info",
      secrets: [],
      write: (line) => void lines.push(line),
    })
    const refusal = new SignatureRejected({ detail: "the timestamp is too old" })
    await Effect.runPromise(Effect.provide(answering("zendesk_ticketing", Effect.fail(refusal)), logged))
    assert.include(lines.join(""), "A webhook at zendesk_ticketing was refused: the timestamp is too old")
  })

  it("are never a bare 500: a handler that dies is logged and tried again", async () => {
    const lines: Array<string> = []
    const quiet = logging({
      format: "json",
      level: "Info",
      secrets: [],
      write: (line) => void lines.push(line),
    })
    const dying = answering("test", Effect.die(new Error("unforeseen")))
    const answer = await Effect.runPromise(Effect.provide(dying, Layer.mergeAll(quiet)))
    assert.strictEqual((await seen(answer)).status, 503)
    assert.include(lines.join(""), "unforeseen")
  })
})
