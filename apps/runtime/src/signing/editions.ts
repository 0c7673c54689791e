/** Webhook URLs that can be taken back: the signature is over the edition that the configuration names. */
import type { UrlSigner } from "./tokens.ts"

interface Edited {
  readonly id: string
  readonly urlEdition: number
}

type Organization = Edited & { readonly accounts: ReadonlyArray<Edited> }

/** A signer that is told of editions: of the file's organizations at the start, of others as they come and change. */
export interface EditedSigner extends UrlSigner {
  know(organization: Organization): void
}

/**
 * A signer whose tokens for an organization, or for one of its accounts, hold for their current edition only. The first edition
 * signs as if there were none, so that URLs which are in use stay what they are.
 */
export const withEditions = (urls: UrlSigner, organizations: ReadonlyArray<Organization>): EditedSigner => {
  const editions = new Map<string, number>()
  const know = ({ accounts, id, urlEdition }: Organization) => {
    editions.set(id, urlEdition)
    for (const account of accounts) editions.set(`${id}.${account.id}`, account.urlEdition)
  }
  organizations.forEach(know)
  /** `parts` as they stand in the token; nobody has vouched for them yet. */
  const purposeOf = (purpose: string, parts: ReadonlyArray<string>): string => {
    const edition = editions.get(parts.join(".")) ?? 1
    return edition === 1 ? purpose : `${purpose} ${edition}`
  }
  return {
    know,
    sign: (purpose, parts) => urls.sign(purposeOf(purpose, parts), parts),
    open: (purpose, token) => urls.open(purposeOf(purpose, token.split(".").slice(0, -1)), token),
  }
}
