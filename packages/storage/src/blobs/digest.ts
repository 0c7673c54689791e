/** Content addresses. Node edge: `node:crypto`. */
import { createHash } from "node:crypto"

/** SHA-256 in hexadecimal: the same bytes have the same name. */
export const contentAddress = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex")
