/** How the provider proves its webhooks, from its own side. */
import { createHmac } from "node:crypto"

/** Headers for these bytes. `at` in epoch milliseconds. */
export const proofHeaders = (
  body: Uint8Array,
  secret: string,
  at: number = Date.now(),
): Record<string, string> => {
  const timestamp = String(Math.floor(at / 1000))
  const signature = createHmac("sha256", secret).update(`${timestamp}.`).update(body).digest("hex")
  return { "x-acme-timestamp": timestamp, "x-acme-signature": `v1=${signature}` }
}

/** Every byte is signed: the contract suite changes some and wants a refusal. */
export const coversBody = true

/** What somebody else could send with a body that the provider has once signed. */
export const forgedHeaders = (
  body: Uint8Array,
  secret: string,
): ReadonlyArray<{ readonly name: string; readonly headers: Record<string, string> }> => {
  const good = proofHeaders(body, secret)
  return [
    { name: "another secret", headers: proofHeaders(body, `${secret}-other`) },
    { name: "a replay after ten minutes", headers: proofHeaders(body, secret, Date.now() - 600_000) },
    { name: "a timestamp of tomorrow", headers: proofHeaders(body, secret, Date.now() + 86_400_000) },
    {
      name: "an old signature under a new timestamp",
      headers: {
        ...proofHeaders(body, secret, Date.now() - 600_000),
        "x-acme-timestamp": good["x-acme-timestamp"] ?? "",
      },
    },
    { name: "no signature", headers: { "x-acme-timestamp": good["x-acme-timestamp"] ?? "" } },
    { name: "a signature of another length", headers: { ...good, "x-acme-signature": "v1=00" } },
    { name: "a timestamp that is no number", headers: { ...good, "x-acme-timestamp": "now" } },
  ]
}
