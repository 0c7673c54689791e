import { randomBytes } from "node:crypto"

const hex = (value: number, length: number): string =>
  Math.floor(value).toString(16).padStart(length, "0").slice(-length)

/** 24 hexadecimal digits: seconds, a random part, a counter. Later ids of one account sort behind earlier ones. */
export class ObjectIds {
  private readonly middle = randomBytes(4).toString("hex")
  private counter = 0
  private newest = 0

  next(now: number): string {
    // A clock that was set back must not make ids that sort before older ones.
    this.newest = Math.max(this.newest, Math.floor(now / 1_000))
    this.counter += 1
    return hex(this.newest, 8) + this.middle + hex(this.counter, 8)
  }
}

export const isObjectId = (text: string): boolean => /^[0-9a-f]{24}$/i.test(text)
