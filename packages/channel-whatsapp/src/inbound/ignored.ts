/** Items that are acknowledged and not acted upon. */
import { createHash } from "node:crypto"
import type { IgnoredEvent } from "@opencx/core"

/** `at`: where in the webhook it stood; makes equal items of one batch distinct. */
export const ignored = (at: string, item: unknown, why: string): IgnoredEvent => ({
  _tag: "Ignored",
  dedupKey: `ignored:${createHash("sha256")
    .update(`${at}\n${JSON.stringify(item) ?? ""}`)
    .digest("hex")
    .slice(0, 32)}`,
  why,
})
