/** Who calls, as far as a caller id tells. */
import type { MessageSender } from "@opencx/core"

export type Caller =
  | { readonly _tag: "Number"; readonly e164: string; readonly verified: boolean }
  /** The caller hides the number. */
  | { readonly _tag: "Withheld" }
  /** A SIP address or an app's client name. */
  | { readonly _tag: "Other"; readonly address: string }

/**
 * What networks put in place of a hidden number. The digits spell ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN and UNAVAILABLE
 * on a keypad (the first is in the reference, the others follow the same rule).
 */
const withheld = new Set([
  "",
  "anonymous",
  "restricted",
  "unavailable",
  "unknown",
  "private",
  "blocked",
  "withheld",
  "266696687",
  "7378742833",
  "2562533",
  "8656696",
  "86282452253",
])

/** Reads a caller id as providers give it. `verified`: the number is proven, not only claimed. */
export const callerOf = (from: string | null | undefined, verified: boolean): Caller => {
  const text = (from ?? "").trim()
  const bare = text.replace(/^\+/, "").toLowerCase()
  if (withheld.has(bare) || /^sips?:(anonymous|restricted|unavailable)@/i.test(text))
    return { _tag: "Withheld" }
  if (/^\+[1-9]\d{6,14}$/.test(text)) return { _tag: "Number", e164: text, verified }
  return { _tag: "Other", address: text.slice(0, 200) }
}

/** The number that may be texted one day; null when there is none. */
export const numberOf = (caller: Caller): string | null => (caller._tag === "Number" ? caller.e164 : null)

/**
 * The identity of a caller. Hidden callers get one per call, so that two of them are never taken for the same person.
 */
export const senderOf = (caller: Caller, callId: string, name: string | null = null): MessageSender => {
  switch (caller._tag) {
    case "Number":
      return { kind: "phone", value: caller.e164, verified: caller.verified, name }
    case "Withheld":
      return { kind: "external", value: `call:${callId}`, verified: false, name: null }
    case "Other":
      return { kind: "external", value: caller.address, verified: false, name }
  }
}
