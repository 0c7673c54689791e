/** A Zendesk that takes connections and never answers, or begins an answer and does not end it: a diagnosis in time all the same. */
import { assert, describe, it } from "@effect/vitest"
import { createServer, type ServerResponse } from "node:http"
import { checkIn, type DoctorStage, isOk, isProblem, setDoctorStage } from "../support/doctorStage.ts"
import { sampleSunshineApp } from "@opencx/zendesk-emulator"
import { oauth } from "../support/zendeskStage.ts"

/** Far more than the looks take, far less than the single calls would by themselves. */
const boundMs = 15_000
const patienceMs = 1_500

const withServer = async <A>(
  answer: (response: ServerResponse) => void,
  use: (url: string) => Promise<A>,
) => {
  const server = createServer((request, response) => {
    request.resume()
    answer(response)
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  try {
    return await use(`http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`)
  } finally {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}

const withStage = async (use: (stage: DoctorStage) => Promise<void>) => {
  const stage = await setDoctorStage()
  try {
    await stage.setUp()
    await use(stage)
  } finally {
    await stage.close()
  }
}

const timed = async <A>(look: Promise<A>): Promise<A> => {
  const began = performance.now()
  const found = await look
  assert.isBelow(performance.now() - began, boundMs)
  return found
}

const link = {
  conversationId: "65b0f3a1c2d4e5f607182940",
  userId: null,
  native: true,
  control: "humans",
  controlAt: null,
} as const

const silent: Readonly<Record<string, (response: ServerResponse) => void>> = {
  "never answers": () => {},
  "sends headers and no more": (response) => {
    response.writeHead(200, { "content-type": "application/json", "content-length": "1000" })
    response.flushHeaders()
  },
  "sends a byte now and then, for ever": (response) => {
    response.writeHead(200, { "content-type": "application/json" })
    const timer = setInterval(() => response.write(" "), 100)
    response.once("close", () => clearInterval(timer))
  },
}

describe("a Zendesk that hangs", { timeout: 60_000 }, () => {
  for (const [what, answer] of Object.entries(silent))
    it(what, () =>
      withStage((stage) =>
        withServer(answer, async (baseUrl) => {
          const { appId, keyId, secret } = sampleSunshineApp
          stage.configure({
            zendesk: { subdomain: "acme", baseUrl, auth: oauth, requestsPerMinute: 400 },
            messaging: { appId, keyId, secret, subdomain: "acme", baseUrl },
            fields: [{ id: "1", description: "Why the customer writes." }],
          })
          for (let n = 0; n < 5; n++)
            await stage.tell({ channel: "whatsapp", session: { handoffs: 1, chat: link } })
          const found = await timed(stage.look(undefined, 0, patienceMs))
          assert.isFalse(found.ok)
          isProblem(found, "ticketing.reachable", /did not answer/, /status\.zendesk\.com/)
          isProblem(found, "messaging.reachable", /did not answer/, /Nothing can be said/)
          for (const id of ["replies.webhook", "fields.exists", "chat.held_by_bot", "replies.clock"])
            assert.strictEqual(checkIn(found, id).status, "unknown", id)
        }),
      ),
    )

  it("one question alone gets no answer: the others are answered, and it is told which", () =>
    withStage(async (stage) => {
      stage.emulator.addFault({ kind: "hang", match: { path: "^/api/v2/triggers" } })
      const found = await timed(stage.look(undefined, 0, 4_000))
      const check = isProblem(found, "ticketing.reachable", /\/api\/v2\/triggers/, /./)
      assert.isTrue(check.needed)
      isOk(found, "ticketing.credentials", "ticketing.create_tickets", "ticketing.create_users")
      assert.strictEqual(checkIn(found, "replies.trigger").status, "unknown")
      assert.match(checkIn(found, "replies.trigger").problem ?? "", /did not answer/)
      stage.emulator.clearFaults()
      isOk(await stage.look(), "ticketing.reachable", "replies.trigger")
    }))

  it("a rate limit that is used up is told as that, and not waited out", () =>
    withStage(async (stage) => {
      stage.emulator.addFault({ kind: "status429json", retryAfter: 60, match: { path: "^/api/v2/" } })
      const found = await timed(stage.look(undefined, 0, patienceMs))
      isProblem(found, "ticketing.reachable", /rate limit is used up/, /few minutes/)
      stage.emulator.clearFaults()
    }))
})
