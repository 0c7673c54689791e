/** The tour: the main job on every channel, on real sockets. */
import { Effect } from "effect"
import { HttpClient, HttpClientRequest } from "effect/http"
import { apiSteps } from "./apiStep.ts"
import { chatSteps } from "./chatSteps.ts"
import { helpSteps } from "./helpSteps.ts"
import { knowledgeSteps } from "./knowledgeSteps.ts"
import { mailSteps } from "./mailSteps.ts"
import { doctorSteps } from "./doctorSteps.ts"
import { expect } from "./observe.ts"
import { officeHours } from "./hoursStep.ts"
import { reportSteps } from "./reportSteps.ts"
import { rotated } from "./rotateStep.ts"
import { lastSteps, setupSteps } from "./setupSteps.ts"
import type { Step } from "./Story.ts"

const forged: Step = {
  name: "forged webhooks are refused",
  run: Effect.fnUntraced(function* (story) {
    const http = yield* HttpClient.HttpClient
    const { zendeskWebhook } = story.world.urls
    const body = HttpClientRequest.bodyJsonUnsafe({ ticket_id: "1", status: "closed" })
    const unsigned = yield* http.execute(body(HttpClientRequest.post(zendeskWebhook)))
    const wrongEnd = zendeskWebhook.endsWith("zz") ? "aa" : "zz"
    const elsewhere = yield* http.execute(
      body(HttpClientRequest.post(zendeskWebhook.slice(0, -2) + wrongEnd)),
    )
    yield* expect(unsigned.status === 401 && elsewhere.status === 401, "401 for both")
  }),
}

const healthy: Step = {
  name: "health, readiness and metrics answer",
  run: Effect.fnUntraced(function* (story) {
    const http = HttpClient.filterStatusOk(yield* HttpClient.HttpClient)
    for (const path of ["/healthz", "/readyz"]) yield* http.get(story.world.urls.runtime + path)
    const metrics = yield* (yield* http.get(`${story.world.urls.runtime}/metrics`)).text
    yield* expect(/opencx_events_applied_total/.test(metrics), "counters in /metrics")
    yield* expect(/opencx_work_dead(?:\{[^}]*\})? 0/.test(metrics), "no dead letters")
  }),
}

/** In this order: later steps build on earlier ones. */
export const steps: ReadonlyArray<Step> = [
  ...mailSteps,
  ...chatSteps,
  ...helpSteps,
  ...knowledgeSteps,
  ...reportSteps,
  ...setupSteps,
  ...apiSteps,
  rotated,
  officeHours,
  ...doctorSteps,
  forged,
  healthy,
  ...lastSteps,
]
