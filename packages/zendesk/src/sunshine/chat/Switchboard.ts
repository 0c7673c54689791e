/** The app's switchboard: who can have a conversation, and who gets new ones. */
import { Effect } from "effect"
import type { SunshineClient } from "../client/SunshineClient.ts"
import {
  SwitchboardIntegrationList,
  type SwitchboardIntegrationWire,
  SwitchboardList,
} from "../wire/ApiWire.ts"
import { ask } from "./Calls.ts"

export interface SwitchboardView {
  /** Empty where there is none. */
  readonly id: string
  readonly exists: boolean
  readonly enabled: boolean
  readonly integrations: ReadonlyArray<SwitchboardIntegrationWire>
  /** Who gets new conversations of channels without a responder of their own. */
  readonly defaultId: string | null
}

const none: SwitchboardView = { id: "", exists: false, enabled: false, integrations: [], defaultId: null }

/** Reads the switchboard. Zendesk: one per app, at most ten integrations in it. */
export const readSwitchboard = Effect.fnUntraced(function* (client: SunshineClient, operation: string) {
  const { switchboards } = yield* ask(client, operation, { what: "switchboards" }, SwitchboardList, {
    method: "GET",
    path: "/switchboards",
  })
  const board = switchboards.find((one) => one.enabled !== false) ?? switchboards[0]
  if (board === undefined) return none
  const { switchboardIntegrations } = yield* ask(
    client,
    operation,
    { what: "switchboard integrations" },
    SwitchboardIntegrationList,
    { method: "GET", path: `/switchboards/${encodeURIComponent(board.id)}/switchboardIntegrations` },
  )
  return {
    id: board.id,
    exists: true,
    enabled: board.enabled !== false,
    integrations: switchboardIntegrations,
    defaultId: board.defaultSwitchboardIntegrationId ?? null,
  } satisfies SwitchboardView
})
