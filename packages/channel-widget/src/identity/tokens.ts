/**
 * Tokens that we give to browsers: what they carry, and how they are sealed. Nothing is stored: a token is its contents and
 * an HMAC under keys of the account.
 */
import type { Signer } from "@opencx/core"
import { Option, Schema } from "effect"
import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto"

/** Somebody whom we know as this browser and nothing more. `secret`: 256 random bits; only its hash leaves the token. */
const Anonymous = Schema.Struct({ k: Schema.Literal("a"), secret: Schema.String, exp: Schema.Number })

/** Somebody whom a signed token of the site named. `thread`: the conversation that goes on, or their own. */
const Known = Schema.Struct({
  k: Schema.Literal("u"),
  sub: Schema.NonEmptyString,
  name: Schema.NullOr(Schema.String),
  /** Verified by the site. */
  email: Schema.NullOr(Schema.String),
  thread: Schema.NonEmptyString,
  exp: Schema.Number,
})

const Claims = Schema.Union([Anonymous, Known])
export type Claims = typeof Claims.Type

/** Names nothing but who may listen, for a minute. */
const Ticket = Schema.Struct({ claims: Claims, exp: Schema.Number })

const readClaims = Schema.decodeUnknownOption(Schema.fromJsonString(Claims))
const readTicket = Schema.decodeUnknownOption(Schema.fromJsonString(Ticket))
const writeClaims = Schema.encodeSync(Schema.fromJsonString(Claims))
const writeTicket = Schema.encodeSync(Schema.fromJsonString(Ticket))

/** Longest token that is looked at, in characters. */
const maxLength = 4_000

/** The account's signer puts 80 bits into a token; four of them make a key of full strength. */
const keyOf = (signer: Signer, purpose: string): Buffer => {
  const parts = ["0", "1", "2", "3"].map((n) => signer.sign(`widget-${purpose}`, `key-${n}`))
  return createHash("sha256").update(parts.join("\n")).digest()
}

const seal = (key: Buffer, json: string): string => {
  const body = Buffer.from(json).toString("base64url")
  return `${body}.${createHmac("sha256", key).update(body).digest("base64url")}`
}

const unseal = (key: Buffer, token: string): string | null => {
  if (token.length > maxLength) return null
  const dot = token.indexOf(".")
  const body = token.slice(0, dot)
  const wanted = Buffer.from(createHmac("sha256", key).update(body).digest("base64url"))
  const given = Buffer.from(token.slice(dot + 1))
  const genuine = dot > 0 && wanted.length === given.length && timingSafeEqual(wanted, given)
  return genuine ? Buffer.from(body, "base64url").toString("utf8") : null
}

const hour = 3_600_000
const anonymousLife = 400 * 24 * hour
const knownLife = 7 * 24 * hour
const ticketLife = 60_000

/** Makes and opens the tokens of one account. Times are epoch milliseconds. */
export class TokenBox {
  readonly #session: Buffer
  readonly #ticket: Buffer

  constructor(signer: Signer) {
    this.#session = keyOf(signer, "session")
    this.#ticket = keyOf(signer, "ticket")
  }

  /** A new anonymous visitor. */
  fresh(now: number): Claims {
    return { k: "a", secret: randomBytes(32).toString("hex"), exp: now + anonymousLife }
  }

  known(subject: Omit<typeof Known.Type, "k" | "exp">, now: number): Claims {
    return { k: "u", ...subject, exp: now + knownLife }
  }

  seal(claims: Claims): string {
    return seal(this.#session, writeClaims(claims))
  }

  /** Null: not ours, or expired. */
  open(token: string, now: number): Claims | null {
    const json = unseal(this.#session, token)
    const claims = json === null ? null : Option.getOrNull(readClaims(json))
    return claims !== null && claims.exp > now ? claims : null
  }

  /** For the one place where a token must stand in a URL: an event stream's. */
  ticket(claims: Claims, now: number): { readonly ticket: string; readonly expiresInMs: number } {
    const sealed = seal(this.#ticket, writeTicket({ claims, exp: now + ticketLife }))
    return { ticket: sealed, expiresInMs: ticketLife }
  }

  openTicket(ticket: string, now: number): Claims | null {
    const json = unseal(this.#ticket, ticket)
    const read = json === null ? null : Option.getOrNull(readTicket(json))
    return read !== null && read.exp > now && read.claims.exp > now ? read.claims : null
  }
}
