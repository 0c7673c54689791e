import type { Faults } from "../faults/Faults.ts"
import type { World } from "../world/World.ts"
import type { Hooks } from "./events/Hooks.ts"
import type { MessagingStore } from "./world/MessagingStore.ts"

/** What every part of the messaging side works with. */
export interface Messaging {
  readonly world: World
  readonly store: MessagingStore
  readonly hooks: Hooks
  readonly faults: Faults
}

export const newId = (messaging: Pick<Messaging, "world" | "store">): string =>
  messaging.store.ids.next(messaging.world.now())
