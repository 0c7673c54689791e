/** The adapter keeps the contract of `Messaging`, on an emulated app over real sockets. */
import { ChatId } from "@opencx/core"
import { type LiveChatDesk, messagingContract, type PassedOn, type ShownMessage } from "@opencx/testing"
import type { Emulator } from "@opencx/zendesk-emulator"
import { Effect, Schema } from "effect"
import { overHttp } from "../fake/http.ts"
import { messagesOf, openChatWorld } from "../fake/sunshineEmulator.ts"

const List = Schema.Struct({ conversations: Schema.Array(Schema.Struct({ id: ChatId })) })

const Posted = Schema.Struct({
  destination: Schema.optionalKey(Schema.Unknown),
  metadata: Schema.Struct({ opencx_marker: Schema.String }),
})
const readPosted = Schema.decodeUnknownOption(Posted)

const Pass = Schema.Struct({
  switchboardIntegration: Schema.Literal("zd-agentWorkspace"),
  metadata: Schema.Record(Schema.String, Schema.Unknown),
})
const readPass = Schema.decodeUnknownOption(Pass)

const bodiesTo = (emulator: Emulator, path: RegExp): ReadonlyArray<unknown> =>
  emulator
    .calls()
    .filter((call) => call.method === "POST" && path.test(call.path))
    .map((call) => (typeof call.body === "string" ? JSON.parse(call.body) : call.body))

/** Markers of what was sent for the humans only. */
const silentMarkers = (emulator: Emulator): ReadonlySet<string> =>
  new Set(
    bodiesTo(emulator, /\/messages$/).flatMap((body) => {
      const post = readPosted(body)
      return post._tag === "Some" && post.value.destination !== undefined
        ? [post.value.metadata.opencx_marker]
        : []
    }),
  )

const text = (value: unknown): string | null => (typeof value === "string" ? value : null)

/** What went along with the pass that the emulator carried out. */
const passedOn = (emulator: Emulator, conversationId: string): PassedOn | null => {
  const chat = emulator.sunshine.chat(conversationId)
  if (chat === undefined || Reflect.get(chat, "ticket") === null) return null
  const passes = bodiesTo(emulator, new RegExp(`${conversationId}/passControl$`)).flatMap((body) => {
    const pass = readPass(body)
    return pass._tag === "Some" ? [pass.value.metadata] : []
  })
  const metadata = passes.at(-1)
  if (metadata === undefined) return null
  const fields = Object.entries(metadata).flatMap(([key, value]) =>
    key.startsWith("dataCapture.ticketField.") ? [[key.slice(24), String(value)] as const] : [],
  )
  return {
    tags: (text(metadata["dataCapture.systemField.tags"]) ?? "").split(","),
    fields: Object.fromEntries(fields),
    requesterName: text(metadata["dataCapture.systemField.requester.name"]),
    requesterEmail: text(metadata["dataCapture.systemField.requester.email"]),
  }
}

const emulatedChat = Effect.gen(function* () {
  const { client, emulator, port } = yield* openChatWorld()
  emulator.sunshine.configure({ conversationControl: "release" })
  const lose = { open: "/conversations$", post: "/messages$" } as const
  const shown = (conversationId: ChatId) =>
    messagesOf(client, conversationId).pipe(
      Effect.map((messages) => {
        const silent = silentMarkers(emulator)
        return messages.map((one): ShownMessage => ({
          id: one.id,
          fromCustomer: one.author.type === "user",
          authorName: one.author.displayName ?? null,
          text: one.content.text ?? "",
          fileName: one.content.type === "text" ? null : (one.content.altText ?? ""),
          reachesCustomer: !silent.has(String(one.metadata?.["opencx_marker"])),
        }))
      }),
      Effect.orDie,
    )
  const desk: LiveChatDesk = {
    messaging: port,
    humanWrites: (id, body) => Effect.sync(() => void emulator.sunshine.agent(id, { action: "reply", body })),
    release: (id) => Effect.sync(() => void emulator.sunshine.agent(id, { action: "close" })),
    stickPass: Effect.sync(() => {
      emulator.addFault({ kind: "stuckControl", match: { path: "/passControl$" }, times: 1 })
    }),
    loseAnswer: (operation) =>
      Effect.sync(() => {
        const match = { method: "POST", path: lose[operation] }
        emulator.addFault({ kind: "resetAfterCommit", match, times: 1 })
      }),
    conversations: client
      .json(List, {
        method: "GET",
        path: "/conversations",
        query: { "filter[userExternalId]": "opencx_contact_noor" },
      })
      .pipe(
        Effect.map((list) => list.conversations.map((one) => one.id)),
        Effect.orDie,
      ),
    messages: shown,
    passed: (id) => Effect.sync(() => passedOn(emulator, id)),
  }
  return desk
}).pipe(overHttp)

messagingContract("Sunshine Conversations", emulatedChat)
