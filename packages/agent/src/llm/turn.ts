/** One turn with one model for a customer: searches on the customers' surface, and endings that were checked. */
import type { HandoffReason, Hit, KnowledgeError, TurnContext } from "@opencx/core"
import { Effect, Option, Schema } from "effect"
import { type Against, checkAnswer, checkText } from "./guard/check.ts"
import { isSpoken, limitOf, askLimit } from "./guard/limits.ts"
import { isInOtherLanguage } from "./guard/otherLanguage.ts"
import { materialOf } from "./guard/material.ts"
import type { ToolCall } from "./model/call.ts"
import { respondInstructions, respondMessage } from "./prompts/respond.ts"
import { searchArticles, type Searching } from "./search.ts"
import type { LlmTarget } from "./settings.ts"
import { type Judged, runSteps, type Stepped, type Stepping } from "./steps.ts"
import { endings, readCall, tools } from "./tools.ts"

export type Ending =
  | {
      readonly _tag: "Answer"
      readonly text: string
      readonly cited: ReadonlyArray<Hit<"customer">>
      readonly confidence: number
      readonly grounding: number | null
      readonly removed: number
    }
  | { readonly _tag: "AskBack"; readonly text: string }
  | { readonly _tag: "Courtesy"; readonly kind: "greeting" | "thanks" | "goodbye" }
  | { readonly _tag: "Handoff"; readonly reason: HandoffReason }

export type TurnEnding = Stepped<Ending>

export interface TurnRequest
  extends
    Searching<"customer">,
    Pick<Stepping<Ending>, "settings" | "modelOf" | "deadline" | "tokensLeft" | "spend"> {
  readonly log: Searching<"customer">["log"]
  readonly context: TurnContext
  readonly onPartial: ((text: string) => Effect.Effect<void>) | undefined
}

const instructionsOf = ({ context, fence, language }: TurnRequest): string =>
  respondInstructions(
    { context, language, limit: limitOf(context.channel), spoken: isSpoken(context.channel) },
    fence,
  )

const againstOf = (request: TurnRequest): Against => ({
  knowledge: request.knowledge,
  orgId: request.context.orgId,
  material: materialOf(request.context, [...request.log.hits.values()]),
  secrets: { instructions: instructionsOf(request), nonce: request.fence.nonce },
})

const citedOf = (ids: ReadonlyArray<string>, { log }: TurnRequest): ReadonlyArray<Hit<"customer">> =>
  [...new Set(ids)].flatMap((id) => log.hits.get(id) ?? [])

const PartialAnswer = Schema.Struct({ articleIds: Schema.Array(Schema.String), text: Schema.String })
const decodePartial = Schema.decodeUnknownOption(PartialAnswer)

/** Whole sentences only: half a word may be half of what must not be shown. */
const wholeSentences = (text: string): string =>
  /^[\s\S]*(?:[.!?](?=\s)|[。！？؟।](?=[\s\S])|\n)/u.exec(text)?.[0].trim() ?? ""

/** Shows an answer while it is written, as far as it has passed what the whole answer will have to pass. */
const partials = (request: TurnRequest) => {
  const { onPartial } = request
  if (onPartial === undefined) return {}
  let shown = ""
  let isStopped = false
  const show = Effect.fnUntraced(function* (tool: string, input: unknown) {
    const answer = tool === "answer" ? decodePartial(input) : Option.none()
    if (isStopped || Option.isNone(answer)) return
    const text = wholeSentences(answer.value.text)
    const cited = citedOf(answer.value.articleIds, request)
    if (text.length <= shown.length || text.length > limitOf(request.context.channel)) return
    const checked = yield* checkAnswer(text, cited, null, againstOf(request)).pipe(Effect.option)
    if (Option.isNone(checked) || !checked.value.ok) {
      isStopped = true
      return
    }
    shown = text
    yield* onPartial(checked.value.text).pipe(Effect.timeoutOption("1 second"))
  })
  return { onInput: show }
}

const judge = Effect.fnUntraced(function* (
  part: ToolCall,
  mayRepair: boolean,
  request: TurnRequest,
): Effect.fn.Return<Judged<Ending> | null, KnowledgeError> {
  const read = readCall(part)
  if (Option.isNone(read)) return null
  const { input, tool } = read.value
  if (tool === "handoff") return { ending: { _tag: "Handoff", reason: input.reason } }
  if (tool === "courtesy") return { ending: { _tag: "Courtesy", kind: input.kind } }
  if (tool === "askBack") {
    const checked = yield* checkText(input.text.slice(0, askLimit), againstOf(request), false)
    return checked.ok ? { ending: { _tag: "AskBack", text: checked.text } } : { why: checked.why }
  }
  if (tool !== "answer") return null
  const cited = citedOf(input.articleIds, request)
  const checked = yield* checkAnswer(input.text, cited, request.language, againstOf(request))
  if (!checked.ok) return { why: checked.why }
  const { grounding, removed, text } = checked
  // A good answer in the wrong language is better than none.
  if (mayRepair && isInOtherLanguage(text, request.language)) return { why: "other_language" }
  const confidence = Math.min(1, Math.max(0, input.confidence))
  return { ending: { _tag: "Answer", text, cited, confidence, grounding, removed } }
})

const search = (part: ToolCall, request: TurnRequest) => {
  const read = readCall(part)
  return Option.isSome(read) && read.value.tool === "searchHelpCenter"
    ? searchArticles(part, read.value.input, request, () =>
        Effect.succeed(() => "article of the Help Center"),
      )
    : null
}

export const runTurn = (target: LlmTarget, hasOther: boolean, request: TurnRequest) =>
  runSteps<Ending>(target, hasOther, {
    ...request,
    instructions: instructionsOf(request),
    message: respondMessage(request.context, request.fence),
    tools,
    endings,
    search: (part) => search(part, request),
    judge: (part, mayRepair) => judge(part, mayRepair, request),
    ...partials(request),
  })
