import type { User, Via } from "../world/model.ts"

/** Who changes a ticket, and by which road. */
export interface Actor {
  /** The authenticated user; null is the system. */
  readonly user: User | null
  readonly via: Via
}
