/**
 * The fake provider as a program, to try the channel by hand: `npm run fake`. It takes lines on its standard input:
 *
 *     hook <webhook URL>      where the provider calls (`opencx urls` prints it)
 *     <user>: <words>         a customer writes
 *
 * and prints what customers are shown, one JSON object a line.
 */
import { createInterface } from "node:readline"
import { startFakeAcme } from "./support/fakeAcme.ts"

const say = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`)

const fake = await startFakeAcme({
  apiKey: process.env["FAKE_API_KEY"] ?? "fake-api-key-0123456789",
  webhookSecret: process.env["FAKE_WEBHOOK_SECRET"] ?? "fake-webhook-secret-0123456789",
  port: Number(process.env["FAKE_PORT"] ?? 4020),
})
say({ ready: true, apiBaseUrl: fake.url })

let hookUrl = process.env["FAKE_HOOK_URL"] ?? ""
let shown = 0
const showing = setInterval(() => {
  for (const message of fake.messages().slice(shown)) say({ shown: message })
  shown = fake.messages().length
}, 100)

const commands = createInterface({ input: process.stdin })
commands.on("line", (line) => {
  const [, url] = /^hook (\S+)$/.exec(line) ?? []
  const [, user, words] = /^(\w+): (.+)$/.exec(line) ?? []
  if (url !== undefined) hookUrl = url
  else if (user !== undefined && words !== undefined)
    void fake.customerWrites(hookUrl, { user, text: words }).then((status) => say({ wrote: words, status }))
  else say({ error: "write `hook <URL>` or `<user>: <words>`" })
})
commands.on("close", () => {
  clearInterval(showing)
  void fake.close()
})
