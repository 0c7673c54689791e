/** The email channel as the runtime binds it, fed by SendGrid's webhook: the one door that takes raw bytes. */
import { emailPlugin } from "@opencx/channel-email"
import { AccountId, type ChannelEvent, OrgId } from "@opencx/core"
import { UnfitData } from "../data/files.ts"
import { Effect } from "effect"

const basic = { username: "eval", password: "eval-password-1" }
const boundary = "----opencx-eval-9f2b7c"

const settings = {
  address: "support@acme.example",
  displayName: "Acme",
  outbound: { host: "127.0.0.1", port: 2525 },
  inbound: { sendgrid: { basic } },
  // Who wrote it is not what is measured, and DNS would be asked otherwise.
  authentication: "trust",
}

const field = (name: string, value: string | Uint8Array): Uint8Array =>
  Buffer.concat([
    Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n`),
    Buffer.from(value),
    Buffer.from("\r\n"),
  ])

export type Mailbox = (raw: Uint8Array) => Effect.Effect<ReadonlyArray<ChannelEvent>, Error>

/** Takes a raw mail, answers with what the engine would be told. */
export const openMailbox = Effect.fn("eval.openMailbox")(function* () {
  const bound = yield* emailPlugin.bind({
    orgId: OrgId.make("eval"),
    accountId: AccountId.make("mail"),
    organizationName: "Acme",
    settings,
    signer: { sign: (_, text) => Buffer.from(text).toString("hex"), open: () => null },
    hookUrl: "https://hooks.acme.example/hooks/email/eval",
    publicUrl: "https://hooks.acme.example",
  })
  const { receive } = bound
  if (receive === null)
    return yield* new UnfitData({ detail: "the email channel takes no webhooks any more" })
  const login = Buffer.from(`${basic.username}:${basic.password}`).toString("base64")
  const mailbox: Mailbox = (raw) =>
    receive({
      method: "POST",
      url: "https://hooks.acme.example/hooks/email/eval",
      headers: {
        authorization: `Basic ${login}`,
        "content-type": `multipart/form-data; boundary=${boundary}`,
      },
      body: Buffer.concat([field("email", raw), Buffer.from(`--${boundary}--\r\n`)]),
      remoteAddress: "192.0.2.7",
    }).pipe(
      Effect.mapError(
        (error) => new UnfitData({ detail: `the email channel refused a mail: ${error.detail}` }),
      ),
    )
  return mailbox
})

/** A plain mail around a text. */
export const mailOf = (text: string, type = "text/plain"): Uint8Array =>
  Buffer.from(
    [
      "From: Ann Lee <ann@customer.example>",
      "To: support@acme.example",
      "Subject: Re: Question",
      "Message-ID: <q1@customer.example>",
      "MIME-Version: 1.0",
      `Content-Type: ${type}; charset=utf-8`,
      "Content-Transfer-Encoding: base64",
      "",
      Buffer.from(text).toString("base64").replace(/.{76}/g, "$&\r\n"),
      "",
    ].join("\r\n"),
  )
