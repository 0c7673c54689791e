/** A delivery status notification (RFC 3464), as a customer's mail server sends one for an address that does not exist. */
import type { SinkMail } from "./MailSink.ts"

const boundary = "b"

const part = (type: string, ...lines: ReadonlyArray<string>): ReadonlyArray<string> => [
  `--${boundary}`,
  `Content-Type: ${type}`,
  "",
  ...lines,
  "",
]

/** The whole bounce of `mail`, which `recipient` never got. */
export const bounceOf = (mail: Pick<SinkMail, "messageId" | "from" | "subject">, recipient: string): string =>
  [
    "From: Mail Delivery Subsystem <mailer-daemon@example.com>",
    "Subject: Undelivered Mail Returned to Sender",
    `Message-ID: <bounce-of-${recipient}>`,
    "Auto-Submitted: auto-replied",
    "MIME-Version: 1.0",
    `Content-Type: multipart/report; report-type=delivery-status; boundary="${boundary}"`,
    "",
    ...part("text/plain", "The mail could not be delivered."),
    ...part(
      "message/delivery-status",
      "Reporting-MTA: dns; mx.example.com",
      "",
      `Final-Recipient: rfc822; ${recipient}`,
      "Action: failed",
      "Status: 5.1.1",
      "Diagnostic-Code: smtp; 550 5.1.1 mailbox does not exist",
    ),
    ...part(
      "message/rfc822",
      `Message-ID: ${mail.messageId}`,
      `From: ${mail.from}`,
      `To: ${recipient}`,
      `Subject: ${mail.subject}`,
      "",
      "original",
    ),
    `--${boundary}--`,
    "",
  ].join("\r\n")
