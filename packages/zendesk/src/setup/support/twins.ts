/** Copies of our own triggers: Zendesk's “Clone trigger”, or a setup by hand that was done twice. */
import type { Step } from "../Plan.ts"
import { faultsOf, notifies } from "./compare.ts"
import { triggerId } from "./Read.ts"
import type { TriggerBody } from "./Wanted.ts"
import type { TriggerWire } from "./Wire.ts"
import { deleteTrigger, type SupportTools } from "./Writes.ts"

interface Original {
  readonly step: Step["id"]
  /** Ours; undefined while there is none, when nothing can be a copy of it. */
  readonly found: TriggerWire | undefined
  readonly bodyOf: (webhookId: string) => TriggerBody
}

/** Does nothing but what ours does: whoever took it away would miss nothing. Whether it is active does not matter. */
export const isTwin = (
  one: TriggerWire,
  bodyOf: Original["bodyOf"],
  webhooks: ReadonlyArray<string>,
): boolean => {
  const target = notifies(one)?.webhookId
  if (target === undefined || !webhooks.includes(target)) return false
  return faultsOf(one, bodyOf(target)).every(({ code }) => code === "inactive")
}

/** Steps that delete them. `webhooks`: ids of our webhooks. */
export const twinSteps = (
  tools: SupportTools,
  triggers: ReadonlyArray<TriggerWire>,
  webhooks: ReadonlyArray<string>,
  { bodyOf, found, step }: Original,
): ReadonlyArray<Step> =>
  found === undefined
    ? []
    : triggers
        .filter((one) => one !== found && isTwin(one, bodyOf, webhooks))
        .map((one) => ({
          id: step,
          action: "remove",
          what: `a second trigger "${one.title}" (${triggerId(one)})`,
          why: ["it is a copy of ours, so that OpenCX is told everything twice"],
          irreversible: false,
          run: deleteTrigger(tools, triggerId(one)),
        }))
