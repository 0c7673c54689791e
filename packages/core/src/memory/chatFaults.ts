/** What may happen to a call to a live chat, or about identities, in memory. */
import { IdentityMergeError, MessagingError } from "../errors/PortErrors.ts"
import { type CallFault, faultsOf } from "./callFaults.ts"

/** Stands between the caller and the live chat for one call. */
export type ChatFault = CallFault<MessagingError>

/** For `MemoryChat.next`. A pass that is accepted and never done is `MemoryChat.stickPasses`. */
export const chatFaults = faultsOf((reason) => new MessagingError({ operation: "MemoryChat", reason }))

/** For `MemoryPeople.next`. */
export const mergeFaults = faultsOf((reason) => new IdentityMergeError({ operation: "MemoryPeople", reason }))
