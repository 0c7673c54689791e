/** Probes: each asks an account for one thing that OpenCX needs, and says in the product's words what is wrong if it fails. */
import { Effect, Result } from "effect"
import type { CallFailure } from "../../client/Failure.ts"

/**
 * What was found about one capability. `problem` and `fix` are null when it is there. `needed`: without it OpenCX does not
 * work; otherwise a person should know, and it works all the same.
 */
export interface Finding {
  readonly id: string
  readonly ok: boolean
  readonly needed: boolean
  readonly problem: string | null
  readonly fix: string | null
}

/** `id`: where the trouble is of another kind than the probe that met it. */
export interface Trouble {
  readonly id?: string
  readonly problem: string
  readonly fix: string
}

export interface Probe {
  readonly id: string
  /** Default true. */
  readonly needed?: boolean
  /** Without this nothing else can be found out: later probes are left out when it fails. */
  readonly stops?: boolean
  readonly run: Effect.Effect<Trouble | null, CallFailure>
}

export const good = (id: string, needed = true): Finding => ({
  id,
  ok: true,
  needed,
  problem: null,
  fix: null,
})

/** Words that begin in the middle of a sentence, as its beginning. */
export const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** What is shown beside other sentences ends as one. */
const ended = (text: string): string => (/[.!?]$/.test(text) || text === "" ? text : `${text}.`)

export const bad = (id: string, { fix, id: other, problem }: Trouble, needed = true): Finding => ({
  id: other ?? id,
  ok: false,
  needed,
  problem: ended(problem),
  fix: ended(fix),
})

/**
 * Runs probes one after the other. Never fails: a call that failed is a finding, as `explain` says it. After one that got no
 * answer no further ones are made: each would wait as long for the same.
 */
export const runProbes = Effect.fnUntraced(function* (
  probes: ReadonlyArray<Probe>,
  explain: (failure: CallFailure) => Trouble,
) {
  const findings: Array<Finding> = []
  for (const { id, needed = true, run, stops = false } of probes) {
    const result = yield* Effect.result(run)
    const trouble = Result.isSuccess(result) ? result.success : explain(result.failure)
    const isSilent = trouble?.id === unreachable
    findings.push(trouble === null ? good(id, needed) : bad(id, trouble, needed || isSilent))
    if (trouble !== null && (stops || isSilent)) break
  }
  return findings
})

const unreachable = "reachable"

const limitUsedUp: Trouble = {
  id: unreachable,
  problem:
    "The account's rate limit is used up: other programs ask Zendesk for all that it allows in a minute.",
  fix: "Verify again in a few minutes. If it stays so, find the other integration of this account that asks so much, or take a plan with a higher limit.",
}

/** Something answered, and not what Zendesk is known to answer: a proxy, or a change of the API. */
const oddAnswer = (failure: CallFailure): Trouble => ({
  problem: `The answer could not be read: ${failure.message}.`,
  fix: "Check whether a proxy or firewall between this machine and Zendesk changes answers. If not, report it with this message.",
})

/** No answer that says anything: why, as far as that is known. */
export const noAnswer = (failure: CallFailure): Trouble => {
  if (failure.kind === "rate_budget" || failure.status === 429) return limitUsedUp
  return failure.kind === "malformed" || failure.kind === "too_large" ? oddAnswer(failure) : silent(failure)
}

/** Zendesk did not answer: nothing is known about the capability. */
const silent = (failure: CallFailure): Trouble => ({
  id: unreachable,
  problem: `Zendesk did not answer: ${failure.message}.`,
  fix: "Nothing can be said about the settings. Check that this machine reaches Zendesk (proxy, firewall, https://status.zendesk.com), and verify again.",
})
