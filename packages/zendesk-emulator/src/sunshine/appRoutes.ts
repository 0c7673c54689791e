import { json, type Reply } from "../http/Reply.ts"
import { get, isObject } from "../world/json.ts"
import type { Messaging } from "./context.ts"
import { badRequest } from "./http/errors.ts"
import { flagField, textField } from "./http/fields.ts"
import { bodyObject, type SunshineRequest, type SunshineRoute } from "./http/route.ts"

const view = ({ store, world }: Messaging, withSubdomain: boolean): object => ({
  id: store.appId,
  displayName: store.appName,
  settings: { ...store.settings },
  metadata: {},
  ...(withSubdomain ? { subdomain: world.settings.subdomain } : {}),
})

const flags = [
  "endSessionEnabled",
  "disableConversationReopen",
  "appLocalizationEnabled",
  "echoPostback",
  "maskCreditCardNumbers",
  "useAnimalNames",
] as const

/** Multi-conversations can be turned on and never off again; two settings need them. */
const update = (messaging: Messaging, request: SunshineRequest): Reply => {
  const { store } = messaging
  const body = bodyObject(request)
  const sent = get(body, "settings") ?? {}
  if (!isObject(sent)) throw badRequest("settings must be an object")
  const multi = flagField(sent, "multiConvoEnabled") ?? store.settings.multiConvoEnabled
  if (store.settings.multiConvoEnabled && !multi)
    throw badRequest("settings.multiConvoEnabled cannot be disabled once enabled")
  const changes = flags.flatMap((name) => {
    const value = flagField(sent, name)
    return value === undefined ? [] : [[name, value] as const]
  })
  for (const [name, value] of changes)
    if (value && !multi && (name === "endSessionEnabled" || name === "disableConversationReopen"))
      throw badRequest(`settings.${name} requires multiConvoEnabled`)
  store.appName = textField(body, "displayName", 100) ?? store.appName
  store.settings.multiConvoEnabled = multi
  for (const [name, value] of changes) store.settings[name] = value
  return json(200, { app: view(messaging, false) })
}

export const appRoutes = (messaging: Messaging): ReadonlyArray<SunshineRoute> => [
  { method: "GET", path: "", scope: "app", handle: () => json(200, { app: view(messaging, true) }) },
  { method: "PATCH", path: "", scope: "app", handle: (request) => update(messaging, request) },
]
