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
 * A header without its quoted strings and comments (RFC 5322, 3.2), which may be nested: in them stand the sender's own words,
 * such as the local part of the address that they gave. Null when one of them does not end.
 */
const ownWords = (value: string): string | null => {
  let words = ""
  let depth = 0
  let isQuoted = false
  for (let at = 0; at < value.length; at++) {
    const sign = value[at] ?? ""
    if (sign === "\\" && (isQuoted || depth > 0)) at += 1
    else if (sign === '"' && depth === 0) isQuoted = !isQuoted
    else if (isQuoted) continue
    else if (sign === "(") depth += 1
    else if (sign === ")" && depth > 0) depth -= 1
    else if (depth === 0) words += sign
  }
  return isQuoted || depth > 0 ? null : words
}

/**
 * The verdict of our own border server: only the topmost `Authentication-Results`, and only when it carries that
 * server's name; anybody can write the others. Null when there is none.
 */
export const trustedResult = (mail: Mail, authservId: string): boolean | null => {
  const value = header(mail, "authentication-results")
  if (value === null) return null
  const words = ownWords(value)
  const id = words?.split(";")[0]?.trim().split(/\s+/)[0]?.toLowerCase()
  if (words === null || id !== authservId.toLowerCase()) return null
  const results = [...words.matchAll(/;\s*dmarc\s*=\s*([a-z]+)/gi)].map(([, result]) => result?.toLowerCase())
  return results.length === 0 ? null : results.every((result) => result === "pass")
}
