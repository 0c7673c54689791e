import { json, type Reply } from "../../http/Reply.ts"
import { urlToken } from "../../world/ids.ts"
import { type Messaging, newId } from "../context.ts"
import { badRequest, notFound } from "../http/errors.ts"
import { textField } from "../http/fields.ts"
import { bodyObject, empty, param, type SunshineRequest, type SunshineRoute } from "../http/route.ts"
import type { AppKey, Integration } from "../world/model.ts"
import { integrationOf } from "./integrationRoutes.ts"

const maxKeys = 10

const view = (key: AppKey): object => ({ id: key.id, displayName: key.displayName, secret: key.secret })

const customOf = (messaging: Messaging, request: SunshineRequest): Integration => {
  const integration = integrationOf(messaging, request)
  if (integration.type !== "custom") throw badRequest("Only custom integrations can have API keys")
  return integration
}

const keysOf = (messaging: Messaging, request: SunshineRequest): ReadonlyArray<AppKey> => {
  const { id } = customOf(messaging, request)
  return [...messaging.store.keys.values()].filter((key) => key.integrationId === id)
}

const create = (messaging: Messaging, request: SunshineRequest): Reply => {
  const integration = customOf(messaging, request)
  if (keysOf(messaging, request).length >= maxKeys)
    throw badRequest(`An integration is limited to ${maxKeys} keys`)
  const displayName = textField(bodyObject(request), "displayName", 100)
  if (displayName === undefined) throw badRequest("displayName is required")
  const key = {
    id: `int_${newId(messaging)}`,
    secret: urlToken(32),
    displayName,
    integrationId: integration.id,
  }
  messaging.store.keys.set(key.id, key)
  return json(201, { key: view(key) })
}

const keyOf = (messaging: Messaging, request: SunshineRequest): AppKey => {
  const key = keysOf(messaging, request).find((item) => item.id === param(request, "keyId"))
  if (key === undefined) throw notFound.resource()
  return key
}

/** Keys of a custom integration: scope `integration`. */
export const integrationKeyRoutes = (messaging: Messaging): ReadonlyArray<SunshineRoute> => {
  const all = "/integrations/:integrationId/keys"
  const one = `${all}/:keyId`
  return [
    { method: "POST", path: all, scope: "app", handle: (request) => create(messaging, request) },
    {
      method: "GET",
      path: all,
      scope: "app",
      handle: (request) => json(200, { keys: keysOf(messaging, request).map(view) }),
    },
    {
      method: "GET",
      path: one,
      scope: "app",
      handle: (request) => json(200, { key: view(keyOf(messaging, request)) }),
    },
    {
      method: "DELETE",
      path: one,
      scope: "app",
      handle: (request) => {
        messaging.store.keys.delete(keyOf(messaging, request).id)
        return empty
      },
    },
  ]
}
