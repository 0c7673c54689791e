/** An OpenAI-compatible provider on loopback: it searches once, and answers from the first article that it was shown. */
import { createServer, type IncomingMessage } from "node:http"

const read = async (request: IncomingMessage): Promise<string> => {
  const chunks: Array<Buffer> = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString("utf8")
}

const chunk = (delta: unknown, finish: string | null = null): string =>
  `data: ${JSON.stringify({
    id: "chatcmpl-1",
    object: "chat.completion.chunk",
    created: 1,
    model: "scripted",
    choices: [{ index: 0, delta, finish_reason: finish }],
  })}\n\n`

/** What it says each call cost: 600 tokens. */
const usage = `data: ${JSON.stringify({
  id: "chatcmpl-1",
  object: "chat.completion.chunk",
  created: 1,
  model: "scripted",
  choices: [],
  usage: { prompt_tokens: 500, completion_tokens: 100, total_tokens: 600 },
})}\n\n`

const callOf = (name: string, args: unknown): string =>
  chunk({
    role: "assistant",
    tool_calls: [
      { index: 0, id: "call_0", type: "function", function: { name, arguments: JSON.stringify(args) } },
    ],
  }) + chunk({}, "tool_calls")

/** A field by one option that it finds in the request, and what it was told as evidence. */
const fieldsIn = (body: string): string =>
  JSON.stringify({
    fields: body.includes("money_back")
      ? [{ id: "9001", values: ["money_back"], evidence: "I want my money back", confidence: 0.9 }]
      : [],
  })

const written = (text: string): string => chunk({ role: "assistant", content: text }) + chunk({}, "stop")

/** What it says to a request: it searches once and then ends the turn, for customers and for agents. */
const sayingTo = (body: string, words: string): string => {
  if (body.includes("The fields:")) return written(fieldsIn(body))
  if (body.includes("You hand a customer's conversation over"))
    return written(
      JSON.stringify({ summary: "The model's own summary.", sentiment: "negative", language: "en" }),
    )
  const isDraft = body.includes('"searchKnowledge"')
  const article = /id: ([^\\]+)\\n/.exec(body)?.[1]
  if (article === undefined)
    return callOf(isDraft ? "searchKnowledge" : "searchHelpCenter", {
      query: "reset my password",
      language: "en",
    })
  return callOf(isDraft ? "draft" : "answer", {
    articleIds: [article],
    text: `${words} Select Sign in > Forgot password.`,
    confidence: 0.9,
  })
}

export interface ModelServer {
  readonly url: string
  /** Bodies of all requests. */
  readonly asked: ReadonlyArray<string>
  /** From now on every request fails with this status; null: works again. */
  readonly break: (status: number | null) => void
  readonly close: () => Promise<void>
}

/** `words`: what stands before the passage in its answers. */
export const startModelServer = async (words: string): Promise<ModelServer> => {
  const asked: Array<string> = []
  let broken: number | null = null
  const server = createServer((request, response) => {
    void read(request).then((body) => {
      asked.push(body)
      if (broken !== null) return response.writeHead(broken).end()
      const answer = sayingTo(body, words)
      response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" })
      return response.end(`${answer}${usage}data: [DONE]\n\n`)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  const port = typeof address === "object" && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}/v1`,
    asked,
    break: (status) => {
      broken = status
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
