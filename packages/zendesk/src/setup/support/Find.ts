/** Which webhooks and triggers of an account are ours: by the ids that we noted, and by name together with URL. */
import type { OurHook } from "../Plan.ts"
import type { SetupRecord } from "../Record.ts"
import { triggerId, type SupportSnapshot } from "./Read.ts"
import { ourNames, type TriggerStep, type WebhookStep } from "./Wanted.ts"
import { notifies } from "./compare.ts"
import type { TriggerWire, WebhookWire } from "./Wire.ts"

/**
 * Our webhooks for one purpose, the best first: at our present URL, then the one whose id we noted, then one with our name at
 * an old URL of ours. A webhook of another installation is never among them, whatever its name.
 */
export const ourWebhooks = (
  { webhooks }: Pick<SupportSnapshot, "webhooks">,
  record: SetupRecord,
  step: WebhookStep,
  hook: OurHook,
): ReadonlyArray<WebhookWire> => {
  const ownership = (one: WebhookWire) => hook.owns(one.endpoint ?? "")
  const current = webhooks.filter((one) => ownership(one) === "current")
  const noted = webhooks.filter((one) => one.id === record.webhooks[step])
  const named = webhooks.filter((one) => one.name === ourNames[step] && ownership(one) === "stale")
  return [...new Set([...current, ...noted, ...named])]
}

/** Somebody else's webhooks with our name: told, never touched. */
export const namesakes = (
  { webhooks }: Pick<SupportSnapshot, "webhooks">,
  ours: ReadonlyArray<WebhookWire>,
  step: WebhookStep,
): ReadonlyArray<WebhookWire> => webhooks.filter((one) => one.name === ourNames[step] && !ours.includes(one))

/** Our trigger for one purpose: noted, or with our title and for a webhook of ours or for one that is gone. */
export const ourTrigger = (
  { triggers, webhooks }: Pick<SupportSnapshot, "triggers" | "webhooks">,
  record: SetupRecord,
  step: TriggerStep,
  title: string,
  ours: ReadonlyArray<WebhookWire>,
): TriggerWire | undefined => {
  const noted = triggers.find((one) => triggerId(one) === record.triggers[step])
  return (
    noted ??
    triggers.find((one) => {
      const target = notifies(one)?.webhookId
      const isGone = !webhooks.some(({ id }) => id === target)
      return one.title === title && (isGone || ours.some(({ id }) => id === target))
    })
  )
}
