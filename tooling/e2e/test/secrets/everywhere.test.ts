/**
 * Every secret of an installation with all channels, while everything around it fails: in no log line, page, API answer or metric,
 * and in no file of the data directory but sealed or in the key file.
 */
import { sampleSunshineApp } from "@opencx/zendesk-emulator"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { hears, texter, told, visitor, whatsapper } from "../support/chatPeople.ts"
import { handedToHuman } from "../support/handover.ts"
import { humanDoes, spoiled } from "../support/liveChats.ts"
import { eventuallyAsked, operatorOf, settled } from "../support/operator.ts"
import { customerOf, handedOff } from "../support/people.ts"
import { type ChatSite, startSite } from "../support/world.ts"
import { filesIn, leaksIn } from "./search.ts"

let site: ChatSite

beforeAll(async () => {
  site = await startSite()
})
afterAll(() => site?.close())

const messagingSecret = async (): Promise<string> => {
  const { appId, keyId, secret } = sampleSunshineApp
  const answer = await fetch(`${site.emulator.url}/sc/v2/apps/${appId}/integrations`, {
    headers: { authorization: `Basic ${Buffer.from(`${keyId}:${secret}`).toString("base64")}` },
  })
  return /"displayName":"opencx".*?"secret":"([^"]+)"/.exec(await answer.text())?.[1] ?? ""
}

/** By what they are for, so that a failure says which one. */
const secretsOf = async (): Promise<ReadonlyMap<string, string>> =>
  new Map([
    ["OAuth client secret of Zendesk", "opencx-secret"],
    ["webhook signing secret of Zendesk", site.signingSecret],
    ["key of Sunshine", sampleSunshineApp.secret],
    ["webhook secret of Sunshine", await messagingSecret()],
    ["Twilio's auth token", "sample-twilio-auth-token"],
    ["Meta's access token", "sample-meta-access-token"],
    ["Meta's app secret", "sample-meta-app-secret"],
    ["Meta's verify token", "sample-meta-verify-token"],
    ...site.hooks.map(({ url, what }) => [`URL of ${what}`, url.split("/").at(-1) ?? ""] as const),
  ])

/** What a carrier, a help desk and a stranger do wrong, on every channel. */
const trouble = async () => {
  const post = (url: string, headers: Readonly<Record<string, string>>, body: string) =>
    fetch(url, { method: "POST", headers, body }).then((answer) => answer.arrayBuffer())
  for (const { url } of site.hooks) {
    for (const at of [url, spoiled(url)]) {
      await post(at, { "content-type": "application/json" }, "{")
      await post(at, { authorization: "Bearer almost", "x-api-key": "almost" }, '{"ticket_id":1}')
      await fetch(`${at}?hub.mode=subscribe&hub.verify_token=guess&hub.challenge=1`).then((a) =>
        a.arrayBuffer(),
      )
    }
  }
  for (const kind of [
    "status500html",
    "status503",
    "resetBeforeCommit",
    "resetAfterCommit",
    "status429text",
  ] as const)
    site.emulator.addFault({ kind, times: 1 })
  site.realTime.providers.meta.faults.add({ on: "messages", kind: "error", code: 190, status: 401 })
  site.sink.refuse({ code: 451, message: "not now" })
  await customerOf(site, "dana@example.com").write("I want to talk to a human.")
  await eventuallyAsked(
    "a failure in the log",
    async () => site.logs.some((l) => l.includes("next try in")),
    30,
  )
  site.sink.refuse(null)
}

const told200 = async (path: string): Promise<string> => {
  const answer = await fetch(site.runtimeUrl + path, { headers: { accept: "text/html" } })
  assert.strictEqual(answer.status, 200, path)
  return answer.text()
}

describe("secrets", () => {
  it("are nowhere to be read, whatever went wrong", { timeout: 120_000 }, async () => {
    const texting = texter(site, "+14155557701")
    await handedToHuman(site, texting, "secrets by text")
    const { chat } = await handedToHuman(site, whatsapper(site, "+14155557702"), "secrets by WhatsApp")
    const browsing = await visitor(site)
    await browsing.writes("A human please, for my secrets")
    await hears(browsing, told)
    await trouble()
    humanDoes(site, chat, "reply", "A reply that Meta refuses.")
    await eventuallyAsked(
      "the refused reply as a delivery on the timeline",
      async () => site.logs.some((line) => /190|access token|Deliver/.test(line)),
      30,
    )
    await handedOff(site, customerOf(site, "noa@example.com"))
    await settled(site)

    const sessions = await operatorOf(site).sessions()
    assert.isAtLeast(sessions.length, 4)
    const paths = sessions.flatMap(({ id, orgId }) => [
      `/sessions/${orgId}/${id}`,
      `/api/organizations/${orgId}/sessions/${id}`,
    ])
    const pages = await Promise.all(
      [
        "/sessions",
        "/dead-letters",
        `/api/organizations/${site.organization}`,
        `/api/organizations/${site.organization}/sessions?limit=200`,
        `/api/organizations/${site.organization}/dead-letters`,
        `/api/organizations/${site.organization}/zendesk/status`,
        `/api/organizations/${site.organization}/doctor`,
        "/metrics",
        "/readyz",
        "/demo/mails",
        ...paths,
      ].map(async (path) => [path, await told200(path)] as const),
    )
    const files = filesIn(site.dataDir)
    assert.isTrue(files.some(([name]) => name.includes("opencx.db")))
    const logs = site.logs.map((line, n) => [`log line ${n}`, line] as const)
    assert.isAbove(logs.length, 50)

    const secrets = await secretsOf()
    for (const [what, secret] of secrets) assert.isAtLeast(secret.length, 8, what)
    const seen = leaksIn([...pages, ...files, ...logs], secrets)
    assert.deepStrictEqual(seen.slice(0, 5), [])
  })
})
