/**
 * A piece of work as operators see it: everything that tells what went wrong, and nothing that a customer or an agent
 * wrote. Ids stay, because they are what one looks for in Zendesk and at providers.
 */
import type { Work } from "@opencx/core"
import { DateTime, Option, Schema } from "effect"
import type { WorkView } from "./WorkView.ts"

const json = Schema.decodeUnknownOption(Schema.fromJsonString(Schema.Unknown))

/** Fields whose values are words of ours or ids, and no words of a person. */
const shown = /^(?:_tag|id|kind|status|state|reason|language|sentiment|queue|[a-z]\w*Ids?|[a-z]\w*Key)$/

/** What is no text passes; of a text only its length is told, unless it is an id or a word of ours. */
const withoutWords = (value: unknown, name = ""): Schema.Json => {
  if (typeof value === "string")
    return shown.test(name) && /^[\w:.-]{1,100}$/.test(value) ? value : `[${value.length} characters]`
  if (Array.isArray(value)) return value.map((item) => withoutWords(item, name.replace(/s$/, "")))
  if (typeof value === "number" || typeof value === "boolean") return value
  if (typeof value !== "object" || value === null) return null
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutWords(item, key)]))
}

/** Addresses of people in what a provider or Zendesk answered. Bounded, so that a long text without any is read once. */
export const withoutAddresses = (text: string): string =>
  text
    .replace(/[^\s@<>"'(),;:]{1,64}@[^\s@<>"'(),;:]{1,255}/g, "[address]")
    .replace(/\+\d[\d ().-]{5,30}\d/g, "[number]")

const iso = (ms: number): string => DateTime.formatIso(DateTime.makeUnsafe(ms))

const stepOf = ({ step }: Work): Schema.Json =>
  step === null
    ? null
    : Option.match(json(step), {
        onNone: () => `[${step.length} characters]`,
        onSome: (value) => withoutWords(value),
      })

/** `cut` takes known secrets out of the explanations. */
export const redactWork = (work: Work, cut: (text: string) => string): WorkView => {
  const { lane, outcome } = work
  const failed = outcome?._tag === "Failed" ? outcome : null
  return {
    id: work.id,
    organization: lane.orgId,
    session: work.sessionId,
    channel: lane.channel,
    account: lane.accountId,
    queue: work.queue,
    kind: work.task._tag,
    task: withoutWords(work.task),
    status: work.status,
    attempts: work.attempts,
    replays: work.epoch,
    why: withoutAddresses(cut(failed?.explanation ?? work.lastError ?? "")),
    worthAnotherTry: failed === null || !failed.permanent,
    step: stepOf(work),
    createdAt: iso(work.createdAt),
    updatedAt: iso(work.updatedAt),
  }
}
