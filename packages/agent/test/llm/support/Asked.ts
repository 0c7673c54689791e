/** A request to a model, read back from what the providers' packages sent: what the model would see. */
import { Schema } from "effect"

export interface Block {
  readonly label: string
  readonly text: string
}

export interface Asked {
  readonly path: string
  readonly headers: Readonly<Record<string, unknown>>
  /** As it came. */
  readonly raw: string
  readonly system: string
  readonly user: string
  readonly toolResults: ReadonlyArray<string>
  readonly tools: ReadonlyArray<string>
  /** Fenced data of the user's side, and of the tool results. */
  readonly blocks: ReadonlyArray<Block>
  readonly found: ReadonlyArray<Block>
}

const Text = Schema.Struct({ text: Schema.String })
const Content = Schema.Union([Schema.String, Schema.Array(Schema.Unknown)])
const Message = Schema.Struct({ role: Schema.String, content: Schema.optional(Schema.NullOr(Content)) })
const Body = Schema.Struct({
  system: Schema.optional(Content),
  messages: Schema.Array(Message),
  tools: Schema.optional(
    Schema.Array(
      Schema.Union([
        Schema.Struct({ name: Schema.String }),
        Schema.Struct({ function: Schema.Struct({ name: Schema.String }) }),
      ]),
    ),
  ),
})
const ToolResult = Schema.Struct({ type: Schema.Literal("tool_result"), content: Schema.optional(Content) })

const isText = Schema.is(Text)
const isToolResult = Schema.is(ToolResult)

const textOf = (content: typeof Content.Type | null | undefined): string => {
  if (content === null || content === undefined) return ""
  if (typeof content === "string") return content
  return content.map((part) => (isText(part) ? part.text : "")).join("")
}

const resultsIn = (message: typeof Message.Type): ReadonlyArray<string> => {
  if (message.role === "tool") return [textOf(message.content)]
  const { content } = message
  if (typeof content === "string" || content === null || content === undefined) return []
  return content.flatMap((part) => (isToolResult(part) ? [textOf(part.content)] : []))
}

export const blocksIn = (text: string): ReadonlyArray<Block> =>
  [...text.matchAll(/<<<([0-9a-f]{24}) ([^>]+)>>>\n([\s\S]*?)\n<<<end \1>>>/g)].map(([, , label, inner]) => ({
    label: label ?? "",
    text: inner ?? "",
  }))

export const readAsked = (path: string, headers: Asked["headers"], raw: string): Asked => {
  const body = Schema.decodeUnknownSync(Body)(JSON.parse(raw))
  const of = (role: string) =>
    body.messages
      .filter((one) => one.role === role)
      .map((one) => textOf(one.content))
      .join("\n")
  const toolResults = body.messages.flatMap(resultsIn)
  const user = of("user")
  return {
    path,
    headers,
    raw,
    system: `${textOf(body.system)}${of("system")}`,
    user,
    toolResults,
    tools: (body.tools ?? []).map((one) => ("name" in one ? one.name : one.function.name)),
    blocks: blocksIn(user),
    found: toolResults.flatMap(blocksIn),
  }
}
