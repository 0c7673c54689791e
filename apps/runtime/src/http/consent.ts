/** Where Zendesk sends a person's browser back to after its consent page. */
import { Effect } from "effect"
import * as HttpRouter from "effect/http/HttpRouter"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import { Access } from "../access/Access.ts"
import { consentPath, finishWebConsent } from "../setup/webConsent.ts"
import { comeAgain } from "./answers.ts"
import { html, htmlAnswer, page } from "./pages/html.ts"

/** Longer ones are no answer of Zendesk's. */
const maxAnswer = 8_000

const told = (status: number, title: string, text: string, hint: string) =>
  htmlAnswer(
    page(
      title,
      html`<h1>${title}</h1>
        <p dir="auto">${text}</p>
        <p>${hint}</p>`,
    ),
    status,
  )

const failed = (status: number, text: string, hint: string) => told(status, "Not connected", text, hint)

const answered = Effect.fnUntraced(function* (request: HttpServerRequest) {
  const principal = yield* (yield* Access).principalOf(request)
  if (principal === null)
    return failed(
      401,
      "Nobody is logged in in this browser.",
      "A program that has asked for the consent takes the whole address of this page; else log in, and begin again.",
    )
  const answer = new URL(request.url.slice(0, maxAnswer), "http://local").searchParams
  const { organization, user } = yield* finishWebConsent(principal, null, answer)
  return told(
    200,
    "Connected to Zendesk",
    `${organization}: OpenCX acts as ${user.name} (user ${user.userId}).`,
    "You can close this page. What is to be made in Zendesk is planned and done next.",
  )
})

export const ConsentRoutes = HttpRouter.add("GET", consentPath, (request) =>
  answered(request).pipe(
    Effect.catchTag("ConfigurationError", ({ hint, problem }) => Effect.succeed(failed(400, problem, hint))),
    Effect.catchCause((cause) =>
      Effect.as(Effect.logError("The answer of a consent page could not be taken", cause), comeAgain),
    ),
  ),
)
