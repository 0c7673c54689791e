/** A word above the list of sessions: the demonstration says there what to try. Empty in real use. */
import { Context } from "effect"
import type { Part } from "./html.ts"

export const Banner = Context.Reference<Part>("@opencx/runtime/http/pages/Banner", {
  defaultValue: () => null,
})
