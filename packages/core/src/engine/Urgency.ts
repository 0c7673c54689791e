/**
 * Whether somebody outside waits for this with a timeout: a provider for its ack. Stores let what is urgent go first, else
 * an ack would stand in line behind everything that is already safe in the journal.
 */
import { Context } from "effect"

/** False unless the fiber says otherwise. */
export const Urgency = Context.Reference<boolean>("@opencx/core/engine/Urgency", {
  defaultValue: () => false,
})
