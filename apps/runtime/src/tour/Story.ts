/** A step of the tour, and what later steps need of earlier ones. */
import type { Effect } from "effect"
import type { HttpClient, HttpClientError } from "effect/http"
import type { ConfigurationError } from "../config/ConfigError.ts"
import type { SinkMail } from "../demo/MailSink.ts"
import type { World } from "../demo/world.ts"
import type { NotSeen, SeenTicket } from "./observe.ts"

/** The story of the customer who writes mails. */
export interface Story {
  readonly world: World
  answer: SinkMail | null
  ticket: SeenTicket | null
  reply: SinkMail | null
}

export type StepError = NotSeen | ConfigurationError | HttpClientError.HttpClientError

export interface Step {
  readonly name: string
  readonly run: (story: Story) => Effect.Effect<void, StepError, HttpClient.HttpClient>
}

export const newStory = (world: World): Story => ({ world, answer: null, ticket: null, reply: null })
