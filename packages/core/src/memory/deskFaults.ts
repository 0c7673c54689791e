/** What may happen to a call to a help desk in memory. */
import { TicketingError } from "../errors/PortErrors.ts"
import { type CallFault, faultsOf } from "./callFaults.ts"

/** Stands between the caller and the desk for one call. */
export type DeskFault = CallFault<TicketingError>

/** For `MemoryDesk.next`. */
export const deskFaults = faultsOf((reason) => new TicketingError({ operation: "MemoryDesk", reason }))
