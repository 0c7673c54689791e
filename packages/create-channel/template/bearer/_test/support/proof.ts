/** How the provider proves its webhooks, from its own side. */

/** Headers for these bytes. The token is all the proof that there is. */
export const proofHeaders = (_body: Uint8Array, secret: string): Record<string, string> => ({
  authorization: `Bearer ${secret}`,
})

/** The token says nothing about the body. */
export const coversBody = false

/** What somebody else could send. */
export const forgedHeaders = (
  _body: Uint8Array,
  secret: string,
): ReadonlyArray<{ readonly name: string; readonly headers: Record<string, string> }> => [
  { name: "another token", headers: { authorization: `Bearer ${secret}x` } },
  { name: "half of the token", headers: { authorization: `Bearer ${secret.slice(0, 8)}` } },
  { name: "an empty token", headers: { authorization: "Bearer " } },
  { name: "the token in another scheme", headers: { authorization: `Basic ${secret}` } },
]
