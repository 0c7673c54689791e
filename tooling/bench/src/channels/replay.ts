/** The calls of a live-chat handoff made again with plain `fetch`, one after the other, for a customer of their own. */
import { randomUUID } from "node:crypto"
import { sampleSunshineApp, type Call } from "@opencx/zendesk-emulator"
import { Effect, Schema } from "effect"

const Made = Schema.Struct({
  user: Schema.optionalKey(
    Schema.Struct({ id: Schema.String, externalId: Schema.optionalKey(Schema.String) }),
  ),
  conversation: Schema.optionalKey(Schema.Struct({ id: Schema.String })),
})
const decodeMade = Schema.decodeUnknownOption(Schema.fromJsonString(Made))

const FirstWords = Schema.Struct({
  participants: Schema.optionalKey(Schema.Array(Schema.Struct({ userId: Schema.String }))),
  externalId: Schema.optionalKey(Schema.String),
})
const decodeFirst = Schema.decodeUnknownOption(FirstWords)

const conversationIn = (path: string): string | undefined => /\/conversations\/([0-9a-f]{24})/.exec(path)?.[1]

/** Ids that the recorded calls speak of: the contact's, the user's, the conversation's. */
const recordedIds = (calls: ReadonlyArray<Call>) => {
  const bodies = calls.flatMap(({ body }) => {
    const decoded = decodeFirst(body)
    return decoded._tag === "Some" ? [decoded.value] : []
  })
  return {
    contact: bodies.find(({ externalId }) => externalId !== undefined)?.externalId,
    user: bodies.find(({ participants }) => participants !== undefined)?.participants?.[0]?.userId,
    conversation: calls.map(({ path }) => conversationIn(path)).find((id) => id !== undefined),
  }
}

class ReplayRefused extends Schema.TaggedError<ReplayRefused>("@opencx-tooling/bench/ReplayRefused")(
  "ReplayRefused",
  { what: Schema.String },
) {
  override get message(): string {
    return this.what
  }
}

const authorization = `Basic ${Buffer.from(`${sampleSunshineApp.keyId}:${sampleSunshineApp.secret}`).toString("base64")}`

const replayed = async (base: string, calls: ReadonlyArray<Call>): Promise<number> => {
  const old = recordedIds(calls)
  const ids = new Map<string, string>([[old.contact ?? "", randomUUID()]])
  const mine = (text: string): string => {
    let changed = text
    for (const [from, to] of ids) if (from !== "") changed = changed.replaceAll(from, to)
    return changed
  }
  const startedAt = performance.now()
  for (const { body, method, path } of calls) {
    const answer = await fetch(base + mine(path), {
      method,
      headers: { authorization, "content-type": "application/json" },
      ...(body === null ? {} : { body: mine(JSON.stringify(body)) }),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 200)}`)
    const made = decodeMade(text)
    if (made._tag === "None") continue
    if (made.value.user !== undefined) ids.set(old.user ?? "", made.value.user.id)
    if (made.value.conversation !== undefined) ids.set(old.conversation ?? "", made.value.conversation.id)
  }
  return performance.now() - startedAt
}

/** Milliseconds that the calls take when nothing stands between them. Fails when Zendesk refuses one. */
export const replay = (base: string, calls: ReadonlyArray<Call>) =>
  Effect.tryPromise({
    try: () => replayed(base, calls),
    catch: (cause) => new ReplayRefused({ what: `a call made again was refused: ${String(cause)}` }),
  })
