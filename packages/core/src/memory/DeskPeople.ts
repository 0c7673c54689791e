/** Who there is at a help desk in memory: us, one agent, and the customers that tickets brought along. */
import { DeskUserId } from "../domain/Ids.ts"
import type { Requester } from "../ports/Ticketing.ts"

/** `us` is the integration, `customer` a requester, `agent` a human of the desk. */
export type DeskRole = "us" | "customer" | "agent"

/** A user of the desk. */
export interface DeskUser {
  readonly id: DeskUserId
  readonly role: DeskRole
  readonly name: string
}

export class DeskPeople {
  readonly us: DeskUser = { id: DeskUserId.make("1"), role: "us", name: "OpenCX" }
  readonly agent: DeskUser = { id: DeskUserId.make("2"), role: "agent", name: "Ada" }
  readonly #users = new Map([this.us, this.agent].map((user) => [user.id, user]))
  /** E-mail address or phone number → user. */
  readonly #known = new Map<string, DeskUserId>()

  /** Null for a user that nobody has heard of. */
  find(id: DeskUserId): DeskUser | null {
    return this.#users.get(id) ?? null
  }

  /** The user with this id, e-mail address or phone number; made if there is none. */
  customer({ email, knownId, name, phone }: Requester): DeskUserId {
    const keys = [email?.trim().toLowerCase(), phone].filter((key) => key !== null && key !== undefined)
    const found = knownId ?? keys.flatMap((key) => this.#known.get(key) ?? [])[0]
    const id = found ?? this.#freeId()
    for (const key of keys) this.#known.set(key, id)
    if (!this.#users.has(id)) this.#users.set(id, { id, role: "customer", name: name ?? email ?? "Customer" })
    return id
  }
  /** Callers may bring ids of their own, which must not be given out again. */
  #freeId(): DeskUserId {
    let next = this.#users.size + 1
    while (this.#users.has(DeskUserId.make(String(next)))) next += 1
    return DeskUserId.make(String(next))
  }
}
