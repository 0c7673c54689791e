/** Webhook URLs that can be taken back: the signature is over the edition that the configuration names. */
import type { UrlSigner } from "./tokens.ts"

interface Edited {
  readonly id: string
  readonly urlEdition: number
}

type Organizations = ReadonlyArray<Edited & { readonly accounts: ReadonlyArray<Edited> }>

/**
 * A signer whose tokens for an organization, or for one of its accounts, hold for their current edition only. The first edition
 * signs as if there were none, so that URLs which are in use stay what they are.
 */
export const withEditions = (urls: UrlSigner, organizations: Organizations): UrlSigner => {
  const editions = new Map<string, number>()
  for (const { accounts, id, urlEdition } of organizations) {
    editions.set(id, urlEdition)
    for (const account of accounts) editions.set(`${id}.${account.id}`, account.urlEdition)
  }
  /** `parts` as they stand in the token; nobody has vouched for them yet. */
  const purposeOf = (purpose: string, parts: ReadonlyArray<string>): string => {
    const edition = editions.get(parts.join(".")) ?? 1
    return edition === 1 ? purpose : `${purpose} ${edition}`
  }
  return {
    sign: (purpose, parts) => urls.sign(purposeOf(purpose, parts), parts),
    open: (purpose, token) => urls.open(purposeOf(purpose, token.split(".").slice(0, -1)), token),
  }
}
