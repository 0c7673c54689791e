/**
 * The fake provider as a program, to try the channel by hand: `npm run fake`. It takes lines on its standard input:
 *
 *     hook <webhook URL>      where the provider calls (`opencx urls` prints it)
 *     <user>: <words>         a customer writes
 *     report <id> <state>     the provider tells what became of a message: delivered, read, failed
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

/** Every customer has a number, made of their name: the help desk wants more than an id to make a ticket for somebody. */
const phoneOf = (user: string): string => {
  const sum = [...user].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 10_000, 7)
  return `+1415555${String(sum).padStart(4, "0")}`
}

const write = async (user: string, text: string): Promise<void> => {
  const status = await fake.customerWrites(hookUrl, { user, name: user, phone: phoneOf(user), text })
  say({ wrote: text, status })
}

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
  const [, id, state] = /^report (\S+) (\w+)$/.exec(line) ?? []
  const reported = fake.messages().find((message) => message.id === id)
  if (url !== undefined) hookUrl = url
  else if (user !== undefined && words !== undefined) void write(user, words)
  else if (reported !== undefined && state !== undefined)
    void fake.report(hookUrl, reported, state).then((status) => say({ reported: id, status }))
  else say({ error: "write `hook <URL>`, `<user>: <words>` or `report <id> <state>`" })
})
commands.on("close", () => {
  clearInterval(showing)
  void fake.close()
})
