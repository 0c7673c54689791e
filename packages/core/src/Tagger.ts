/**
 * Tags on tickets: pure, from session, brief and the organization's tag settings. Zendesk lower-cases tags and knows no
 * spaces in them; we normalise to `[a-z0-9_/-]` ourselves. Adapters add tags, they never replace a ticket's set.
 */
import type { Brief } from "./domain/Brief.ts"
import type { TagSettings } from "./settings/OrganizationSettings.ts"

export interface TagFacts {
  /** The plugin's `channelTag`: `email`, `sms`, `web` … */
  readonly channelTag: string
  /** `autopilot`: the AI answered by itself until now. `assist`: it drafted notes on a human's ticket. */
  readonly mode: "autopilot" | "assist"
  readonly handedOff: boolean
  /** The ticket was created at handoff (and not updated on a returning contact). */
  readonly createdOnHandoff: boolean
  readonly brief: Brief | null
  readonly skipped: "not_helpful_answer" | "topic_no_assist" | null
}

/** Lower-case, blanks and foreign characters to `_`, at most 80 characters; empty when nothing is left. */
export const normalizeTag = (tag: string): string =>
  tag
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[\u0300-\u036f]/g, "")
    .replace(/[^a-z0-9_/-]+/g, "_")
    .replace(/_{2,}/g, "_")
    .replace(/^_+/, "")
    .slice(0, 80)
    .replace(/_+$/, "")

/** A tag by the part of its usual name after `opencx_`, as the organization calls it, whether switched off or not. */
export const tagNamed = ({ prefix, rename }: TagSettings, name: string): string =>
  normalizeTag(rename[`opencx_${name}`] ?? `${prefix}_${name}`)

interface Candidate {
  /** The usual name, without prefix; for families the stem is `family`. */
  readonly name: string
  readonly family?: string
}

const candidates = (facts: TagFacts): ReadonlyArray<Candidate> => [
  { name: "" },
  facts.mode === "assist" ? { name: "assist_mode" } : { name: "autopilot" },
  ...(facts.handedOff ? [{ name: "handedoff" }] : []),
  { name: `channel_${facts.channelTag}`, family: "channel" },
  ...(facts.brief === null ? [] : [{ name: `sentiment_${facts.brief.sentiment}`, family: "sentiment" }]),
  ...(facts.brief?.language ? [{ name: `language_${facts.brief.language}`, family: "language" }] : []),
  ...(facts.createdOnHandoff ? [{ name: "ticket_created_on_handoff" }] : []),
  ...(facts.skipped === null ? [] : [{ name: `skipped_${facts.skipped}` }]),
]

/** The tag set, in a stable order and without duplicates. */
export const tagsFor = (facts: TagFacts, settings: TagSettings): ReadonlyArray<string> => {
  const usual = (name: string) => (name === "" ? "opencx" : `opencx_${name}`)
  const own = (name: string) => (name === "" ? settings.prefix : `${settings.prefix}_${name}`)
  const off = new Set(settings.off)
  const chosen = candidates(facts)
    .filter((c) => !off.has(usual(c.name)) && (c.family === undefined || !off.has(usual(c.family))))
    .map((c) => settings.rename[usual(c.name)] ?? own(c.name))
  return [...new Set([...chosen, ...settings.extra].map(normalizeTag).filter((tag) => tag !== ""))]
}
