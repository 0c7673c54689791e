/** A runtime whose organizations are made through its API, before an emulated Zendesk. */
import { OrgId } from "@opencx/core"
import { Users } from "@opencx/storage"
import {
  type Emulator,
  type EmulatorOptions,
  sampleSunshineApp,
  startEmulator,
} from "@opencx/zendesk-emulator"
import { Effect, Schema } from "effect"
import { openSession } from "../../src/access/logIn.ts"
import type { ApiClient } from "../../src/api/client.ts"
import { clientOf, operatorToken } from "./api.ts"
import { type Server, startServer } from "./server.ts"
import { oauth } from "./zendeskStage.ts"

export interface ApiStage {
  readonly emulator: Emulator
  readonly server: Server
  readonly operator: ApiClient
  /** The Support section with these credentials. */
  readonly zendesk: (auth?: Schema.Json) => Readonly<Record<string, Schema.Json>>
  readonly messaging: Readonly<Record<string, Schema.Json>>
  /** The cookie of somebody with a role in an organization, as a browser sends it to our own pages; each time a new session. */
  readonly browserOf: (
    role: string,
    orgId: string,
    email?: string,
  ) => Promise<Readonly<Record<string, string>>>
  /** Calls that changed something in Zendesk. */
  readonly writes: () => ReadonlyArray<string>
  readonly close: () => Promise<void>
}

const { appId, keyId, secret } = sampleSunshineApp

export const setApiStage = async (
  options: EmulatorOptions = {},
  config: Parameters<typeof startServer>[0] = {},
): Promise<ApiStage> => {
  const emulator = await startEmulator({
    timeScale: 0.01,
    limits: { requestsPerMinute: Number.POSITIVE_INFINITY },
    ...options,
  })
  const server = await startServer({ operatorToken, organizations: [], ...config })
  return {
    emulator,
    server,
    operator: await clientOf(server, operatorToken),
    zendesk: (auth = oauth) => ({ subdomain: "acme", baseUrl: emulator.url, auth }),
    messaging: { appId, keyId, secret },
    browserOf: async (role, orgId, email = `${role}@${orgId}.example`) => {
      const users = await server.within(Users)
      const audit = {
        orgId,
        actor: "test",
        actorName: "test",
        action: "user.create",
        target: "x",
        changes: [],
      }
      const input = { email, name: role, password: null, memberships: [{ orgId, role }] }
      const known = await Effect.runPromise(users.byEmail(email))
      const user = known ?? (await Effect.runPromise(users.create(input, audit)))
      const token = await server.within(openSession(user.id))
      return { cookie: `opencx_session=${token}`, "sec-fetch-site": "same-origin" }
    },
    writes: () =>
      emulator
        .calls()
        .filter(({ method, path, status }) => method !== "GET" && !path.startsWith("/oauth/") && status < 300)
        .map(({ method, path }) => `${method} ${path}`),
    close: async () => {
      await server.close()
      await emulator.close()
    },
  }
}

export const orgOf = (id: string) => ({ org: OrgId.make(id) })
