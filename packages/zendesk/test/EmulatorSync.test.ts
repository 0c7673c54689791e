import { ArticleStore } from "@opencx/core"
import { make as startEmulator } from "@opencx/zendesk-emulator"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted, Schema } from "effect"
import {
  decodeTicketSignal,
  makeHelpCenterSync,
  makeZendeskClient,
  signatureHeaders,
  triggerRequest,
  verifySignature,
  webhookRequest,
} from "../src/index.ts"
import { memoryStore, org } from "./fake/articles.ts"
import { sessionId } from "./fake/drafts.ts"
import { connectionTo, createdTicket, nth, open, ticketsOf } from "./fake/emulator.ts"
import { overHttp } from "./fake/http.ts"
import { receiver } from "./fake/receiver.ts"

describe("webhook and trigger of the emulator", () => {
  it.live(
    "our set-up reports an agent's reply, signed, with the comment's id; our own comment is recognizable",
    () =>
      Effect.gen(function* () {
        const { emulator, client, ticketing } = yield* open()
        const hook = yield* receiver
        const made = yield* client.json(Schema.Struct({ webhook: Schema.Struct({ id: Schema.String }) }), {
          method: "POST",
          path: "/api/v2/webhooks",
          json: JSON.stringify(webhookRequest({ endpoint: hook.url })),
        })
        const signing = yield* client.json(
          Schema.Struct({ signing_secret: Schema.Struct({ secret: Schema.String }) }),
          {
            method: "GET",
            path: `/api/v2/webhooks/${made.webhook.id}/signing_secret`,
          },
        )
        yield* client.request({
          method: "POST",
          path: "/api/v2/triggers",
          json: JSON.stringify(triggerRequest({ webhookId: made.webhook.id })),
        })
        const { ticketId } = yield* createdTicket(ticketing)
        emulator.agent(Number(ticketId), { action: "note", body: "quiet" })
        emulator.agent(Number(ticketId), { action: "reply", body: 'He said "hi"\nand \\ left' })
        const one = yield* hook.next
        if (one === undefined) return yield* Effect.die("no hook")
        const header = (name: string) => String(one.headers[name])
        const secret = Redacted.make(signing.signing_secret.secret)
        const signed = {
          secret,
          timestampHeader: header(signatureHeaders.timestamp),
          signatureHeader: header(signatureHeaders.signature),
          rawBody: one.body,
          now: emulator.now(),
        }
        yield* verifySignature(signed)
        yield* Effect.flip(verifySignature({ ...signed, secret: Redacted.make("other") }))
        const signal = yield* decodeTicketSignal(one.body)
        const ticket = nth(ticketsOf(emulator), 0)
        const reply = nth(ticket.comments, -1)
        assert.deepInclude(signal, {
          ticketId,
          externalId: sessionId,
          statusHint: "open",
          commentId: String(reply.id),
          authorId: String(reply.author_id),
        } as never)
        assert.notInclude(one.body.toString(), "hi")
      }).pipe(overHttp),
  )
})

describe("help center of the emulator", () => {
  it.live(
    "full sync by locale, then only what changed; drafts never, restricted ones internal, archived ones removed",
    () =>
      Effect.gen(function* () {
        const articles = Array.from({ length: 120 }, (_, i) => ({
          id: 7_000 + i,
          title: `Article ${i}`,
          body: `<p>Body ${i}</p>`,
          category: "Help",
          section: "Orders",
          ...(i === 0 ? { translations: [{ locale: "ar", title: "طلبات", body: "<p>أين طلبي؟</p>" }] } : {}),
          ...(i === 1 ? { draft: true } : {}),
          ...(i === 2 ? { segment: "Agents" } : {}),
        }))
        const emulator = yield* startEmulator({ seed: { locales: ["en-us", "ar"], articles } })
        const store = yield* memoryStore
        const connection = connectionTo(emulator)
        const client = yield* makeZendeskClient(connection)
        const sync = makeHelpCenterSync({ connection, source: { id: "hc" }, orgId: org, client }).pipe(
          Effect.flatMap((one) => one.full),
          Effect.provideService(ArticleStore, store.service),
        )
        const first = yield* sync
        assert.deepInclude(first, { seen: 120, changed: 120, internal: 1, skippedDrafts: 1, errors: [] })
        assert.strictEqual(first.calls, 1 + (1 + 2 + 2) + (1 + 2 + 1))
        assert.deepInclude((yield* store.look).get("7000:ar"), {
          title: "طلبات",
          body: "أين طلبي؟",
          visibility: "public",
        })
        assert.deepInclude((yield* store.look).get("7002:en-us"), {
          visibility: "internal",
          path: ["Help", "Orders"],
        })
        assert.isFalse((yield* store.look).has("7001:en-us"))
        assert.deepInclude(yield* sync, { changed: 0, removed: 0 })
        yield* client.request({ method: "DELETE", path: "/api/v2/help_center/articles/7050.json" })
        assert.deepInclude(yield* sync, { changed: 0, removed: 1 })
        assert.isFalse((yield* store.look).has("7050:en-us"))
        const anonymous = yield* memoryStore
        const open = yield* makeHelpCenterSync({
          connection: { subdomain: "acme", baseUrl: emulator.url, auth: { type: "none" } },
          source: { id: "public", locales: ["en-us"] },
          orgId: org,
        }).pipe(Effect.provideService(ArticleStore, anonymous.service))
        assert.deepInclude(yield* open.full, { seen: 117, internal: 0 })
      }).pipe(overHttp),
  )
})
