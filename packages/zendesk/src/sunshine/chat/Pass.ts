/** Gives a conversation to the humans, and keeps hearing of it. */
import { Invalid, type PassDraft } from "@opencx/core"
import { Effect } from "effect"
import { type ChatParts, refusal } from "./Calls.ts"
import { askControl } from "./Control.ts"
import { passMetadata } from "./PassMetadata.ts"

const operation = "pass"

/**
 * Being offered control brings us the agents' messages even where standby events are off. It may be asked again; Zendesk
 * refuses it while we have the chat ourselves.
 */
export const listen = (parts: ChatParts, conversationId: string) =>
  askControl(parts, "listen", "offerControl", conversationId, parts.integrationName)

/** At once after a pass, which is done whatever becomes of this: so a failure is told and no more. */
const listenIfPossible = (parts: ChatParts, conversationId: string) =>
  listen(parts, conversationId).pipe(
    Effect.as(true),
    Effect.catch((error) =>
      Effect.as(
        Effect.logWarning(
          "The humans have the chat, but Zendesk did not take our wish to hear of it",
          error.message,
        ).pipe(Effect.annotateLogs({ conversationId })),
        false,
      ),
    ),
  )

/** Passes control to the Agent Workspace by its name, which makes repetition harmless, then asks to stay informed. */
export const pass = Effect.fnUntraced(function* (parts: ChatParts, draft: PassDraft) {
  const { dropped, excess, metadata } = passMetadata(draft)
  if (excess > 0) {
    return yield* refusal(
      operation,
      new Invalid({
        issues: [`the tags alone are ${excess} bytes larger than what Zendesk takes`],
        hint: "Zendesk takes 4 kB with a handoff. Use fewer or shorter tags in the organization's tag settings.",
      }),
    )
  }
  const { conversationId } = draft
  yield* askControl(parts, operation, "passControl", conversationId, parts.agentWorkspaceName, metadata)
  return { dropped, listening: yield* listenIfPossible(parts, conversationId) }
})
