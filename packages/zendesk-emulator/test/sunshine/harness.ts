import { type EmulatorOptions, sampleSunshineApp } from "../../src/index.ts"
import { type Account, account, type Answer, arr, at, type Receiver, receiver, str } from "../harness.ts"

export interface Chat extends Account {
  /** A call below `/sc/v2/apps/{appId}` with the app key. */
  readonly sc: (
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<Answer>
  /** A user with that external id; returns its id. */
  readonly user: (externalId: string, more?: object) => Promise<string>
  /** A personal conversation; returns its id. */
  readonly conversation: (userId: string, more?: object) => Promise<string>
  /** The switchboard integration of that name. */
  readonly member: (name: string) => Promise<unknown>
}

export const basic = (
  id: string = sampleSunshineApp.keyId,
  secret: string = sampleSunshineApp.secret,
): Readonly<Record<string, string>> => ({
  authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`,
})

export const appPath = `/sc/v2/apps/${sampleSunshineApp.appId}`

/** An account whose messaging side is ready: multi-conversations on, control calls done at once. */
export const chat = async (options: EmulatorOptions = {}): Promise<Chat> => {
  const acme = await account({
    ...options,
    seed: { ...options.seed, sunshine: { multiConvoEnabled: true, ...options.seed?.sunshine } },
  })
  const sc: Chat["sc"] = (method, path, body, headers) =>
    acme.call(method, appPath + path, body, { anonymous: true, headers: { ...basic(), ...headers } })
  const created = (answer: Answer, path: string): string => {
    if (answer.status !== 201) throw new Error(`not created: ${answer.status} ${answer.text}`)
    return str(answer.body, path)
  }
  return {
    ...acme,
    sc,
    user: async (externalId, more = {}) =>
      created(await sc("POST", "/users", { externalId, ...more }), "user.id"),
    conversation: async (userId, more = {}) =>
      created(
        await sc("POST", "/conversations", { type: "personal", participants: [{ userId }], ...more }),
        "conversation.id",
      ),
    member: async (name) => {
      const boards = await sc("GET", "/switchboards")
      const board = str(boards.body, "switchboards.0.id")
      const members = await sc("GET", `/switchboards/${board}/switchboardIntegrations`)
      const found = arr(members.body, "switchboardIntegrations").find((item) => at(item, "name") === name)
      if (found === undefined) throw new Error(`no switchboard integration ${name}`)
      return found
    },
  }
}

export interface Connected {
  readonly integrationId: string
  readonly memberId: string
  readonly webhookId: string
  readonly secret: string
}

export const allTriggers = [
  "conversation:create",
  "conversation:message",
  "conversation:message:delivery:channel",
  "conversation:message:delivery:failure",
  "conversation:message:delivery:user",
  "conversation:postback",
  "conversation:read",
  "conversation:remove",
  "conversation:typing",
  "client:add",
  "client:remove",
  "client:update",
  "switchboard:acceptControl",
  "switchboard:acceptControl:failure",
  "switchboard:offerControl",
  "switchboard:offerControl:failure",
  "switchboard:passControl",
  "switchboard:passControl:failure",
  "switchboard:releaseControl",
  "user:merge",
  "user:remove",
  "user:update",
]

/** What a set-up does: a custom integration with its webhook, and its place in the switchboard. */
export const connectSunshine = async (
  acme: Chat,
  target: string,
  options: { readonly name?: string; readonly member?: object; readonly webhook?: object } = {},
): Promise<Connected> => {
  const integration = await acme.sc("POST", "/integrations", {
    type: "custom",
    displayName: options.name ?? "opencx",
    webhooks: [{ target, triggers: allTriggers, ...options.webhook }],
  })
  const integrationId = str(integration.body, "integration.id")
  const board = str((await acme.sc("GET", "/switchboards")).body, "switchboards.0.id")
  const workspace = str(await acme.member("zd-agentWorkspace"), "id")
  const member = await acme.sc("POST", `/switchboards/${board}/switchboardIntegrations`, {
    name: options.name ?? "opencx",
    integrationId,
    deliverStandbyEvents: true,
    nextSwitchboardIntegrationId: workspace,
    messageHistoryCount: 10,
    ...options.member,
  })
  if (member.status !== 201) throw new Error(`no member: ${member.text}`)
  return {
    integrationId,
    memberId: str(member.body, "switchboardIntegration.id"),
    webhookId: str(integration.body, "integration.webhooks.0.id"),
    secret: str(integration.body, "integration.webhooks.0.secret"),
  }
}

/** The events a receiver has got so far, in order of arrival. */
export const eventsOf = (hook: Receiver): ReadonlyArray<unknown> =>
  hook.hooks.flatMap((request) => {
    const body: unknown = JSON.parse(request.body)
    return arr(body, "events")
  })

export const typesOf = (hook: Receiver): ReadonlyArray<unknown> =>
  eventsOf(hook).map((event) => at(event, "type"))

/** An account, connected to a receiver. */
export const connected = async (
  options: EmulatorOptions = {},
  how: Parameters<typeof connectSunshine>[2] & { readonly answers?: Parameters<typeof receiver>[0] } = {},
): Promise<{ readonly acme: Chat; readonly hook: Receiver; readonly ours: Connected }> => {
  const acme = await chat(options)
  const hook = await receiver(how.answers)
  const ours = await connectSunshine(acme, hook.url, how)
  return { acme, hook, ours }
}
