/** What customers of the demonstration do, by form and by JSON: POST acts, GET shows. On this machine only. */
import { Effect, Layer, Schema } from "effect"
import * as HttpRouter from "effect/http/HttpRouter"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import { rawBody } from "../http/body.ts"
import { htmlAnswer } from "../http/pages/html.ts"
import type { Customers } from "./customers.ts"
import { phonesPage } from "./phonesPage.ts"

/** Somebody who has not written yet. */
export const usualNumber = "+14155550123"

const Act = Schema.Struct({ from: Schema.String, text: Schema.optionalKey(Schema.String) })
type Act = typeof Act.Type

const asJson = Schema.decodeUnknownEffect(Schema.fromJsonString(Act))
const asForm = Schema.decodeUnknownEffect(Act)

const json = (body: unknown, status = 200) => HttpServerResponse.jsonUnsafe(body, { status })

const isForm = (request: HttpServerRequest): boolean =>
  (request.headers["content-type"] ?? "").startsWith("application/x-www-form-urlencoded")

const actOf = Effect.fnUntraced(function* (request: HttpServerRequest) {
  const text = new TextDecoder().decode(yield* rawBody(request, 20_000))
  return isForm(request) ? yield* asForm(Object.fromEntries(new URLSearchParams(text))) : yield* asJson(text)
})

type Do = (act: Act & { readonly text: string }) => Promise<unknown>

/** A form goes back to the page; a program gets what came of it. */
const action = (path: `/${string}`, run: Do) =>
  HttpRouter.add("POST", `/demo/customers${path}`, (request) =>
    Effect.gen(function* () {
      const act = yield* actOf(request)
      const result = yield* Effect.tryPromise(() => run({ ...act, text: act.text ?? "" }))
      return isForm(request)
        ? HttpServerResponse.redirect("/demo/phones", { status: 303 })
        : json({ ok: true, result: result ?? null })
    }).pipe(
      Effect.catch((error) =>
        Effect.succeed(json({ ok: false, error: String("message" in error ? error.message : error) }, 400)),
      ),
    ),
  )

const seen = (people: Customers, number: string) => {
  const call = people.callOf(number)
  return {
    sms: people.texts(number),
    whatsapp: people.whatsapps(number),
    call: call === null ? null : { status: call.status, heard: call.speech, said: call.said },
  }
}

/** Everything under `/demo/phones` and `/demo/customers`. */
export const customerRoutes = (people: Customers) =>
  Layer.mergeAll(
    HttpRouter.add("GET", "/demo/phones", () =>
      Effect.sync(() => htmlAnswer(phonesPage(people, usualNumber))),
    ),
    HttpRouter.add("GET", "/demo/customers/:number", () =>
      Effect.map(HttpRouter.params, ({ number = "" }) => json(seen(people, number))),
    ),
    action("/sms", ({ from, text }) => people.text(from, text)),
    action("/whatsapp", ({ from, text }) => people.whatsapp(from, text)),
    action("/calls", async ({ from }) => (await people.call(from)).callSid),
    action("/calls/say", async ({ from, text }) => people.callOf(from)?.say(text)),
    action("/calls/hang-up", async ({ from }) => people.callOf(from)?.hangUp()),
  )
