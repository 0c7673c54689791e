/** What a contestant is told when it starts, and what it says when it is ready. */
import { Schema } from "effect"

export const Setup = Schema.Struct({
  twilio: Schema.Struct({
    url: Schema.String,
    accountSid: Schema.String,
    authToken: Schema.String,
    number: Schema.String,
  }),
  meta: Schema.Struct({
    url: Schema.String,
    phoneNumberId: Schema.String,
    wabaId: Schema.String,
    accessToken: Schema.String,
    appSecret: Schema.String,
    verifyToken: Schema.String,
  }),
  /** The emulated Zendesk. */
  zendesk: Schema.String,
  /** A directory that the contestant may fill. */
  dataDir: Schema.String,
  /** Where the peer's packages are installed. */
  packages: Schema.String,
})
export type Setup = typeof Setup.Type

export const Ready = Schema.Struct({
  /** Webhook URLs. */
  sms: Schema.String,
  whatsapp: Schema.String,
  /** What the program has been told beside customers' messages. */
  told: Schema.String,
})
export type Ready = typeof Ready.Type

/** A child's only argument. */
export const setupOf = (argument: string | undefined): Setup =>
  Schema.decodeUnknownSync(Schema.fromJsonString(Setup))(argument)

export const sayReady = (ready: Ready): void => {
  process.stdout.write(`${JSON.stringify(ready)}\n`)
}

/** Children end with whoever started them. */
export const endWithParent = (): void => {
  process.stdin.on("close", () => process.exit(0)).resume()
  process.on("SIGTERM", () => process.exit(0))
}
