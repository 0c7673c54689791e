/** Stores, search, sync and agent with one flaw each: every suite here must fail. */
import {
  articlesMemory,
  ArticleStore,
  Blobs,
  blobsMemory,
  ConversationStore,
  conversationsMemory,
  Knowledge,
  knowledgeMemory,
  memoryStores,
  OrgId,
  Secrets,
  secretsMemory,
  SupportAgent,
  supportAgentMemory,
  Threads,
  type TurnContext,
} from "@opencx/core"
import { Effect, Layer } from "effect"
import { describe } from "vitest"
import {
  articleStoreContract,
  blobsContract,
  conversationStoreContract,
  knowledgeContract,
  knowledgeSyncContract,
  type SyncedSource,
  secretsContract,
  supportAgentContract,
  threadsContract,
} from "../../src/index.ts"
import { memorySource } from "./memorySource.ts"

let next = 0

const flawedKnowledge = (change: (sound: Knowledge["Service"]) => Partial<Knowledge["Service"]>) =>
  Layer.effect(
    Knowledge,
    Knowledge.use((sound) => Effect.succeed({ ...sound, ...change(sound) })),
  ).pipe(Layer.provide(knowledgeMemory), Layer.provideMerge(articlesMemory))

const leaky = flawedKnowledge((sound) => ({
  search: (query) =>
    Effect.map(sound.search({ ...query, surface: "agent" }), (hits) =>
      hits.map((hit) => ({ ...hit, surface: query.surface })),
    ),
}))

describe("leaks-internal", () => knowledgeContract("flawed", leaky))
describe("never-refreshes", () =>
  knowledgeContract(
    "flawed",
    flawedKnowledge(() => ({ refresh: () => Effect.void })),
  ))
describe("locale-ignored", () =>
  knowledgeContract(
    "flawed",
    flawedKnowledge((sound) => ({ search: (query) => sound.search({ ...query, locale: null }) })),
  ))

describe("empties-at-outage", () =>
  knowledgeSyncContract(
    "flawed",
    memorySource((list) => Effect.orElseSucceed(list, () => [])),
  ))
describe("copies-drafts", () =>
  knowledgeSyncContract(
    "flawed",
    memorySource((list) => Effect.map(list, (all) => all.map((one) => ({ ...one, draft: false })))),
  ))
describe("rewrites-all", () =>
  knowledgeSyncContract(
    "flawed",
    memorySource((list) => Effect.map(list, (all) => all.map((one) => ({ ...one, updatedAt: next++ })))),
  ))
describe("all-public", () =>
  knowledgeSyncContract(
    "flawed",
    memorySource((list) =>
      Effect.map(list, (all) => all.map((one) => ({ ...one, visibility: "public" as const }))),
    ),
  ))

const flawedSync = (flaw: string, change: (sound: SyncedSource["sync"]) => Partial<SyncedSource["sync"]>) =>
  describe(flaw, () =>
    knowledgeSyncContract(
      "flawed",
      Effect.map(memorySource(), (source) => ({
        ...source,
        sync: { ...source.sync, ...change(source.sync) },
      })),
    ),
  )
flawedSync("believes-losses", (sound) => ({
  full: sound.fullAcceptingLoss,
  incremental: sound.fullAcceptingLoss,
}))
flawedSync("accepts-no-loss", (sound) => ({ fullAcceptingLoss: sound.full }))
// It reads what the first run found, and never anything new.
flawedSync("blind-increments", (sound) => {
  const first = Effect.runSync(Effect.cached(sound.full))
  return { incremental: first }
})

const agent = (
  flaw: string,
  change: (sound: SupportAgent["Service"]) => Partial<SupportAgent["Service"]>,
  knowledge = knowledgeMemory.pipe(Layer.provideMerge(articlesMemory)),
) =>
  describe(flaw, () =>
    supportAgentContract(
      "flawed",
      Layer.effect(
        SupportAgent,
        SupportAgent.use((sound) => Effect.succeed({ ...sound, ...change(sound) })),
      ).pipe(Layer.provide(supportAgentMemory), Layer.provideMerge(knowledge)),
    ),
  )

const deafened = (context: TurnContext): TurnContext => ({
  ...context,
  lines: context.lines.map((line) => ({ ...line, text: line.text.replaceAll("human", "being") })),
})

agent("deaf", (sound) => ({ respond: (context) => sound.respond(deafened(context)) }))
agent("cites-internal", () => ({}), leaky)
agent("long-winded", (sound) => ({
  brief: (context, reason) =>
    Effect.map(sound.brief(context, reason), (brief) => ({
      ...brief,
      summary: `${brief.summary} and so on`,
    })),
}))
agent("dice", (sound) => ({
  respond: (context) =>
    Effect.map(sound.respond(context), (turn) =>
      turn._tag === "Answer" ? { ...turn, confidence: 1 / (1 + next++) } : turn,
    ),
}))
agent("topics-ignored", (sound) => ({
  respond: (context) => sound.respond({ ...context, escalateTopics: [] }),
}))

agent("fills-labels", (sound) => ({
  fill: (fields, context) =>
    Effect.map(sound.fill(fields, context), (values) =>
      values.map((one) => ({ ...one, value: fields[0]?.field.options[0]?.label ?? "" })),
    ),
}))
agent("guesses-fields", () => ({
  fill: (fields) =>
    Effect.succeed(
      fields.map(({ field }) => ({ id: field.id, value: field.options[0]?.value ?? true, confidence: 0.1 })),
    ),
}))
agent("drafts-public-only", (sound) => ({
  assist: (context) =>
    Effect.map(sound.assist(context), (result) =>
      result._tag === "Draft" && result.sources.some((one) => one.internal)
        ? { _tag: "Skip" as const, reason: "not_helpful_answer" as const, trace: result.trace }
        : result,
    ),
}))
agent("calls-all-public", (sound) => ({
  assist: (context) =>
    Effect.map(sound.assist(context), (result) =>
      result._tag === "Draft"
        ? { ...result, sources: result.sources.map((one) => ({ ...one, internal: false })) }
        : result,
    ),
}))
agent("deaf-to-agents", (sound) => ({ assist: (context) => sound.assist({ ...context, request: null }) }))
agent("never-quiet", (sound) => ({ assist: (context) => sound.assist({ ...context, quietTopics: [] }) }))

const everywhere = OrgId.make("everywhere")

describe("applies-twice", () =>
  conversationStoreContract(
    "flawed",
    Layer.effect(
      ConversationStore,
      ConversationStore.use((sound) =>
        Effect.succeed({
          ...sound,
          apply: (input) => sound.apply({ ...input, eventKey: `${input.eventKey}${next++}` }),
        }),
      ),
    ).pipe(Layer.provide(conversationsMemory)),
  ))
describe("anyone-continues", () =>
  threadsContract(
    "flawed",
    Layer.effect(
      Threads,
      Threads.use((sound) =>
        Effect.succeed({
          ...sound,
          record: (scope, key, input) => sound.record(scope, key, { ...input, participants: ["x"] }),
          findByMessageIds: (scope, ids) => sound.findByMessageIds(scope, ids, "x"),
        }),
      ),
    ).pipe(Layer.provideMerge(memoryStores)),
  ))
describe("blobs-shared", () =>
  blobsContract(
    "flawed",
    Layer.effect(
      Blobs,
      Blobs.use((sound) =>
        Effect.succeed({
          put: (_, bytes) => sound.put(everywhere, bytes),
          get: (_, id) => sound.get(everywhere, id),
        }),
      ),
    ).pipe(Layer.provide(blobsMemory)),
  ))
describe("no-tombstones", () =>
  articleStoreContract(
    "flawed",
    Layer.effect(
      ArticleStore,
      ArticleStore.use((sound) =>
        Effect.succeed({
          ...sound,
          changesSince: (orgId, revision) =>
            Effect.map(sound.changesSince(orgId, revision), (changes) => ({ ...changes, removed: [] })),
        }),
      ),
    ).pipe(Layer.provide(articlesMemory)),
  ))
describe("secrets-shared", () =>
  secretsContract(
    "flawed",
    Layer.effect(
      Secrets,
      Secrets.use((sound) =>
        Effect.succeed({
          ...sound,
          put: (_, name, value) => sound.put(everywhere, name, value),
          get: (_, name) => sound.get(everywhere, name),
        }),
      ),
    ).pipe(Layer.provide(secretsMemory)),
  ))
