/** Whom a help desk in memory knows: its people, and who of them the customers of its live chat are. */
import { Context, Effect, Layer } from "effect"
import type { Identity } from "../domain/Contact.ts"
import type { IdentityMergeError } from "../errors/PortErrors.ts"
import { CallLine, type CallFault } from "./callFaults.ts"

/** Somebody whom the desk knows. */
export interface KnownPerson {
  readonly id: string
  readonly role: "customer" | "agent"
  readonly addresses: ReadonlyArray<Pick<Identity, "kind" | "value">>
  /** Whom another system says that this is. */
  readonly externalId: string | null
  readonly suspended: boolean
}

/** Who a customer of the live chat is, and whether it was us who made them one. */
interface ChatLinkage {
  readonly personId: string
  readonly byUs: boolean
}

const sameAddress = (a: Pick<Identity, "kind" | "value">, b: Pick<Identity, "kind" | "value">): boolean =>
  a.kind === b.kind && a.value.toLowerCase() === b.value.toLowerCase()

/** The directory itself. */
export class InMemoryPeople {
  readonly people: Array<KnownPerson> = []
  readonly #links = new Map<string, ChatLinkage>()
  readonly #line = new CallLine<"merge", IdentityMergeError>("IdentityMerge")

  /** The next calls meet these faults, one each. */
  next(...faults: ReadonlyArray<CallFault<IdentityMergeError>>): void {
    this.#line.next("merge", ...faults)
  }

  /** How often the port was called. */
  get count(): number {
    return this.#line.calls.length
  }

  /** Somebody becomes known to the desk. */
  add(person: Partial<Omit<KnownPerson, "id">>): KnownPerson {
    const known: KnownPerson = {
      role: "customer",
      addresses: [],
      externalId: null,
      suspended: false,
      ...person,
      id: `person-${this.people.length + 1}`,
    }
    this.people.push(known)
    return known
  }

  /** Null when the customer of the chat is nobody whom the desk knew before. */
  linkOf(chatUserId: string): ChatLinkage | null {
    return this.#links.get(chatUserId) ?? null
  }

  /** They are one from now on; `byUs` false: the desk has found it out by itself. */
  link(chatUserId: string, person: KnownPerson, byUs: boolean): void {
    this.#links.set(chatUserId, { personId: person.id, byUs })
  }

  withAddress(identities: ReadonlyArray<Identity>): ReadonlyArray<KnownPerson> {
    return this.people.filter((person) =>
      person.addresses.some((address) => identities.some((one) => sameAddress(one, address))),
    )
  }

  /** Runs one call of the port: counted, and through its fault if one waits. */
  call<A>(run: () => Effect.Effect<A, IdentityMergeError>): Effect.Effect<A, IdentityMergeError> {
    return this.#line.run("merge", run)
  }
}

/** The people behind `identityMergeMemory`: with it a test says whom the help desk knows, and arms faults. */
export class MemoryPeople extends Context.Service<MemoryPeople, InMemoryPeople>()(
  "@opencx/core/memory/MemoryPeople",
) {
  /** Nobody is known. */
  static readonly make: Effect.Effect<InMemoryPeople> = Effect.sync(() => new InMemoryPeople())
  static readonly layer: Layer.Layer<MemoryPeople> = Layer.effect(MemoryPeople, MemoryPeople.make)
}
