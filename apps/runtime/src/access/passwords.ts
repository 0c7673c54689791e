/** Passwords as scrypt digests: `scrypt$<log2 N>$<r>$<p>$<salt>$<digest>`. Node edge: `node:crypto`. */
import { Effect, Schema, Semaphore } from "effect"
import { randomBytes, scrypt, timingSafeEqual } from "node:crypto"

/** At least 10 characters: length counts, rules about signs do not (NIST SP 800-63B). At most what is quick to digest. */
export const Password = Schema.String.check(
  Schema.isMinLength(10, { message: "Use 10 characters or more" }),
  Schema.isMaxLength(500, { message: "Use 500 characters or fewer" }),
)

interface Cost {
  readonly logN: number
  readonly r: number
  readonly p: number
}

/** 32 MiB and some 80 ms each (OWASP's choice for scrypt of one lane with N = 2^15 is p = 3; memory first). */
const cost: Cost = { logN: 15, r: 8, p: 3 }

const saltBytes = 16
const digestBytes = 32

const derive = (password: string, salt: Uint8Array, { logN, p, r }: Cost): Effect.Effect<Buffer> =>
  Effect.callback((resume) => {
    const options = { N: 2 ** logN, r, p, maxmem: 256 * 2 ** logN * r }
    // Unicode has several spellings of the same letters; people cannot choose which their keyboard sends.
    scrypt(password.normalize("NFKC"), salt, digestBytes, options, (error, key) =>
      resume(error === null ? Effect.succeed(key) : Effect.die(error)),
    )
  })

// Each takes 32 MiB and a thread: a crowd at the door must wait, not fill the memory.
const turns = Semaphore.makeUnsafe(2)

export const hashPassword = Effect.fn("hashPassword")(function* (password: string) {
  const salt = randomBytes(saltBytes)
  const digest = yield* turns.withPermits(1)(derive(password, salt, cost))
  const { logN, p, r } = cost
  return ["scrypt", logN, r, p, salt.toString("base64url"), digest.toString("base64url")].join("$")
})

const parse = (stored: string) => {
  const found = /^scrypt\$(\d{1,2})\$(\d{1,2})\$(\d{1,2})\$([\w-]{10,100})\$([\w-]{20,100})$/.exec(stored)
  const [, logN = "", r = "", p = "", salt = "", digest = ""] = found ?? []
  return found === null
    ? null
    : {
        cost: { logN: Number(logN), r: Number(r), p: Number(p) },
        salt: Buffer.from(salt, "base64url"),
        digest: Buffer.from(digest, "base64url"),
      }
}

const nobody = { cost, salt: Buffer.alloc(saltBytes), digest: Buffer.alloc(digestBytes) }

/** Takes as long for somebody who has no password (`stored` null) as for everybody else. */
export const passwordFits = Effect.fn("passwordFits")(function* (password: string, stored: string | null) {
  const known = stored === null ? null : parse(stored)
  const { cost: itsCost, digest, salt } = known ?? nobody
  const found = yield* turns.withPermits(1)(derive(password, salt, itsCost))
  return known !== null && digest.length === found.length && timingSafeEqual(digest, found)
})
