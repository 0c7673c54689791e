/** New identifiers. Node edge: `node:crypto`. */
import { randomUUID } from "node:crypto"

/** A random UUID (version 4). */
export const newId = (): string => randomUUID()
