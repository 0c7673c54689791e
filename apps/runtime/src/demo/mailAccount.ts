/** A mail account of the demonstration, as a configuration file states it. */

export interface MailPlaces {
  readonly host: string
  readonly sinkPort: number
}

export const mailAccount = (id: string, address: string, displayName: string, at: MailPlaces) => ({
  id,
  channel: "email",
  settings: {
    address,
    displayName,
    outbound: { host: at.host, port: at.sinkPort, starttls: "never" },
    inbound: { smtp: true },
    // Mail on loopback has no DKIM; a real mailbox keeps the default, `verify`.
    authentication: "trust",
  },
})
