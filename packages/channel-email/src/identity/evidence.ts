/** Is the sender who the mail says? Only a DMARC pass makes an address an identity (RFC 7489). */
import { header, type Mail } from "../mime/Mail.ts"
import { domainOf } from "../settings.ts"

/** What a provider found out about a mail before it reached us. */
export interface ProviderVerdict {
  readonly dmarc: boolean | null
  /** Domains whose DKIM signature was good. */
  readonly dkimDomains: ReadonlyArray<string>
  readonly spfPass: boolean
}

/** Exactly one author, and nobody else named as the sender: else the address that people see may not be the one that was proved. */
export const hasOneAuthor = (mail: Mail): boolean => {
  const from = mail.from[0]
  return (
    mail.from.length === 1 &&
    from !== undefined &&
    mail.headers.filter((h) => h.key === "from").length <= 1 &&
    (mail.sender === null || mail.sender.address === from.address)
  )
}

/** Relaxed alignment without a public-suffix list: the same domain, or one below the other. */
export const aligned = (signer: string, author: string): boolean => {
  const a = signer.toLowerCase()
  const b = author.toLowerCase()
  return a.includes(".") && b.includes(".") && (a === b || b.endsWith(`.${a}`) || a.endsWith(`.${b}`))
}

/** True when the provider vouches for the From address. */
export const providerPasses = (
  verdict: ProviderVerdict,
  mail: Mail,
  envelopeFrom: string | null,
): boolean => {
  if (verdict.dmarc !== null) return verdict.dmarc
  const author = domainOf(mail.from[0]?.address ?? "")
  if (verdict.dkimDomains.some((d) => aligned(d, author))) return true
  return (
    verdict.spfPass &&
    envelopeFrom !== null &&
    envelopeFrom.includes("@") &&
    aligned(domainOf(envelopeFrom), author)
  )
}

/**
 * The verdict of our own border server: only the topmost `Authentication-Results`, and only when it carries that
 * server's name; anybody can write the others. Null when there is none.
 */
export const trustedResult = (mail: Mail, authservId: string): boolean | null => {
  const value = header(mail, "authentication-results")
  if (value === null) return null
  const withoutComments = value.replace(/\([^()]{0,2000}\)/g, " ")
  const id = withoutComments.split(";")[0]?.trim().split(/\s+/)[0]?.toLowerCase()
  if (id !== authservId.toLowerCase()) return null
  const dmarc = /;\s*dmarc\s*=\s*([a-z]+)/i.exec(withoutComments)?.[1]?.toLowerCase()
  return dmarc === undefined ? null : dmarc === "pass"
}
