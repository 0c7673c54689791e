/** Keys are changed under a running conversation, whose webhook keeps its old URL. */
import { Effect } from "effect"
import { HttpClient, HttpClientRequest } from "effect/http"
import { ConfigurationError } from "../config/ConfigError.ts"
import { sendMail } from "../demo/sendMail.ts"
import { hookUrls } from "../layers/HookUrls.ts"
import { Settings } from "../layers/Settings.ts"
import { rotateMasterKey } from "../operate/keys.ts"
import { onData } from "../operate/onData.ts"
import { rotateKeys } from "../signing/keys.ts"
import { expect, mailsTo, NotSeen, tickets, until, users } from "./observe.ts"
import type { Step, Story } from "./Story.ts"

const customer = "rosa@example.com"
const keepMs = 90 * 86_400_000

const handedOver = Effect.fnUntraced(function* ({ world }: Story) {
  const [host = "", port = ""] = world.urls.smtp.split(":")
  yield* sendMail({
    host,
    port: Number(port),
    from: customer,
    to: world.urls.supportAddress,
    subject: "Before the keys change",
    text: "I want to talk to a human, please.",
  })
  return yield* until("a ticket", () => {
    const user = users(world).find(({ email }) => email === customer)
    return tickets(world).find(({ requester_id }) => requester_id === user?.id)
  })
})

/** As the commands do it, over connections of their own; answers with the webhook URL of now. */
const rotate = Effect.fnUntraced(function* ({ world }: Story) {
  const { config } = yield* Effect.provide(Settings, world.services)
  const { broken } = yield* rotateMasterKey(config)
  yield* expect(broken.length === 0, "every secret sealed anew")
  yield* onData(config, rotateKeys(keepMs))
  const signed = yield* Effect.sleep("4 seconds").pipe(
    Effect.andThen(Effect.provide(hookUrls, world.services)),
  )
  return signed.find(({ what }) => what === "zendesk ticketing")?.url ?? ""
})

const said = (error: { readonly message: string }) =>
  new ConfigurationError({ problem: error.message, hint: "The keys could not be changed." })

/** An unsigned webhook is refused at both URLs, but only a URL that is not ours is called so. */
const knows = Effect.fnUntraced(function* (url: string) {
  const http = yield* HttpClient.HttpClient
  const body = HttpClientRequest.bodyJsonUnsafe({ ticket_id: "1", status: "open" })
  return !/URL is not valid/.test(yield* (yield* http.execute(body(HttpClientRequest.post(url)))).text)
})

export const rotated: Step = {
  name: "keys are rotated: the old webhook URL goes on working beside the new one",
  run: Effect.fnUntraced(function* (story) {
    const ticket = yield* handedOver(story)
    const fresh = yield* rotate(story).pipe(
      Effect.catch((error) => Effect.fail(error instanceof NotSeen ? error : said(error))),
    )
    const old = story.world.urls.zendeskWebhook
    yield* expect(fresh !== old && (yield* knows(fresh)) && (yield* knows(old)), "both URLs accepted")
    yield* Effect.try({
      try: () => story.world.emulator.agent(ticket.id, { action: "reply", body: "After the keys changed." }),
      catch: (cause) => new NotSeen({ what: `the agent's reply: ${String(cause)}` }),
    })
    yield* until("the reply by mail", () =>
      mailsTo(story.world, customer).find((mail) => mail.text.includes("After the keys changed")),
    )
  }),
}
