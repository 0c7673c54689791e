/** Tokens that conversations have used, in this process. */
import type { TurnContext } from "@opencx/core"
import { createHash } from "node:crypto"

/** Conversations that are remembered; the one that was quiet longest is forgotten first. */
const most = 10_000

/** A conversation is known by its first line: lines are only ever added. */
const keyOf = ({ channel, lines, orgId, subject }: TurnContext): string => {
  const [first] = lines
  const parts = [orgId, channel, subject ?? "", String(first?.at ?? 0), first?.text ?? ""]
  return createHash("sha256").update(parts.join("\u0000")).digest("base64url")
}

export class Spending {
  readonly #tokens = new Map<string, number>()

  of(context: TurnContext): number {
    return this.#tokens.get(keyOf(context)) ?? 0
  }

  add(context: TurnContext, tokens: number): void {
    const key = keyOf(context)
    const total = (this.#tokens.get(key) ?? 0) + tokens
    // Set anew, so that the order of the map is the order of use.
    this.#tokens.delete(key)
    this.#tokens.set(key, total)
    if (this.#tokens.size <= most) return
    const [oldest] = this.#tokens.keys()
    if (oldest !== undefined) this.#tokens.delete(oldest)
  }
}
