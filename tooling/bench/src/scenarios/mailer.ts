/** A bare mail program with one open connection: what sending costs when nothing stands around it. */
import { createRequire } from "node:module"
import { Effect, Schema } from "effect"

export interface Letter {
  readonly from: string
  readonly to: string
  readonly subject: string
  readonly text: string
}

class MailerFailed extends Schema.TaggedError<MailerFailed>("@opencx-tooling/bench/MailerFailed")(
  "MailerFailed",
  {
    detail: Schema.String,
  },
) {}

interface Transport {
  sendMail(letter: Letter): Promise<unknown>
  close(): void
}
interface Nodemailer {
  createTransport(options: object): Transport
}

/** The very one that the runtime sends with: found where the runtime finds it. */
const load = (): unknown => createRequire(import.meta.resolve("@opencx/runtime"))("nodemailer")

const isNodemailer = (value: unknown): value is Nodemailer =>
  typeof value === "object" && value !== null && "createTransport" in value

/** `address`: host:port. Resolves with the milliseconds that the server took; closed with the scope. */
export const openMailer = Effect.fnUntraced(function* (address: string) {
  const nodemailer = load()
  if (!isNodemailer(nodemailer)) return yield* new MailerFailed({ detail: "nodemailer is not installed" })
  const [host, port] = address.split(":")
  const transport = yield* Effect.acquireRelease(
    Effect.sync(() =>
      nodemailer.createTransport({
        host,
        port: Number(port),
        ignoreTLS: true,
        pool: true,
        maxConnections: 1,
        maxMessages: 100_000,
      }),
    ),
    (open) => Effect.sync(() => open.close()),
  )
  return (letter: Letter) =>
    Effect.tryPromise({
      try: async () => {
        const started = performance.now()
        await transport.sendMail(letter)
        return performance.now() - started
      },
      catch: (cause) => new MailerFailed({ detail: String(cause) }),
    })
})
