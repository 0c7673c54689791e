/** Rubbish that passes as Zendesk's: decoders answer with a value or a typed error, and never throw. */
import { brokenJson, brokenText, fuzzSeeds, noise, repeatedBy } from "@opencx/testing"
import { assert, it } from "@effect/vitest"
import { Cause, Effect, Exit } from "effect"
import {
  chatEventOf,
  decodeMessagingEvents,
  decodeTicketSignal,
  htmlToMarkdown,
  verifySignature,
} from "../src/index.ts"
import { Redacted } from "effect"
import { conversationJson, eventJson, messageEvent } from "./fake/events.ts"
import { names } from "./fake/sunshine.ts"

const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value) ?? "")

const stands = (exit: Exit.Exit<unknown, unknown>, seed: number): void => {
  assert.isUndefined(Reflect.get({}, "polluted"), repeatedBy(seed))
  if (Exit.isFailure(exit))
    assert.isFalse(Cause.hasDies(exit.cause), `${repeatedBy(seed)}: ${Cause.pretty(exit.cause)}`)
}

const signal = { v: 1, ticket_id: "35", external_id: "s-1", comment_id: "7", author_id: "9", status: "Open" }
const event = {
  type: "zen:event-type:ticket.comment_added",
  subject: "zen:ticket:35",
  detail: { id: "35", external_id: "s-1", status: "OPEN", actor_id: "9" },
  event: { comment: { id: "7", is_public: true, body: "Hello" } },
}

it.effect("ticket webhooks", () =>
  Effect.gen(function* () {
    for (const seed of fuzzSeeds(600)) {
      const next = noise(seed)
      const template = next(2) === 0 ? signal : event
      const body =
        next(3) === 0
          ? new TextEncoder().encode(brokenText(JSON.stringify(template), next))
          : bytes(brokenJson(template, next))
      const exit = yield* Effect.exit(decodeTicketSignal(body))
      stands(exit, seed)
      if (Exit.isSuccess(exit)) assert.match(exit.value.ticketId, /^\d{1,19}$/, repeatedBy(seed))
    }
  }),
)

const batch = {
  app: { id: "5f1c9e7a0000000000000000" },
  webhook: { id: "w1", version: "v2" },
  events: [
    messageEvent({
      author: {
        type: "user",
        userId: "u1",
        user: { id: "u1", authenticated: true, profile: { givenName: "Dana", email: "dana@example.com" } },
      },
      source: { type: "whatsapp", integrationId: "i1", originalMessageTimestamp: "2026-11-21T08:59:00.000Z" },
    }),
    eventJson("switchboard:passControl", { conversation: conversationJson() }),
    eventJson("conversation:typing", {
      conversation: conversationJson(),
      activity: { type: "typing:start" },
    }),
    eventJson("conversation:message:delivery:failure", {
      conversation: { id: "c1" },
      message: { id: "m1" },
      error: { code: "x", underlyingError: {} },
    }),
    eventJson("user:merge", { mergedUsers: { surviving: { id: "u1" }, discarded: { id: "u2" } } }),
  ],
}

it.effect("messaging webhooks, and what each event means", () =>
  Effect.gen(function* () {
    for (const seed of fuzzSeeds(600)) {
      const read = decodeMessagingEvents(bytes(brokenJson(batch, noise(seed)))).pipe(
        Effect.map((events) => events.map((one) => chatEventOf(one, names))),
      )
      stands(yield* Effect.exit(read), seed)
    }
  }),
)

it.effect("signature headers", () =>
  Effect.gen(function* () {
    for (const seed of fuzzSeeds(300)) {
      const next = noise(seed)
      const given = verifySignature({
        secret: Redacted.make("a-secret"),
        rawBody: bytes(signal),
        timestampHeader: brokenText("2026-11-21T09:00:00Z", next),
        signatureHeader: brokenText("JH0zYxk2WxWkVzXkqXOxF2l8t3cE2rZ0wKyqWwqYvYo=", next),
        now: Date.parse("2026-11-21T09:00:00Z"),
      })
      const exit = yield* Effect.exit(given)
      stands(exit, seed)
      assert.isTrue(Exit.isFailure(exit), `${repeatedBy(seed)}: a made-up signature passed`)
    }
  }),
)

const article =
  '<h1>Bikes &amp; more</h1><p>Pay <a href="/x?a=1&b=2">here</a>: <b>now</b>.</p><table><tr><td>1</td></tr></table>' +
  '<ul><li>one<ul><li>two</li></ul></li></ul><pre><code>x &lt; y</code></pre><img src="a.png" alt="a"><iframe src="//v"></iframe>'

it("articles in HTML", () => {
  for (const seed of fuzzSeeds(300)) {
    const markdown = htmlToMarkdown(brokenText(article, noise(seed)), {
      origin: "https://help.example.com",
      images: "alt",
    })
    assert.notMatch(markdown, /\]\(\s*(?:javascript|data|vbscript):/i, repeatedBy(seed))
  }
})
