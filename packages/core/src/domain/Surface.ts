/**
 * Where a text may be shown. Internal articles and notes exist on the `agent` surface only, and the types below
 * keep them there: what goes to a customer must be a `CustomerText`, and there are few ways to make one.
 */
import { Schema } from "effect"

export const Surface = Schema.Literals(["customer", "agent"])
export type Surface = typeof Surface.Type

/** Text that may be shown to a customer: an AI answer, a human's public reply, or a configured sentence. */
export const CustomerText = Schema.String.pipe(Schema.brand("CustomerText"))
export type CustomerText = typeof CustomerText.Type
