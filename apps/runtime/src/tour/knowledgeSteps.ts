/** What is written in the Help Center is what customers hear, as soon as the source is synced; and who answers with it. */
import { Effect, Schema } from "effect"
import { HttpClient, HttpClientRequest, HttpClientResponse } from "effect/http"
import { modelShopAddress } from "../demo/modelShop.ts"
import { modelWords } from "../demo/ModelServer.ts"
import type { World } from "../demo/world.ts"
import { askUntil, getJson, SessionJson, sessionPath } from "./fromRuntime.ts"
import { expect, known, mailsTo, NotSeen, until } from "./observe.ts"
import type { Step } from "./Story.ts"
import { startVisitor } from "./visitor.ts"
import { writeMail } from "./writeMail.ts"

const Written = Schema.Struct({ article: Schema.Struct({ id: Schema.Int }) })

/** What an editor does in the Help Center; answers with the article's number. */
const edit = Effect.fnUntraced(function* ({ urls }: World, path: string, body: unknown) {
  const http = HttpClient.filterStatusOk(yield* HttpClient.HttpClient)
  const request = HttpClientRequest.post(`${urls.emulatorControl}/articles${path}`)
  const { article } = yield* http.execute(HttpClientRequest.bodyJsonUnsafe(request, body)).pipe(
    Effect.flatMap(HttpClientResponse.schemaBodyJson(Written)),
    Effect.mapError((error) => new NotSeen({ what: `an edit of the Help Center: ${error.message}` })),
  )
  return article.id
})

const Sources = Schema.Array(
  Schema.Struct({ isRunning: Schema.Boolean, lastAt: Schema.NullOr(Schema.Number) }),
)

const sources = "/api/organizations/larkspoke/sources"

/** A sync now, and its end. */
const syncNow = Effect.fnUntraced(function* (world: World) {
  const http = HttpClient.filterStatusOk(yield* HttpClient.HttpClient)
  const [before] = yield* getJson(world, sources, Sources)
  const begin = HttpClientRequest.post(`${world.urls.runtime}${sources}/help-center/sync`)
  yield* http.execute(HttpClientRequest.bodyJsonUnsafe(begin, { mode: "incremental" }))
  const at = { what: "the end of the sync", path: sources, schema: Sources, seconds: 30 }
  yield* askUntil(world, at, ([now]) =>
    now?.isRunning === false && (now.lastAt ?? 0) > (before?.lastAt ?? 0) ? true : null,
  )
})

const question = "How much does engraving a bicycle frame cost?"

/** What a new visitor of the shop's page is answered. */
const asked = Effect.fnUntraced(function* ({ urls }: World) {
  const visitor = yield* startVisitor(urls.runtime)
  yield* visitor.say(question)
  const { text } = yield* visitor.untilLine(
    "an answer",
    ({ author }) => author === "ai" || author === "system",
  )
  return text
})

const article = (price: string) => ({
  title: "Engraving a bicycle frame",
  body: `<p>Engraving a bicycle frame costs ${price} and takes two days.</p>`,
})

const synced: Step = {
  name: "sync: a new article answers, its edit answers next, and withdrawn it answers no more",
  run: Effect.fnUntraced(function* ({ world }) {
    const id = yield* edit(world, "", article("31 euros"))
    yield* syncNow(world)
    yield* expect((yield* asked(world)).includes("31 euros"), "the answer from the new article")
    yield* edit(world, `/${id}`, article("47 euros"))
    yield* syncNow(world)
    const edited = yield* asked(world)
    yield* expect(edited.includes("47 euros") && !edited.includes("31 euros"), "the answer after the edit")
    yield* edit(world, `/${id}`, { action: "unpublish" })
    yield* syncNow(world)
    yield* expect(!/\b(?:31|47) euros/.test(yield* asked(world)), "nothing of the article that was withdrawn")
  }),
}

const gets = (world: World, address: string, words: string) =>
  until(`a mail to ${address} with "${words}"`, () =>
    mailsTo(world, address).find(({ text }) => text.includes(words)),
  )

const byModel: Step = {
  name: "language model: it searches, answers with its source, and the session has the whole trace",
  run: Effect.fnUntraced(function* ({ world }) {
    const model = yield* known(world.model, "the model")
    const subject = "Password of Ann"
    const letter = {
      from: "ann@example.com",
      to: modelShopAddress,
      subject,
      text: "How do I reset my password?",
    }
    yield* writeMail(world, letter)
    const mail = yield* gets(world, letter.from, modelWords)
    yield* expect(/\/hc\//.test(mail.text), "a link to the article")
    yield* expect(model.calls() >= 2, "one call that searches, one that answers")
    const path = yield* sessionPath(world, "fernhill", subject)
    const trace = yield* askUntil(
      world,
      { what: "the trace of the turn", path, schema: SessionJson, seconds: 10 },
      ({ entries }) => entries.find(({ body }) => body._tag === "AiAnswer")?.body.trace,
    )
    yield* expect(trace.queries.length > 0 && trace.hits.length > 0, "queries and hits with scores")
    yield* expect(trace.agent !== "" && trace.latencyMs >= 0, "who answered, and how long it took")
  }),
}

const withoutModel: Step = {
  name: "language model: when it is down, the customer is answered in the article's own words",
  run: Effect.fnUntraced(function* ({ world }) {
    const model = yield* known(world.model, "the model")
    model.refuse(503)
    const letter = {
      from: "bob@example.com",
      to: modelShopAddress,
      subject: "Password of Bob",
      text: "How do I reset my password?",
    }
    yield* writeMail(world, letter)
    const mail = yield* gets(world, letter.from, "password")
    model.refuse(null)
    yield* expect(!mail.text.includes(modelWords), "an answer without the model")
  }),
}

/** Articles, then who speaks from them. */
export const knowledgeSteps: ReadonlyArray<Step> = [synced, byModel, withoutModel]
