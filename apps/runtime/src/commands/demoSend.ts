/** `opencx demo:send`: writes a mail as a customer would. */
import { Console, Effect, Option } from "effect"
import { Command, Flag } from "effect/cli"
import { supportAddress } from "../demo/config.ts"
import { sendMail } from "../demo/sendMail.ts"

const text = (name: string, what: string) => Flag.String(name).pipe(Flag.withDescription(what))

export const demoSend = Command.make(
  "demo:send",
  {
    from: text("from", "The customer's address").pipe(Flag.withDefault("dana@example.com")),
    name: text("name", "The customer's name").pipe(Flag.withDefault("Dana Lee")),
    to: text("to", "The support address").pipe(Flag.withDefault(supportAddress)),
    subject: text("subject", "Subject").pipe(Flag.withDefault("A question")),
    text: text("text", "What the customer writes"),
    smtp: text("smtp", "host:port that takes the mail").pipe(Flag.withDefault("127.0.0.1:2525")),
    inReplyTo: text("in-reply-to", "Message-ID of the mail that this one answers").pipe(Flag.optional),
  },
  ({ inReplyTo, smtp, ...mail }) =>
    Effect.gen(function* () {
      const [host = "127.0.0.1", port = "2525"] = smtp.split(":")
      const sent = yield* sendMail({
        ...mail,
        host,
        port: Number(port),
        inReplyTo: Option.getOrNull(inReplyTo),
      })
      yield* Console.log(`Sent as ${sent.messageId}. The answer goes to the customers' mailbox.`)
    }),
).pipe(Command.withDescription("Send a mail to the demonstration as a customer"))
