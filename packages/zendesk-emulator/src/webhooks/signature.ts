import { createHmac } from "node:crypto"

/** base64(HMAC-SHA256(secret, timestamp + body)), no delimiter between the two. */
export const sign = (secret: string, timestamp: string, body: string): string =>
  createHmac("sha256", secret).update(timestamp).update(body).digest("base64")
