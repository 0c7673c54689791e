/** Packages that a neighbour depends on and we do not: found where the neighbour would find them. */
import { createRequire } from "node:module"

/** What `require(name)` gives from inside `owner`, or null when it is not installed there. */
export const fromNeighbour = (owner: "@opencx/agent" | "@opencx/runtime", name: string): unknown => {
  try {
    const loaded: unknown = createRequire(import.meta.resolve(owner))(name)
    return loaded
  } catch {
    return null
  }
}
