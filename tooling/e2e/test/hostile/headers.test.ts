/** What every answer says to browsers, whoever gives it: no frames, no guessing of types, no foreign origins, nothing unsafe. */
import { siteKey } from "@opencx/runtime"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { customerOf, handedOff } from "../support/people.ts"
import { type ChatSite, startSite } from "../support/world.ts"

let site: ChatSite
let session: string

beforeAll(async () => {
  site = await startSite()
  const { ticket } = await handedOff(site, customerOf(site, "dana@example.com"))
  session = `/sessions/${site.organization}/${ticket.external_id}`
})
afterAll(() => site?.close())

const ask = async (path: string, init: RequestInit = {}): Promise<Headers> => {
  const answer = await fetch(site.runtimeUrl + path, { redirect: "manual", ...init })
  await answer.arrayBuffer()
  return answer.headers
}

const evil = { origin: "https://evil.example" }

describe("every answer", () => {
  it("tells browsers to guess nothing, run nothing foreign and sit in no frame", async () => {
    const paths = [
      "/",
      "/sessions",
      session,
      "/dead-letters",
      "/login",
      "/api/organizations",
      "/healthz",
      "/readyz",
      "/metrics",
      "/demo/mails",
      "/demo/phones",
      "/demo/shop",
      "/files/x.y/z",
      "/hooks/sms/x.y",
    ]
    for (const path of paths) {
      const headers = await ask(path)
      assert.strictEqual(headers.get("x-content-type-options"), "nosniff", path)
      assert.strictEqual(headers.get("x-frame-options"), "DENY", path)
      const policy = headers.get("content-security-policy") ?? ""
      assert.match(policy, /default-src 'none'/, path)
      assert.notMatch(policy, /unsafe-|\*|data:|https?:/, path)
      assert.isNull(headers.get("x-powered-by"), path)
    }
  })

  it("of pages keeps frames and foreign forms out by policy too", async () => {
    for (const path of ["/sessions", session, "/dead-letters", "/login", "/demo/mails", "/demo/phones"]) {
      const policy = (await ask(path)).get("content-security-policy") ?? ""
      assert.include(policy, "frame-ancestors 'none'", path)
      assert.include(policy, "base-uri 'none'", path)
      assert.notInclude(policy, "script-src", path)
    }
  })

  it("lets no other origin read it, asked before or not", async () => {
    for (const path of [
      "/sessions",
      session,
      "/api/organizations",
      "/metrics",
      "/readyz",
      "/login",
      `/widget/config?site=${siteKey}`,
    ]) {
      for (const method of ["GET", "OPTIONS"]) {
        const headers = await ask(path, {
          method,
          headers: { ...evil, "access-control-request-method": "POST" },
        })
        assert.isNull(headers.get("access-control-allow-origin"), `${method} ${path}`)
        assert.isNull(headers.get("access-control-allow-credentials"), `${method} ${path}`)
      }
    }
  })
})
