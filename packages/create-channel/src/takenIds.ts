/** Ids that no plugin of others can have, each with the reason. A test compares them with the runtime's own lists. */

const runtimePaths = [
  "api",
  "console",
  "dead-letters",
  "demo",
  "files",
  "healthz",
  "helpdesk-assist",
  "hooks",
  "login",
  "metrics",
  "readyz",
  "sessions",
]

const shippedChannels = ["email", "sms", "whatsapp", "phone", "widget"]

/** Channels that Zendesk owns and the runtime binds by itself. */
const zendeskChannels = ["sunshine-whatsapp", "messenger", "instagram", "sunshine-web", "sunshine-other"]

/** `zendesk` lies beside the channels under `/hooks`. */
const hookPaths = ["zendesk"]

const named = (ids: ReadonlyArray<string>, why: string) => ids.map((id): [string, string] => [id, why])

/** Id → whose it is. */
export const takenIds: ReadonlyMap<string, string> = new Map([
  ...named(runtimePaths, "the runtime answers under this path"),
  ...named(shippedChannels, "it comes with OpenCX"),
  ...named(zendeskChannels, "it comes with OpenCX, for channels that Zendesk owns"),
  ...named(hookPaths, "Zendesk's webhooks lie there"),
])
