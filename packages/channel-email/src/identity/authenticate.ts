/** DKIM, SPF and DMARC, checked by ourselves. */
import { Resolver } from "node:dns/promises"
import { Effect } from "effect"
import { authenticate, type DNSResolver } from "mailauth"
import type { EmailSettings } from "../settings.ts"

/** Who delivered the mail, where we saw it. */
export interface Peer {
  readonly ip: string
  readonly helo: string
  readonly mailFrom: string
}

/** Answers a DNS question; see `dns.resolve`. Tests and closed networks bring their own. */
export type MailResolver = DNSResolver

const forServers = (servers: ReadonlyArray<string>): MailResolver => {
  const resolver = new Resolver({ timeout: 3_000, tries: 2 })
  resolver.setServers([...servers])
  return async (domain, type) => {
    const found: unknown = await resolver.resolve(domain, type)
    return Array.isArray(found) ? found : []
  }
}

/** The resolver of an account: the injected one, the configured servers, or (undefined) the machine's own. */
export const resolverFor = (
  settings: EmailSettings,
  injected: MailResolver | undefined,
): MailResolver | undefined =>
  injected ?? (settings.dnsServers === undefined ? undefined : forServers(settings.dnsServers))

/**
 * True when DMARC passes. Without a peer (mail from a mailbox or a webhook) only DKIM can prove the domain. No answer
 * from DNS within ten seconds, or any fault: false, the sender stays unidentified.
 */
export const dmarcPasses = (
  raw: Uint8Array,
  peer: Peer | null,
  resolver: MailResolver | undefined,
): Effect.Effect<boolean> =>
  Effect.tryPromise(() =>
    authenticate(Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength), {
      ...(peer === null ? {} : { ip: peer.ip, helo: peer.helo, sender: peer.mailFrom }),
      ...(resolver === undefined ? {} : { resolver }),
      mta: "opencx",
      disableArc: true,
      disableBimi: true,
    }),
  ).pipe(
    Effect.map(
      (result) =>
        result.dmarc !== false &&
        result.dmarc.status.result === "pass" &&
        // A signature with `l=` covers the beginning of the body only: anybody can write on.
        !result.dkim.results.some((r) => (r.status.underSized ?? 0) > 0),
    ),
    Effect.timeoutOption("10 seconds"),
    Effect.map((o) => (o._tag === "Some" ? o.value : false)),
    Effect.orElseSucceed(() => false),
  )
