/** A language model in the configuration: its answers reach customers, and when it is down, the articles' own words do. */
import { Trace } from "@opencx/core"
import { Schema } from "effect"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { operatorOf, settled } from "../support/operator.ts"
import { customerOf } from "../support/people.ts"
import { type InstalledSite, startInstallation } from "../support/world.ts"
import { type ModelServer, startModelServer } from "./ModelServer.ts"

const decodeTrace = Schema.decodeUnknownSync(Trace)

const key = "sk-a-key-that-nobody-may-see"

let model: ModelServer
let site: InstalledSite

beforeAll(async () => {
  model = await startModelServer("Easily done!")
  const [only] = await startInstallation({
    organizations: ["north"],
    change: (config) => ({
      ...config,
      llm: {
        provider: "openai_compatible",
        model: "scripted",
        baseUrl: model.url,
        apiKey: key,
        retries: 0,
      },
    }),
  })
  if (only === undefined) throw new Error("no site")
  site = only
})
afterAll(async () => {
  await site.close()
  await model.close()
})

const sessionAbout = async (subject: string) => {
  const found = (await operatorOf(site).sessions()).find((one) => one.subject === subject)
  return operatorOf(site).session(found?.id ?? "")
}

describe("a configured language model", () => {
  it("answers a mail from what it found, with the article's address, and the trace says how", async () => {
    const ann = customerOf(site, "ann@example.com")
    await ann.write("How do I reset my password?", { subject: "Password" })
    const mail = await ann.gets("the model's answer", ({ text }) => text.includes("Easily done!"))
    assert.include(mail.text, "Resetting")
    await settled(site)
    const { entries, session } = await sessionAbout("Password")
    const answer = entries.find(({ body }) => body["_tag"] === "AiAnswer")
    const trace = decodeTrace(answer?.body["trace"])
    assert.deepStrictEqual(trace.queries, ["reset my password"])
    assert.isNotEmpty(trace.hits)
    const used = trace.model
    assert.strictEqual(used?.prompt, "respond-1")
    assert.deepStrictEqual(
      used?.calls.map((call) => call.model),
      ["openai_compatible/scripted", "openai_compatible/scripted"],
    )
    assert.deepStrictEqual(
      used?.tools.map(({ name, result }) => [name, result === "taken"]),
      [
        ["searchHelpCenter", false],
        ["answer", true],
      ],
    )
    assert.isAbove(used?.tools[0]?.resultSize ?? 0, 100)
    const page = await (await fetch(`${site.runtimeUrl}/sessions/${site.organization}/${session.id}`)).text()
    for (const part of ["openai_compatible/scripted", "searchHelpCenter", "respond-1"])
      assert.include(page, part)
    assert.isAtLeast(model.asked.length, 2)
    assert.isFalse([...site.logs, JSON.stringify(entries)].some((line) => line.includes(key)))
  })

  it("that is down leaves the customer an answer in the article's words", async () => {
    model.break(500)
    const bob = customerOf(site, "bob@example.com")
    await bob.write("How do I reset my password?", { subject: "Password of Bob" })
    const mail = await bob.gets("an answer", ({ text }) => text.includes("Forgot your password"))
    assert.notInclude(mail.text, "Easily done!")
    assert.isTrue(site.logs.some((line) => line.includes("No model answered")))
    model.break(null)
  })
})
