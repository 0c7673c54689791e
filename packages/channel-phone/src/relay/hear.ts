/** What a caller does in a live call, as events. */
import type { MessageEvent } from "@opencx/core"
import { Clock, Effect } from "effect"
import { callParts } from "../events.ts"
import type { Keypad } from "./Keypad.ts"
import type { LiveCall } from "./LiveCall.ts"
import { MAX_PROMPT } from "./limits.ts"
import type { Inbound } from "./wire.ts"

const messageOf = (
  call: LiveCall,
  id: string,
  text: string,
  over: Pick<MessageEvent, "sentAt" | "locale" | "automatic">,
): MessageEvent => ({
  _tag: "Message",
  dedupKey: id,
  ...callParts(call.ref),
  subject: null,
  text,
  fullText: null,
  files: [],
  messageId: id,
  raw: null,
  ...over,
})

const take = Effect.fnUntraced(function* (call: LiveCall, event: MessageEvent) {
  call.prompts += 1
  if (!(yield* call.take([event]))) yield* call.remark(call.account.settings.troubleText)
})

/** A finished entry on the keypad. */
export const onKeys = Effect.fnUntraced(function* (call: LiveCall, keys: string) {
  const now = yield* Clock.currentTimeMillis
  const id = call.key(`keys:${now}`)
  if (keys === "0") {
    const taken = yield* call.take([{ _tag: "HumanWanted", dedupKey: id, ...callParts(call.ref), at: now }])
    if (!taken) yield* call.remark(call.account.settings.troubleText)
    return
  }
  const { smsFallback } = call.account.settings
  if (smsFallback?.consent === "asked" && keys === smsFallback.consentKey) {
    const text = `(The caller pressed ${keys}: they agree to be answered by text message.)`
    // Kept by the engine, so that it holds whatever becomes of this connection and this process.
    const taken = yield* call.take([
      {
        _tag: "OptOut",
        dedupKey: id,
        ...callParts(call.ref),
        at: now,
        optedOut: false,
        text,
        messageId: null,
      },
    ])
    if (!taken) yield* call.remark(call.account.settings.troubleText)
    return
  }
  yield* take(call, messageOf(call, id, keys, { sentAt: now, locale: null, automatic: null }))
})

const onInterrupt = Effect.fnUntraced(function* (call: LiveCall, utterance: string) {
  const now = yield* Clock.currentTimeMillis
  const heard = call.spoken.interrupted(utterance, now)
  if (heard.length === 0) return
  yield* call.take(
    heard.map(({ deliveryId, text }) => ({
      _tag: "Heard" as const,
      dedupKey: call.key(`heard:${deliveryId}`),
      deliveryId,
      text,
      at: now,
    })),
  )
})

/** One message of the relay, after the setup. */
export const hear = Effect.fnUntraced(function* (call: LiveCall, keypad: Keypad, message: Inbound) {
  switch (message.type) {
    case "prompt": {
      const text = message.voicePrompt.trim().slice(0, MAX_PROMPT)
      if (message.last === false || text === "") return
      yield* keypad.flush
      const now = yield* Clock.currentTimeMillis
      const id = call.key(String(call.prompts + 1))
      return yield* take(
        call,
        messageOf(call, id, text, {
          sentAt: now,
          locale: message.lang?.slice(0, 35) || null,
          automatic: null,
        }),
      )
    }
    case "dtmf":
      return yield* keypad.press(message.digit)
    case "interrupt":
      return yield* onInterrupt(call, message.utteranceUntilInterrupt ?? "")
    case "error":
      return yield* Effect.logWarning(
        `ConversationRelay reports: ${(message.description ?? "").slice(0, 300)}`,
      )
    case "setup":
      return
  }
})
