/** What can be wrong with a webhook of ours and its triggers in Zendesk; the same for replies and for assist mode. */
import type { HookFacts, TriggerFacts, WebhookFacts } from "@opencx/zendesk"
import { type Check, judged, notice, ok, problem, unknown, type Verdict } from "../Check.ts"
import type { Chart } from "../Chart.ts"

export const setup = "Run opencx setup zendesk: it shows what it would do, and repairs it."

/** `facts` picks what a check looks at; `symptom` is what people see while it is broken. */
export interface Hook {
  readonly prefix: string
  readonly symptom: string
  readonly facts: (support: {
    readonly ticketing: HookFacts
    readonly assist: HookFacts | null
  }) => HookFacts | null
}

const lookAt =
  ({ facts }: Hook, judge: (hook: HookFacts) => Verdict | null) =>
  ({ support }: Chart): Verdict | null =>
    judged(support, (value) => {
      const hook = facts(value)
      return hook === null ? null : judge(hook)
    })

const aboutWebhook = (hook: Hook, id: string, judge: (webhook: WebhookFacts) => Verdict): Check => ({
  id: `${hook.prefix}.${id}`,
  look: lookAt(hook, ({ webhook }) =>
    webhook === null ? unknown(`There is no webhook (${hook.prefix}.webhook).`) : judge(webhook),
  ),
})

const isThere = (hook: Hook): Check => ({
  id: `${hook.prefix}.webhook`,
  look: lookAt(hook, ({ namesakes, webhook }) =>
    webhook !== null
      ? ok(`the webhook "${webhook.name}"`)
      : problem({
          problem: `${hook.symptom}: webhook missing. No webhook in Zendesk posts to our URL.`,
          fix: setup,
          evidence: namesakes.map((host) => `there is one named as ours that posts to ${host}`),
        }),
  ),
})

const ifFault = (
  webhook: WebhookFacts,
  codes: ReadonlyArray<string>,
  what: { readonly problem: string; readonly fix: string },
): Verdict => {
  const found = webhook.faults.filter(({ code }) => codes.includes(code))
  return found.length === 0 ? ok() : problem({ ...what, evidence: found.map(({ says }) => says) })
}

const secret = (hook: Hook) => (webhook: WebhookFacts) => {
  if (webhook.secret === "different")
    return problem({
      problem: `${hook.symptom}: the signing secret that we know is not that of the webhook, so that we refuse every call with 401.`,
      fix: `${setup} It fetches the secret and stores it; take an old one out of the configuration.`,
    })
  if (webhook.secret === "none")
    return notice({
      problem: "No signing secret is known: the signed URL alone protects the webhook.",
      fix: "Run opencx setup zendesk: it fetches the secret and stores it.",
    })
  if (webhook.secret === "unread") return unknown("The secret is read only of a webhook at our present URL.")
  return ok()
}

const counts = ({ activity }: WebhookFacts): ReadonlyArray<string> =>
  activity === null
    ? []
    : [
        `of the latest ${activity.calls} calls ${activity.refused} were refused (4xx), ${activity.failed} failed (5xx or no answer), ${activity.paused} were held back`,
      ]

/** Why we have refused, as far as the setup tells. */
const whyRefused = (webhook: WebhookFacts): string => {
  if (webhook.url !== "current") return "the webhook URL is stale"
  if (webhook.secret === "different") return "the signing secret is another one"
  return "the payload is not one that we can read, or the URL or the secret was another one until just now"
}

const refused = (webhook: WebhookFacts) =>
  webhook.activity?.last === "refused"
    ? problem({
        problem: `The webhook's last call was refused with a 4xx: ${whyRefused(webhook)}.`,
        fix: `${setup} Then post another public reply; calls that were refused do not come again.`,
        evidence: counts(webhook),
      })
    : ok(...counts(webhook))

const failing = (webhook: WebhookFacts) =>
  webhook.activity?.last === "failed"
    ? problem({
        problem:
          "The webhook's last call failed with a 5xx or got no answer: Zendesk does not reach this installation.",
        fix: "Check that opencx serve runs, that publicUrl is reachable from outside, and its certificate; then its log. Replies that were missed are fetched within minutes.",
        evidence: counts(webhook),
      })
    : ok()

const paused = (webhook: WebhookFacts) =>
  webhook.activity?.last === "paused"
    ? problem({
        problem: "Zendesk's circuit breaker has paused the webhook, because too many calls had failed.",
        fix: "Mend what made them fail (the checks beside this one); Zendesk goes on by itself within seconds after that.",
        evidence: counts(webhook),
      })
    : ok()

const triggerIs = (
  hook: Hook,
  id: string,
  codes: ReadonlyArray<string>,
  what: { readonly problem: string; readonly fix: string; readonly minor?: boolean },
): Check => ({
  id,
  look: lookAt(hook, ({ triggers }) => {
    const there = triggers.filter(({ faults }) => faults !== null)
    if (there.length === 0) return unknown(`There is no trigger (${hook.prefix}.trigger).`)
    const evidence = there.flatMap(({ faults, title }) =>
      (faults ?? []).filter(({ code }) => codes.includes(code)).map(({ says }) => `"${title}": ${says}`),
    )
    if (evidence.length === 0) return ok()
    const { fix, problem: sentence } = what
    return (what.minor === true ? notice : problem)({ problem: sentence, fix, evidence })
  }),
})

const triggerIsThere = (hook: Hook): Check => ({
  id: `${hook.prefix}.trigger`,
  look: lookAt(hook, ({ triggers }) => {
    const missing = triggers.filter(({ faults }: TriggerFacts) => faults === null)
    return missing.length === 0
      ? ok()
      : problem({
          problem: `${hook.symptom}: trigger missing. Nothing in Zendesk calls the webhook.`,
          fix: setup,
          evidence: missing.map(({ title }) => `there is no trigger "${title}"`),
        })
  }),
})

/** All checks of one webhook with its triggers. */
export const hookChecks = (hook: Hook): ReadonlyArray<Check> => [
  isThere(hook),
  aboutWebhook(hook, "webhook_url", (webhook) =>
    webhook.url === "current"
      ? ok()
      : problem({
          problem: `${hook.symptom}: the webhook URL is stale. Calls to it are refused with 4xx, at the latest when the key that signed it is forgotten.`,
          fix: `${setup} By hand: copy the current URL from opencx urls into the webhook's endpoint.`,
          evidence: [
            webhook.url === "stale"
              ? "it posts to an old URL of ours"
              : "it posts to an address that is not ours",
          ],
        }),
  ),
  aboutWebhook(hook, "webhook_active", (webhook) =>
    ifFault(webhook, ["inactive"], {
      problem: `${hook.symptom}: the webhook is not active.`,
      fix: setup,
    }),
  ),
  aboutWebhook(hook, "webhook_kind", (webhook) =>
    webhook.wrongKind
      ? problem({
          problem: `${hook.symptom}: wrong event subscription. The webhook listens to Zendesk events, so that no trigger can use it.`,
          fix: `${setup} It makes a new one: how a webhook is connected cannot be changed.`,
        })
      : ifFault(webhook, ["method", "format"], {
          problem: `${hook.symptom}: the webhook does not send JSON by POST.`,
          fix: setup,
        }),
  ),
  aboutWebhook(hook, "signing_secret", secret(hook)),
  aboutWebhook(hook, "webhook_refused", refused),
  aboutWebhook(hook, "webhook_failing", failing),
  aboutWebhook(hook, "webhook_paused", paused),
  triggerIsThere(hook),
  triggerIs(hook, `${hook.prefix}.trigger_active`, ["inactive"], {
    problem: `${hook.symptom}: the trigger is not active.`,
    fix: setup,
  }),
  triggerIs(hook, `${hook.prefix}.trigger_conditions`, ["conditions"], {
    problem: `${hook.symptom}: the trigger's conditions are not those that are needed.`,
    fix: `${setup} By hand: Ticket is Updated, Comment is Present (public), and the tag.`,
  }),
  triggerIs(hook, `${hook.prefix}.trigger_webhook`, ["other_webhook"], {
    problem: `${hook.symptom}: the trigger does not notify our webhook.`,
    fix: setup,
  }),
  triggerIs(hook, `${hook.prefix}.payload_ids`, ["no_ids"], {
    problem:
      "The trigger's JSON body lacks the ticket's ids, so that its calls cannot be matched to a session.",
    fix: `${setup} By hand: include {{ticket.id}} and {{ticket.external_id}}.`,
  }),
  triggerIs(hook, `${hook.prefix}.internal_notes`, ["leaks_notes"], {
    problem:
      "Internal notes reaching the contact: the trigger's body uses {{ticket.latest_comment}}, which is the newest comment of any kind. OpenCX reads public comments by itself and does not use it, but whatever else gets this body shows notes.",
    fix: `${setup} By hand: use {{ticket.latest_public_comment}}.`,
  }),
  triggerIs(hook, `${hook.prefix}.trigger_changed`, ["body", "other_actions", "renamed", "no_guard"], {
    problem: "The trigger was changed by hand; that costs calls or may be meant so.",
    fix: "If it was not meant, run opencx setup zendesk.",
    minor: true,
  }),
]
