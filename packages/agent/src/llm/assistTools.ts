/**
 * What a model can do for a draft. There is nothing else: it reads articles, internal ones too, because agents read the
 * draft; and it writes nothing anywhere. `draft` and `skip` end the turn.
 */
import { type ToolSet, tool } from "ai"
import { Schema } from "effect"
import { z } from "zod"
import { articleIds, searchInput, SearchWire } from "./tools.ts"

const DraftInput = z.strictObject({
  articleIds: articleIds.describe("Ids of the found articles that the draft rests on"),
  text: z.string().describe("The reply for the agent to send, in Markdown"),
  confidence: z.number().describe("How sure you are that this settles the customer's matter, from 0 to 1"),
})

const SkipInput = z.strictObject({ reason: z.enum(["not_helpful_answer", "nothing_to_answer"]) })

export const assistTools: ToolSet = {
  searchKnowledge: tool({
    description: "Searches the articles of the company and returns passages with their ids.",
    inputSchema: searchInput,
  }),
  draft: tool({
    description: "Ends the turn with a draft that rests on passages found in this turn.",
    inputSchema: DraftInput,
  }),
  skip: tool({ description: "Ends the turn without a draft.", inputSchema: SkipInput }),
}

export const assistEndings: ReadonlyArray<string> = ["draft", "skip"]

const Calls = Schema.Union([
  Schema.Struct({ tool: Schema.Literal("searchKnowledge"), input: SearchWire }),
  Schema.Struct({
    tool: Schema.Literal("draft"),
    input: Schema.Struct({
      articleIds: Schema.Array(Schema.String),
      text: Schema.String,
      confidence: Schema.Finite,
    }),
  }),
  Schema.Struct({
    tool: Schema.Literal("skip"),
    input: Schema.Struct({ reason: Schema.Literals(["not_helpful_answer", "nothing_to_answer"]) }),
  }),
])

/** None for tools that do not exist and arguments that do not fit. */
export const readAssistCall = Schema.decodeUnknownOption(Calls)
