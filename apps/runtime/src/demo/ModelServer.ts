/**
 * A language model on loopback, as an OpenAI-compatible server: it searches once with the customer's own words, and answers
 * with the first article that it is shown. It understands nothing, and that is enough to see the way through a real model.
 */
import { Effect, Schema } from "effect"
import { createServer, type IncomingMessage, type Server } from "node:http"

export interface ModelServer {
  /** Base URL, for `baseUrl` of the settings. */
  readonly url: string
  /** How many requests came. */
  readonly calls: () => number
  /** From now on every request is answered with this status; null: it works again. */
  readonly refuse: (status: number | null) => void
}

/** What stands before what it says, so that its answers are known from the embedded agent's. */
export const modelWords = "Happy to help!"

const encode = Schema.encodeSync(Schema.fromJsonString(Schema.Unknown))

const chunk = (delta: unknown, finish: string | null = null): string =>
  `data: ${encode({
    id: "chatcmpl-sample",
    object: "chat.completion.chunk",
    created: 1,
    model: "sample",
    choices: [{ index: 0, delta, finish_reason: finish }],
  })}\n\n`

const called = (name: string, args: unknown): string => {
  const call = { index: 0, id: "call_0", type: "function", function: { name, arguments: encode(args) } }
  return chunk({ role: "assistant", tool_calls: [call] }) + chunk({}, "tool_calls")
}

const Message = Schema.Struct({ role: Schema.String, content: Schema.Unknown })
const Asked = Schema.fromJsonString(Schema.Struct({ messages: Schema.Array(Message) }))
const decode = Schema.decodeUnknownSync(Asked)

const textOf = (content: unknown): string => (typeof content === "string" ? content : encode(content))

/** The newest line of the conversation that is a customer's. */
const question = (text: string): string =>
  text
    .split("\n")
    .map((line) => line.trim())
    .findLast((line) => line.endsWith("?")) ?? text.slice(-200)

const answerTo = (body: string): string => {
  const texts = decode(body).messages.map(({ content, role }) => ({ role, text: textOf(content) }))
  const found = texts.findLast(({ role }) => role === "tool")
  const article = /id: ([^\\\n]+)/.exec(found?.text ?? "")?.[1]?.trim()
  if (article !== undefined)
    return called("answer", { articleIds: [article], text: `${modelWords} Here is how.`, confidence: 0.9 })
  if (found !== undefined) return called("handoff", { reason: "no_answer" })
  const asked = question(texts.findLast(({ role }) => role === "user")?.text ?? "")
  return called("searchHelpCenter", { query: asked, language: "en" })
}

const mostBytes = 4_000_000

const read = async (request: IncomingMessage): Promise<string> => {
  const chunks: Array<Buffer> = []
  let size = 0
  for await (const part of request) {
    const bytes = Buffer.from(part)
    size += bytes.length
    if (size > mostBytes) throw new Error("too large")
    chunks.push(bytes)
  }
  return Buffer.concat(chunks).toString("utf8")
}

class Model {
  calls = 0
  refusal: number | null = null
  readonly server: Server = createServer((request, response) => {
    const answer = async () => {
      const body = await read(request)
      this.calls += 1
      if (this.refusal !== null) return response.writeHead(this.refusal).end()
      const text = answerTo(body)
      response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" })
      return response.end(`${text}data: [DONE]\n\n`)
    }
    // Whatever came was no request to a model.
    answer().catch(() => response.writeHead(400).end())
  })
}

/** Starts it on a free port; it stops with its scope. */
export const startModelServer = Effect.fnUntraced(function* (host: string) {
  const model = yield* Effect.acquireRelease(
    Effect.sync(() => new Model()),
    ({ server }) =>
      Effect.callback<void>((resume) => {
        server.closeAllConnections()
        server.close(() => resume(Effect.void))
      }),
  )
  const port = yield* Effect.callback<number>((resume) => {
    model.server.listen(0, host, () => {
      const address = model.server.address()
      resume(Effect.succeed(typeof address === "object" && address !== null ? address.port : 0))
    })
  })
  return {
    url: `http://${host}:${port}/v1`,
    calls: () => model.calls,
    refuse: (status) => {
      model.refusal = status
    },
  } satisfies ModelServer
})
