/** Foreign text as a key. Node edge: `node:crypto`. */
import { createHash } from "node:crypto"

/** Postgres' B-tree rows hold at most about 2,700 bytes; 500 characters are 2,000 bytes at worst. */
const longestKey = 500

/**
 * The text itself, or its SHA-256 when a database could not index it: too long, or with the character U+0000 that
 * Postgres' `text` refuses. A text that looks like such a digest is digested, too, so that nobody can pick one.
 */
export const keyOf = (text: string): string =>
  text.length <= longestKey && !text.includes("\u0000") && !text.startsWith("sha256:")
    ? text
    : `sha256:${createHash("sha256").update(text, "utf8").digest("hex")}`

/** Text for people to read: without U+0000, and of a bounded length. */
export const plainText = (text: string): string => text.slice(0, 10_000).replaceAll("\u0000", "\uFFFD")
