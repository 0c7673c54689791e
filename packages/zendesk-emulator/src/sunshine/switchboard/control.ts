import type { JsonObject } from "../../world/json.ts"
import type { Messaging } from "../context.ts"
import { isAgentWorkspace } from "../conversations/responder.ts"
import { controlPayload } from "../events/payloads.ts"
import { type Control, publish } from "../events/publish.ts"
import type { TriggerName } from "../events/triggers.ts"
import { openTicket } from "../handoff/tickets.ts"
import type { Conversation, Metadata, SwitchboardIntegration } from "../world/model.ts"

export type ControlAction = "passControl" | "offerControl" | "acceptControl" | "releaseControl"

export interface ControlRequest {
  readonly action: ControlAction
  /** Id, name, integration type or `next`; empty where the action has no target. */
  readonly target: string
  readonly metadata: Metadata
  /** The caller's own integration, when an integration key called. */
  readonly callerIntegrationId: string | null
}

interface Refusal {
  readonly code: "switchboard_invalid_target" | "switchboard_invalid_action"
  readonly message: string
}

const refused = (code: Refusal["code"], message: string): Refusal => ({ code, message })

type Resolved = SwitchboardIntegration | Refusal

const isRefusal = (value: Resolved): value is Refusal => "code" in value

/** By id, then name, then type; an ambiguous type is nobody. `next` goes on from the caller or the active one. */
const resolve = (messaging: Messaging, conversation: Conversation, request: ControlRequest): Resolved => {
  const { switchboard } = messaging.store
  const nobody = refused("switchboard_invalid_target", "Switchboard invalid target")
  if (switchboard === null || !switchboard.enabled)
    return refused("switchboard_invalid_action", "The switchboard is not enabled")
  const all = [...switchboard.integrations.values()]
  if (request.target === "next") {
    const own = all.find((item) => item.integrationId === request.callerIntegrationId)
    const from = own ?? switchboard.integrations.get(conversation.activeId ?? "")
    return switchboard.integrations.get(from?.nextId ?? "") ?? nobody
  }
  const named =
    switchboard.integrations.get(request.target) ?? all.find((item) => item.name === request.target)
  if (named !== undefined) return named
  const ofType = all.filter((item) => item.integrationType === request.target)
  if (ofType.length > 1) return refused("switchboard_invalid_target", `Ambiguous target ${request.target}`)
  return ofType[0] ?? nobody
}

interface Change {
  readonly control: Control
  readonly type: TriggerName
  readonly metadata?: Metadata
  readonly reason?: "ticketClosed"
}

/** Sets who has a say, opens the ticket when that is the Agent Workspace, and tells. */
export const setControl = (messaging: Messaging, conversation: Conversation, change: Change): void => {
  const { store } = messaging
  const before: Control = { activeId: conversation.activeId, pendingId: conversation.pendingId }
  conversation.activeId = change.control.activeId
  conversation.pendingId = change.control.pendingId
  const taken = before.activeId !== conversation.activeId
  if (taken && isAgentWorkspace(store.switchboardIntegration(conversation.activeId)))
    openTicket(messaging, conversation, change.metadata ?? {})
  const heard = store.behaviour.controlEventsTo === "after" ? [conversation] : [before, conversation]
  publish(messaging, change.type, heard, controlPayload(store, conversation, change))
}

const fail = (
  messaging: Messaging,
  conversation: Conversation,
  request: ControlRequest,
  error: JsonObject,
): void => {
  if (request.action === "releaseControl") return
  const payload = controlPayload(messaging.store, conversation, { metadata: request.metadata, error })
  publish(messaging, `switchboard:${request.action}:failure`, [conversation], payload)
}

const pass = (
  messaging: Messaging,
  conversation: Conversation,
  request: ControlRequest,
): Refusal | undefined => {
  const target = resolve(messaging, conversation, request)
  if (isRefusal(target)) return target
  const repeated = target.id === conversation.activeId
  if (repeated && messaging.store.behaviour.repeatedPassControl === "silent") return undefined
  setControl(messaging, conversation, {
    control: { activeId: target.id, pendingId: null },
    type: "switchboard:passControl",
    metadata: request.metadata,
  })
  return undefined
}

const offer = (
  messaging: Messaging,
  conversation: Conversation,
  request: ControlRequest,
): Refusal | undefined => {
  const target = resolve(messaging, conversation, request)
  if (isRefusal(target)) return target
  if (target.id === conversation.activeId)
    return refused(
      "switchboard_invalid_target",
      "Cannot offer control to the active switchboard integration.",
    )
  setControl(messaging, conversation, {
    control: { activeId: conversation.activeId, pendingId: target.id },
    type: "switchboard:offerControl",
    metadata: request.metadata,
  })
  return undefined
}

const accept = (
  messaging: Messaging,
  conversation: Conversation,
  request: ControlRequest,
): Refusal | undefined => {
  if (messaging.store.switchboardIntegration(conversation.pendingId) === undefined)
    return refused("switchboard_invalid_action", "There is no pendingSwitchboardIntegration")
  setControl(messaging, conversation, {
    control: { activeId: conversation.pendingId, pendingId: null },
    type: "switchboard:acceptControl",
    metadata: request.metadata,
  })
  return undefined
}

/** Nobody has control; the next customer message goes to the channel's default responder. */
const release = (messaging: Messaging, conversation: Conversation, request: ControlRequest): undefined => {
  setControl(messaging, conversation, {
    control: { activeId: null, pendingId: null },
    type: "switchboard:releaseControl",
    metadata: request.metadata,
  })
}

const actions = { passControl: pass, offerControl: offer, acceptControl: accept, releaseControl: release }

/** Accepted now, done later: the effect and its event, or the failure event, come after the 200. */
export const requestControl = (
  messaging: Messaging,
  conversation: Conversation,
  request: ControlRequest,
  path: string,
): void => {
  const { world, store } = messaging
  const fault = messaging.faults.forControl(path)
  if (fault?.kind === "stuckControl") return
  world.timers.after(store.behaviour.controlLagMs, () => {
    if (!store.conversations.has(conversation.id)) return
    const injected = fault?.kind === "failControl" ? (fault.error ?? unlucky) : undefined
    const refusal = injected ?? actions[request.action](messaging, conversation, request)
    if (refusal !== undefined) fail(messaging, conversation, request, { ...refusal })
  })
}

const unlucky = refused("switchboard_invalid_target", "Switchboard invalid target")
