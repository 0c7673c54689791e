/** What the providers' servers write on the wire: streamed answers of Chat Completions and of Anthropic's Messages. */

export interface Saying {
  readonly text?: string
  readonly reasoning?: string
  /** `args` as a string is sent as it is, well formed or not. */
  readonly calls?: ReadonlyArray<{ readonly name: string; readonly args: unknown }>
  readonly usage?: { readonly input: number; readonly output: number }
}

const argsOf = (args: unknown): string => (typeof args === "string" ? args : JSON.stringify(args))

/** A few characters at a time, as models write. */
const pieces = (text: string): ReadonlyArray<string> => text.match(/[\s\S]{1,7}/g) ?? []

const usageOf = ({ usage = { input: 100, output: 20 } }: Saying) => usage

const openAiChunk = (delta: unknown, finish: string | null = null) => ({
  id: "chatcmpl-1",
  object: "chat.completion.chunk",
  created: 1,
  model: "scripted",
  choices: [{ index: 0, delta, finish_reason: finish }],
})

const openAiCall = (call: { readonly name: string; readonly args: unknown }, index: number) => [
  openAiChunk({
    tool_calls: [
      { index, id: `call_${index}`, type: "function", function: { name: call.name, arguments: "" } },
    ],
  }),
  ...pieces(argsOf(call.args)).map((part) =>
    openAiChunk({ tool_calls: [{ index, function: { arguments: part } }] }),
  ),
]

/** Each string is one event. */
export const openAiEvents = (saying: Saying): ReadonlyArray<string> => {
  const calls = saying.calls ?? []
  const usage = usageOf(saying)
  const chunks = [
    openAiChunk({ role: "assistant", content: "" }),
    ...pieces(saying.reasoning ?? "").map((part) => openAiChunk({ reasoning_content: part })),
    ...pieces(saying.text ?? "").map((part) => openAiChunk({ content: part })),
    ...calls.flatMap(openAiCall),
    openAiChunk({}, calls.length > 0 ? "tool_calls" : "stop"),
    {
      ...openAiChunk({}),
      choices: [],
      usage: {
        prompt_tokens: usage.input,
        completion_tokens: usage.output,
        total_tokens: usage.input + usage.output,
      },
    },
  ]
  return [...chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`), "data: [DONE]\n\n"]
}

const anthropicEvent = (type: string, body: object): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...body })}\n\n`

const anthropicBlock = (
  index: number,
  block: object,
  deltas: ReadonlyArray<object>,
): ReadonlyArray<string> => [
  anthropicEvent("content_block_start", { index, content_block: block }),
  ...deltas.map((delta) => anthropicEvent("content_block_delta", { index, delta })),
  anthropicEvent("content_block_stop", { index }),
]

/** Each string is one event. */
export const anthropicEvents = (saying: Saying): ReadonlyArray<string> => {
  const { input, output } = usageOf(saying)
  const calls = saying.calls ?? []
  const blocks: Array<ReadonlyArray<string>> = []
  const add = (block: object, deltas: ReadonlyArray<object>) =>
    blocks.push(anthropicBlock(blocks.length, block, deltas))
  if (saying.reasoning !== undefined) {
    const thoughts = pieces(saying.reasoning).map((thinking) => ({ type: "thinking_delta", thinking }))
    add({ type: "thinking", thinking: "", signature: "" }, [
      ...thoughts,
      { type: "signature_delta", signature: "c2ln" },
    ])
  }
  if (saying.text !== undefined) {
    add(
      { type: "text", text: "" },
      pieces(saying.text).map((text) => ({ type: "text_delta", text })),
    )
  }
  for (const [at, { args, name }] of calls.entries()) {
    add(
      { type: "tool_use", id: `toolu_${at}`, name, input: {} },
      pieces(argsOf(args)).map((part) => ({ type: "input_json_delta", partial_json: part })),
    )
  }
  return [
    anthropicEvent("message_start", {
      message: {
        id: "msg_1",
        type: "message",
        role: "assistant",
        model: "scripted",
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: { input_tokens: input, output_tokens: 1 },
      },
    }),
    ...blocks.flat(),
    anthropicEvent("message_delta", {
      delta: { stop_reason: calls.length > 0 ? "tool_use" : "end_turn", stop_sequence: null },
      usage: { output_tokens: output },
    }),
    anthropicEvent("message_stop", {}),
  ]
}
