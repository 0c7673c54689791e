/**
 * What a model can do in a turn. There is nothing else: no tool reads internal articles, notes, tickets, tags or fields, and
 * none writes anything. `answer`, `askBack`, `courtesy` and `handoff` end the turn; their arguments are its structured result.
 */
import { type ToolSet, tool } from "ai"
import { Schema } from "effect"
import { z } from "zod"

/** A search takes words and a language. Which articles exist for it is not the model's to say. */
export const searchInput = z.strictObject({
  query: z.string().max(500).describe("What to look for, as a short question or key words"),
  language: z.string().max(20).nullable().describe("Language of the query as a BCP-47 code, or null"),
})

export const articleIds = z.array(z.string().max(200)).max(8)

/** Ids before text: a streamed answer shows nothing until it is known what it rests on. */
const AnswerInput = z.strictObject({
  articleIds: articleIds.describe("Ids of the found articles that the answer rests on"),
  text: z.string().describe("The reply to the customer, in Markdown"),
  confidence: z.number().describe("How sure you are that this answers the question, from 0 to 1"),
})

const AskBackInput = z.strictObject({
  text: z.string().describe("One short question to the customer about what is missing"),
})

const CourtesyInput = z.strictObject({ kind: z.enum(["greeting", "thanks", "goodbye"]) })

const HandoffInput = z.strictObject({
  reason: z.enum(["customer_asked", "no_answer", "repeated_failure", "anger", "listed_topic"]),
})

export const tools: ToolSet = {
  searchHelpCenter: tool({
    description: "Searches the public Help Center and returns passages of articles with their ids.",
    inputSchema: searchInput,
  }),
  answer: tool({
    description: "Ends the turn with an answer that rests on passages found in this turn.",
    inputSchema: AnswerInput,
  }),
  askBack: tool({
    description: "Ends the turn with a question, when the message does not say what it is about.",
    inputSchema: AskBackInput,
  }),
  courtesy: tool({
    description: "Ends the turn with a standard greeting, thanks or goodbye, when nothing is asked.",
    inputSchema: CourtesyInput,
  }),
  handoff: tool({
    description: "Ends the turn and gives the conversation to a human.",
    inputSchema: HandoffInput,
  }),
}

/** In the last step there is nothing left to search for. */
export const endings: ReadonlyArray<string> = ["answer", "askBack", "courtesy", "handoff"]

/** Written names of the tools; none of them belongs into a text for customers. */
export const toolNames: ReadonlyArray<string> = Object.keys(tools)

export const SearchWire = Schema.Struct({ query: Schema.String, language: Schema.NullOr(Schema.String) })

/** A call as it comes in. What the SDK let pass is read once more, by what the turn expects. */
const Calls = Schema.Union([
  Schema.Struct({
    tool: Schema.Literal("searchHelpCenter"),
    input: SearchWire,
  }),
  Schema.Struct({
    tool: Schema.Literal("answer"),
    input: Schema.Struct({
      articleIds: Schema.Array(Schema.String),
      text: Schema.String,
      confidence: Schema.Finite,
    }),
  }),
  Schema.Struct({ tool: Schema.Literal("askBack"), input: Schema.Struct({ text: Schema.String }) }),
  Schema.Struct({
    tool: Schema.Literal("courtesy"),
    input: Schema.Struct({ kind: Schema.Literals(["greeting", "thanks", "goodbye"]) }),
  }),
  Schema.Struct({
    tool: Schema.Literal("handoff"),
    input: Schema.Struct({
      reason: Schema.Literals(["customer_asked", "no_answer", "repeated_failure", "anger", "listed_topic"]),
    }),
  }),
])

/** None for tools that do not exist and arguments that do not fit. */
export const readCall = Schema.decodeUnknownOption(Calls)
