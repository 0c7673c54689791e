import { asString, type JsonObject } from "./json.ts"
import type { Ability, Identity, Role, User } from "./model.ts"

export interface NewUser {
  readonly id?: number | undefined
  readonly name: string
  readonly email?: string | null | undefined
  readonly phone?: string | null | undefined
  readonly externalId?: string | null | undefined
  readonly role?: Role | undefined
  readonly suspended?: boolean | undefined
  readonly verified?: boolean | undefined
  readonly locale?: string | undefined
  readonly timeZone?: string | undefined
  readonly tags?: ReadonlyArray<string> | undefined
  readonly notes?: string | undefined
  readonly details?: string | undefined
  readonly userFields?: JsonObject | undefined
  readonly cannot?: ReadonlyArray<Ability> | undefined
}

export const digitsOf = (phone: string): string => phone.replaceAll(/\D/g, "")

/** Phones are found by their last digits, so that search is as fuzzy as Zendesk's. */
const phoneKey = (phone: string): string => digitsOf(phone).slice(-7)

export class UserStore {
  readonly byId = new Map<number, User>()
  readonly identities = new Map<number, Array<Identity>>()
  private readonly byEmail = new Map<string, number>()
  private readonly byExternalId = new Map<string, number>()
  private readonly byPhone = new Map<string, Set<number>>()
  private readonly nextId: () => number

  constructor(nextId: () => number) {
    this.nextId = nextId
  }

  create(input: NewUser, now: number): User {
    const user: User = {
      id: input.id ?? this.nextId(),
      name: input.name,
      email: null,
      phone: null,
      sharedPhone: false,
      externalId: input.externalId ?? null,
      role: input.role ?? "end-user",
      suspended: input.suspended ?? false,
      verified: input.verified ?? false,
      active: true,
      locale: input.locale ?? "en-US",
      timeZone: input.timeZone ?? "Eastern Time (US & Canada)",
      tags: input.tags ?? [],
      notes: input.notes ?? "",
      details: input.details ?? "",
      userFields: input.userFields ?? {},
      defaultGroupId: null,
      requestedTickets: new Set(),
      cannot: new Set(input.cannot),
      createdAt: now,
      updatedAt: now,
    }
    this.byId.set(user.id, user)
    this.identities.set(user.id, [])
    if (user.externalId !== null) this.byExternalId.set(user.externalId.toLowerCase(), user.id)
    if (input.email !== undefined && input.email !== null) {
      this.addIdentity(user, "email", input.email, user.verified, now)
    }
    if (input.phone !== undefined && input.phone !== null) this.setPhone(user, input.phone, now)
    return user
  }

  findByEmail(email: string): User | undefined {
    const id = this.byEmail.get(email.trim().toLowerCase())
    return id === undefined ? undefined : this.byId.get(id)
  }

  findByExternalId(externalId: string): User | undefined {
    const id = this.byExternalId.get(externalId.toLowerCase())
    return id === undefined ? undefined : this.byId.get(id)
  }

  /** Candidates, not matches: whoever shares the last digits. */
  findByPhone(phone: string): ReadonlyArray<User> {
    const wanted = digitsOf(phone)
    if (wanted.length < 4) return []
    return [...(this.byPhone.get(phoneKey(phone)) ?? [])].flatMap((id) => {
      const user = this.byId.get(id)
      return user === undefined ? [] : [user]
    })
  }

  identitiesOf(userId: number): ReadonlyArray<Identity> {
    return this.identities.get(userId) ?? []
  }

  addIdentity(user: User, type: string, value: string, verified: boolean, now: number): Identity {
    const list = this.identities.get(user.id) ?? []
    const identity: Identity = {
      id: this.nextId(),
      userId: user.id,
      type,
      value,
      verified,
      primary: !list.some((other) => other.type === type && other.primary),
      createdAt: now,
      updatedAt: now,
    }
    list.push(identity)
    this.identities.set(user.id, list)
    this.index(identity)
    if (type === "email" && identity.primary) user.email = value
    if (type === "email" && verified) user.verified = true
    return identity
  }

  removeIdentity(user: User, identity: Identity): void {
    const rest = this.identitiesOf(user.id).filter((other) => other.id !== identity.id)
    this.identities.set(user.id, rest)
    this.unindex(identity)
    if (!identity.primary) return
    const heir = rest.find((other) => other.type === identity.type)
    if (heir !== undefined) heir.primary = true
    if (identity.type === "email") user.email = heir?.value ?? null
    if (identity.type === "phone_number" && user.phone === identity.value) user.phone = heir?.value ?? null
  }

  setIdentityValue(user: User, identity: Identity, value: string): void {
    this.unindex(identity)
    if (identity.type === "email" && identity.primary) user.email = value
    if (identity.type === "phone_number" && user.phone === identity.value) user.phone = value
    identity.value = value
    this.index(identity)
  }

  makePrimary(user: User, identity: Identity): void {
    for (const other of this.identitiesOf(user.id)) {
      if (other.type === identity.type) other.primary = other.id === identity.id
    }
    if (identity.type === "email") user.email = identity.value
    if (identity.type === "phone_number") user.phone = identity.value
  }

  /** A number nobody has becomes a direct line (an identity); a taken one stays a shared number. */
  setPhone(user: User, phone: string | null, now: number): void {
    const old = this.identitiesOf(user.id).find(
      (identity) => identity.type === "phone_number" && identity.value === user.phone,
    )
    if (old !== undefined) this.removeIdentity(user, old)
    else if (user.phone !== null) this.byPhone.get(phoneKey(user.phone))?.delete(user.id)
    user.phone = phone
    user.sharedPhone = false
    if (phone === null) return
    const taken = this.findByPhone(phone).some((other) =>
      this.identitiesOf(other.id).some(
        (identity) => identity.type === "phone_number" && digitsOf(identity.value) === digitsOf(phone),
      ),
    )
    user.sharedPhone = taken
    if (taken) this.indexPhone(phone, user.id)
    else this.addIdentity(user, "phone_number", phone, true, now)
  }

  setExternalId(user: User, externalId: string | null): void {
    if (user.externalId !== null) this.byExternalId.delete(user.externalId.toLowerCase())
    user.externalId = externalId
    if (externalId !== null) this.byExternalId.set(externalId.toLowerCase(), user.id)
  }

  /** Takes the user out of every index; the row itself stays unless `forget`. */
  remove(user: User, forget: boolean): void {
    for (const identity of this.identitiesOf(user.id)) this.unindex(identity)
    if (user.phone !== null) this.byPhone.get(phoneKey(user.phone))?.delete(user.id)
    if (user.externalId !== null) this.byExternalId.delete(user.externalId.toLowerCase())
    this.identities.delete(user.id)
    user.active = false
    if (forget) this.byId.delete(user.id)
  }

  private index(identity: Identity): void {
    if (identity.type === "email") this.byEmail.set(identity.value.trim().toLowerCase(), identity.userId)
    if (identity.type === "phone_number") this.indexPhone(identity.value, identity.userId)
  }

  private unindex(identity: Identity): void {
    if (identity.type === "email") this.byEmail.delete(identity.value.trim().toLowerCase())
    if (identity.type === "phone_number") this.byPhone.get(phoneKey(identity.value))?.delete(identity.userId)
  }

  private indexPhone(phone: string, userId: number): void {
    const key = phoneKey(phone)
    const ids = this.byPhone.get(key) ?? new Set<number>()
    ids.add(userId)
    this.byPhone.set(key, ids)
  }
}

/** What a person is called when only an address is known. */
export const nameFromEmail = (email: unknown): string => {
  const local = (asString(email) ?? "").split("@")[0] ?? ""
  return local
    .split(/[._-]+/)
    .filter((part) => part !== "")
    .map((part) => part.slice(0, 1).toUpperCase() + part.slice(1))
    .join(" ")
}
