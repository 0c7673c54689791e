/** One turn with one model for an agent: searches on the agents' surface, and a draft that was checked. */
import type { AssistContext, AssistSkip, Hit, KnowledgeError } from "@opencx/core"
import { Effect, Option } from "effect"
import { assistEndings, assistTools, readAssistCall } from "./assistTools.ts"
import { type AgainstDraft, checkDraft } from "./guard/check.ts"
import { repeatedOf, versionOf } from "./guard/internalText.ts"
import { type Material, materialOf } from "./guard/material.ts"
import { isInOtherLanguage } from "./guard/otherLanguage.ts"
import type { ToolCall } from "./model/call.ts"
import { assistInstructions, assistMessage, internalLabel, publicLabel } from "./prompts/assist.ts"
import { searchArticles, type SearchInput, type Searching, searchOf } from "./search.ts"
import type { LlmTarget } from "./settings.ts"
import { type Judged, runSteps, type Stepping } from "./steps.ts"

export type AssistEnding =
  | {
      readonly _tag: "Draft"
      readonly text: string
      /** What it names, and what it repeats without naming it. */
      readonly used: ReadonlyArray<Hit<"agent">>
      readonly confidence: number
      readonly grounding: number | null
      readonly removed: number
    }
  | { readonly _tag: "Skip"; readonly reason: AssistSkip }

export interface AssistRequest
  extends
    Searching<"agent">,
    Pick<Stepping<AssistEnding>, "settings" | "modelOf" | "deadline" | "tokensLeft" | "spend"> {
  readonly log: Searching<"agent">["log"]
  readonly context: AssistContext
  /** Versions of articles that the customers' own search has found: whatever is not among them counts as internal. */
  readonly open: Set<string>
  /** Characters of a draft. */
  readonly limit: number
}

export const isInternal = ({ open }: Pick<AssistRequest, "open">, hit: Hit<"agent">): boolean =>
  !open.has(versionOf(hit))

const instructionsOf = ({ context, fence, language, limit }: AssistRequest): string =>
  assistInstructions({ context, language, limit }, fence)

const saidBy = ({ lines, subject }: AssistContext): string =>
  [subject ?? "", ...lines.filter((line) => line.role === "customer").map((line) => line.text)].join("\n")

/** Links of the customer's stay out of drafts: an agent would send them under the company's name. */
const materialFor = ({ context, log }: AssistRequest): Material => {
  const hits = [...log.hits.values()]
  const all = materialOf(
    {
      ...context,
      lines: [...context.lines, { role: "human", text: context.request ?? "", at: 0 }],
    },
    hits,
  )
  return { ...all, urls: new Set(hits.flatMap((hit) => (hit.url === null ? [] : [hit.url]))) }
}

const againstOf = (request: AssistRequest): AgainstDraft => ({
  knowledge: request.knowledge,
  orgId: request.orgId,
  material: materialFor(request),
  theirs: saidBy(request.context),
  secrets: { instructions: instructionsOf(request), nonce: request.fence.nonce },
})

/** Articles whose words are in the draft though it does not name them. */
const unnamed = (text: string, cited: ReadonlyArray<Hit<"agent">>, request: AssistRequest) => {
  const others = [...request.log.hits.values()].filter((hit) => !cited.includes(hit))
  return repeatedOf(text, others, materialOf(request.context, cited))
}

const judge = Effect.fnUntraced(function* (
  part: ToolCall,
  mayRepair: boolean,
  request: AssistRequest,
): Effect.fn.Return<Judged<AssistEnding> | null, KnowledgeError> {
  const read = readAssistCall(part)
  if (Option.isNone(read)) return null
  const { input, tool } = read.value
  if (tool === "skip") return { ending: { _tag: "Skip", reason: input.reason } }
  if (tool !== "draft") return null
  const cited = [...new Set(input.articleIds)].flatMap((id) => request.log.hits.get(id) ?? [])
  const checked = yield* checkDraft(input.text, cited, request.language, againstOf(request))
  if (!checked.ok) return { why: checked.why }
  const { grounding, removed, text } = checked
  if (mayRepair && isInOtherLanguage(text, request.language)) return { why: "other_language" }
  const confidence = Math.min(1, Math.max(0, input.confidence))
  const used = [...cited, ...unnamed(text, cited, request)]
  return { ending: { _tag: "Draft", text, used, confidence, grounding, removed } }
})

/** As many as the agents' search can have found before them. */
const openHits = 30

/** Asks the customers' own search which of the articles they may know, and says so to the model. */
const labelsFor = Effect.fnUntraced(function* (input: SearchInput, request: AssistRequest) {
  const { knowledge, language, open, orgId } = request
  const { locale, text } = searchOf(input, language)
  const found =
    text === "" ? [] : yield* knowledge.search({ orgId, text, surface: "customer", locale, limit: openHits })
  for (const hit of found) open.add(versionOf(hit))
  return (hit: Hit<"agent">): string => (isInternal(request, hit) ? internalLabel : publicLabel)
})

const search = (part: ToolCall, request: AssistRequest): Effect.Effect<string, KnowledgeError> | null => {
  const read = readAssistCall(part)
  if (Option.isNone(read) || read.value.tool !== "searchKnowledge") return null
  const { input } = read.value
  return searchArticles(part, input, request, () => labelsFor(input, request))
}

export const runAssistTurn = (target: LlmTarget, hasOther: boolean, request: AssistRequest) =>
  runSteps<AssistEnding>(target, hasOther, {
    ...request,
    instructions: instructionsOf(request),
    message: assistMessage(request.context, request.fence),
    tools: assistTools,
    endings: assistEndings,
    search: (part) => search(part, request),
    judge: (part, mayRepair) => judge(part, mayRepair, request),
  })
