/** The customer at the mail program, and the humans in Zendesk. */
import { type CustomerMail, mailsTo, sendMail, type SinkMail } from "@opencx/runtime"
import { Effect, Schema } from "effect"
import { createHmac } from "node:crypto"
import { eventually } from "./customers.ts"
import type { Site } from "./world.ts"

/** What a letter may say beside its text. */
export interface LetterOptions extends Partial<Omit<CustomerMail, "host" | "port" | "from" | "text">> {
  /** The mail that this one answers; it goes to that mail's Reply-To. */
  readonly answering?: SinkMail
}

export interface Customer {
  readonly address: string
  /** Sends a mail; answers with its Message-ID when the runtime has taken it. */
  readonly write: (text: string, options?: LetterOptions) => Promise<string>
  readonly mails: () => ReadonlyArray<SinkMail>
  /** Waits for a mail to this customer. */
  readonly gets: (what: string, matches: (mail: SinkMail) => boolean, seconds?: number) => Promise<SinkMail>
  /** Waits for the answer to a mail that was sent. */
  readonly getsAnswerTo: (messageId: string) => Promise<SinkMail>
}

/** A customer of a site. Message-IDs of what the customer sends are made by the mail program. */
export const customerOf = (site: Site, address: string, name = "Dana Lee"): Customer => {
  const mails = () => mailsTo(site, address)
  const gets = (what: string, matches: (mail: SinkMail) => boolean, seconds = 15) =>
    eventually(`${what} in the mailbox of ${address}`, () => mails().find(matches), seconds)
  const write = async (text: string, { answering, ...rest }: LetterOptions = {}) => {
    const sent = sendMail({
      host: "127.0.0.1",
      port: site.smtpPort,
      from: address,
      name,
      to: answering?.replyTo ?? site.supportAddress,
      subject: answering === undefined ? "A question" : `Re: ${answering.subject}`,
      text,
      inReplyTo: answering?.messageId ?? null,
      ...rest,
    })
    return (await Effect.runPromise(sent)).messageId
  }
  return {
    address,
    write,
    mails,
    gets,
    getsAnswerTo: (messageId) =>
      gets(`an answer to ${messageId}`, (m) => m.headers["in-reply-to"] === messageId),
  }
}

const Attachment = Schema.Struct({
  file_name: Schema.String,
  content_type: Schema.String,
  size: Schema.Int,
  content_url: Schema.String,
})

const Comment = Schema.Struct({
  id: Schema.Int,
  author_id: Schema.Int,
  public: Schema.Boolean,
  body: Schema.String,
  html_body: Schema.String,
  attachments: Schema.Array(Attachment),
})
export type DeskComment = typeof Comment.Type

const Ticket = Schema.Struct({
  id: Schema.Int,
  status: Schema.String,
  subject: Schema.String,
  external_id: Schema.NullOr(Schema.String),
  requester_id: Schema.Int,
  submitter_id: Schema.Int,
  tags: Schema.Array(Schema.String),
  followup_source_id: Schema.NullOr(Schema.Int),
  comments: Schema.Array(Comment),
})
export type DeskTicket = typeof Ticket.Type

const User = Schema.Struct({
  id: Schema.Int,
  name: Schema.String,
  email: Schema.NullOr(Schema.String),
  role: Schema.String,
  suspended: Schema.Boolean,
})

const decodeTickets = Schema.decodeUnknownSync(Schema.Struct({ tickets: Schema.Array(Ticket) }))
const decodeUsers = Schema.decodeUnknownSync(Schema.Struct({ users: Schema.Array(User) }))

/** All tickets of the site's Zendesk account, oldest first. */
export const ticketsOf = (site: Pick<Site, "emulator">): ReadonlyArray<DeskTicket> =>
  decodeTickets(site.emulator.state(["tickets"])).tickets

export const usersOf = (site: Pick<Site, "emulator">) => decodeUsers(site.emulator.state(["users"])).users

/** Tickets whose requester has this address. */
export const ticketsBy = (site: Pick<Site, "emulator">, address: string): ReadonlyArray<DeskTicket> => {
  const user = usersOf(site).find((one) => one.email === address)
  return ticketsOf(site).filter((ticket) => ticket.requester_id === user?.id)
}

export const ticketNumbered = (site: Pick<Site, "emulator">, id: number): DeskTicket => {
  const found = ticketsOf(site).find((ticket) => ticket.id === id)
  if (found === undefined) throw new Error(`there is no ticket ${id}`)
  return found
}

/** A call to the site's Zendesk account, as its administrator. */
export const asAdmin = async (
  site: Pick<Site, "emulator">,
  url: string,
  init: { readonly method?: string; readonly json?: unknown } = {},
) => {
  const grant = {
    grant_type: "client_credentials",
    client_id: "opencx",
    client_secret: "opencx-secret",
    scope: "read write",
  }
  const headers = { "content-type": "application/json" }
  const login = await fetch(`${site.emulator.url}/oauth/tokens`, {
    method: "POST",
    headers,
    body: JSON.stringify(grant),
  })
  const { access_token } = Schema.decodeUnknownSync(Schema.Struct({ access_token: Schema.String }))(
    await login.json(),
  )
  const answer = await fetch(new URL(url, site.emulator.url), {
    method: init.method ?? "GET",
    headers: { ...headers, authorization: `Bearer ${access_token}` },
    ...(init.json === undefined ? {} : { body: JSON.stringify(init.json) }),
  })
  if (!answer.ok) throw new Error(`${init.method ?? "GET"} ${url}: ${answer.status}`)
  return answer
}

/** The bytes of a comment's attachment, as an agent who is logged in gets them. */
export const bytesOf = async (
  site: Site,
  file: { readonly content_url: string } | undefined,
): Promise<Uint8Array> => new Uint8Array(await (await asAdmin(site, file?.content_url ?? "")).arrayBuffer())

/** Waits until the customer's words are on a ticket of theirs. */
export const ticketWith = (site: Site, address: string, words: string): Promise<DeskTicket> =>
  eventually(
    `"${words}" on a ticket of ${address}`,
    () =>
      ticketsBy(site, address).find((t) =>
        t.comments.some((c) => c.html_body.includes(words) || c.body.includes(words)),
      ),
    20,
  )

/** Waits for a comment on a ticket. */
export const commentOn = (
  site: Site,
  id: number,
  what: string,
  matches: (comment: DeskComment) => boolean,
): Promise<DeskComment> =>
  eventually(`${what} on ticket ${id}`, () => ticketNumbered(site, id).comments.find(matches), 20)

/** Brings a customer to a human: the ticket, and the mail that tells of it. */
export const handedOff = async (
  site: Site,
  customer: Customer,
  text = "I want to talk to a human, please.",
) => {
  await customer.write(text)
  const ticket = await eventually(
    `a ticket for ${customer.address}`,
    () => ticketsBy(site, customer.address)[0],
    20,
  )
  const told = await customer.gets("the handoff message", (m) => m.text.includes("colleague"))
  return { ticket, told }
}

/** A ticket webhook as Zendesk signs it. */
export const signedSignal = (
  secret: string,
  body: string,
  at = new Date(),
): Readonly<Record<string, string>> => {
  const timestamp = at.toISOString()
  return {
    "content-type": "application/json",
    "x-zendesk-webhook-signature-timestamp": timestamp,
    "x-zendesk-webhook-signature": createHmac("sha256", secret)
      .update(timestamp)
      .update(body)
      .digest("base64"),
    "x-zendesk-webhook-invocation-id": `test-${Math.random()}`,
  }
}
