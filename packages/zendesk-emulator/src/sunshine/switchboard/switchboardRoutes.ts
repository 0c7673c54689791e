import { json, type Reply } from "../../http/Reply.ts"
import { asInt, asString, get, has, type JsonObject } from "../../world/json.ts"
import { type Messaging, newId } from "../context.ts"
import { badRequest, failure, notFound } from "../http/errors.ts"
import { flagField } from "../http/fields.ts"
import { bodyObject, empty, param, type SunshineRequest, type SunshineRoute } from "../http/route.ts"
import { routesOver } from "../http/routesOver.ts"
import { viewSwitchboard, viewSwitchboardIntegration } from "../views.ts"
import type { Integration, Switchboard, SwitchboardIntegration } from "../world/model.ts"

const maxIntegrations = 10

const switchboardOf = (messaging: Messaging, request: SunshineRequest): Switchboard => {
  const { switchboard } = messaging.store
  if (switchboard === null || switchboard.id !== param(request, "switchboardId")) throw notFound.switchboard()
  return switchboard
}

const memberOf = (messaging: Messaging, request: SunshineRequest): SwitchboardIntegration => {
  const member = switchboardOf(messaging, request).integrations.get(
    param(request, "switchboardIntegrationId"),
  )
  if (member === undefined) throw notFound.switchboardIntegration()
  return member
}

const list = (messaging: Messaging): Reply => {
  const { switchboard } = messaging.store
  return json(200, { switchboards: switchboard === null ? [] : [viewSwitchboard(switchboard)] })
}

const create = (messaging: Messaging): Reply => {
  if (messaging.store.switchboard !== null) throw badRequest("Only one switchboard can be created per app")
  const switchboard = { id: newId(messaging), enabled: false, defaultId: null, integrations: new Map() }
  messaging.store.switchboard = switchboard
  return json(201, { switchboard: viewSwitchboard(switchboard) })
}

const update = (messaging: Messaging, request: SunshineRequest): Reply => {
  const switchboard = switchboardOf(messaging, request)
  const body = bodyObject(request)
  const enabled = flagField(body, "enabled") ?? switchboard.enabled
  const defaultId = asString(get(body, "defaultSwitchboardIntegrationId")) ?? switchboard.defaultId
  if (defaultId !== null && !switchboard.integrations.has(defaultId)) throw notFound.switchboardIntegration()
  if (enabled && defaultId === null)
    throw failure(
      404,
      "switchboard_integration_not_found",
      "Enabled switchboard must have an associated default switchboardIntegration",
    )
  switchboard.enabled = enabled
  switchboard.defaultId = defaultId
  return json(200, { switchboard: viewSwitchboard(switchboard) })
}

const remove = (messaging: Messaging, request: SunshineRequest): Reply => {
  switchboardOf(messaging, request)
  messaging.store.switchboard = null
  return empty
}

const nameIn = (switchboard: Switchboard, body: JsonObject, self?: SwitchboardIntegration): string => {
  const name = asString(get(body, "name")) ?? self?.name ?? ""
  if (!/^[A-Za-z0-9_-]{1,128}$/.test(name))
    throw badRequest("name must be 1 to 128 characters of letters, digits, - and _")
  const taken = [...switchboard.integrations.values()].some((item) => item.name === name && item !== self)
  if (taken) throw badRequest(`A switchboard integration named ${name} already exists`)
  return name
}

const linkedIn = (messaging: Messaging, body: JsonObject): Integration | undefined => {
  const id = asString(get(body, "integrationId"))
  const type = asString(get(body, "integrationType"))
  if (id !== undefined && type !== undefined)
    throw badRequest("integrationId and integrationType cannot be used together")
  if (id === undefined && type === undefined) return undefined
  const found =
    id === undefined
      ? [...messaging.store.integrations.values()].find((item) => item.type === type)
      : messaging.store.integrations.get(id)
  if (found === undefined) throw notFound.integration()
  return found
}

const nextIn = (switchboard: Switchboard, body: JsonObject, now: string | null): string | null => {
  if (!has(body, "nextSwitchboardIntegrationId")) return now
  const id = asString(get(body, "nextSwitchboardIntegrationId")) ?? null
  if (id !== null && !switchboard.integrations.has(id)) throw notFound.switchboardIntegration()
  return id
}

const historyIn = (body: JsonObject, now: number | null): number | null => {
  if (!has(body, "messageHistoryCount")) return now
  const value = get(body, "messageHistoryCount")
  if (value === null) return null
  const count = asInt(value)
  if (count === undefined || count < 1 || count > 10)
    throw badRequest("messageHistoryCount must be a number from 1 to 10")
  return count
}

const createMember = (messaging: Messaging, request: SunshineRequest): Reply => {
  const switchboard = switchboardOf(messaging, request)
  const body = bodyObject(request)
  if (switchboard.integrations.size >= maxIntegrations)
    throw failure(
      400,
      "too_many_switchboard_integrations",
      `Switchboard has reached the max number of switchboard integrations (${maxIntegrations})`,
    )
  const name = nameIn(switchboard, body)
  const linked = linkedIn(messaging, body)
  if (linked === undefined) throw badRequest("One of integrationId or integrationType must be provided")
  const member: SwitchboardIntegration = {
    id: newId(messaging),
    name,
    integrationId: linked.id,
    integrationType: linked.type,
    deliverStandbyEvents: flagField(body, "deliverStandbyEvents") ?? true,
    nextId: nextIn(switchboard, body, null),
    messageHistoryCount: historyIn(body, null),
  }
  switchboard.integrations.set(member.id, member)
  return json(201, { switchboardIntegration: viewSwitchboardIntegration(member) })
}

const updateMember = (messaging: Messaging, request: SunshineRequest): Reply => {
  const switchboard = switchboardOf(messaging, request)
  const member = memberOf(messaging, request)
  const body = bodyObject(request)
  const name = nameIn(switchboard, body, member)
  const linked = linkedIn(messaging, body)
  const nextId = nextIn(switchboard, body, member.nextId)
  const messageHistoryCount = historyIn(body, member.messageHistoryCount)
  const deliverStandbyEvents = flagField(body, "deliverStandbyEvents") ?? member.deliverStandbyEvents
  Object.assign(member, {
    name,
    nextId,
    messageHistoryCount,
    deliverStandbyEvents,
    ...(linked === undefined ? {} : { integrationId: linked.id, integrationType: linked.type }),
  })
  return json(200, { switchboardIntegration: viewSwitchboardIntegration(member) })
}

/** The default one, and one that another names as its next, must stay. */
const removeMember = (messaging: Messaging, request: SunshineRequest): Reply => {
  const switchboard = switchboardOf(messaging, request)
  const member = memberOf(messaging, request)
  const wanted = [...switchboard.integrations.values()].some((item) => item.nextId === member.id)
  if (switchboard.defaultId === member.id || wanted)
    throw badRequest("The switchboard integration is in use and cannot be deleted")
  switchboard.integrations.delete(member.id)
  return empty
}

export const switchboardRoutes = (messaging: Messaging): ReadonlyArray<SunshineRoute> => {
  const board = "/switchboards/:switchboardId"
  const members = `${board}/switchboardIntegrations`
  const member = `${members}/:switchboardIntegrationId`
  const route = routesOver(messaging, "app")
  return [
    route("GET", "/switchboards", list),
    route("POST", "/switchboards", create),
    route("PATCH", board, update),
    route("DELETE", board, remove),
    route("GET", members, (_, request) =>
      json(200, {
        switchboardIntegrations: [...switchboardOf(messaging, request).integrations.values()].map(
          viewSwitchboardIntegration,
        ),
      }),
    ),
    route("POST", members, createMember),
    route("PATCH", member, updateMember),
    route("DELETE", member, removeMember),
  ]
}
