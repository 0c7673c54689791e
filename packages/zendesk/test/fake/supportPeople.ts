/** Support users and chat customers on the emulator, for merging. */
import type { Contact } from "@opencx/core"
import type { Emulator } from "@opencx/zendesk-emulator"
import { Effect, Schema } from "effect"
import type { SunshineClient, ZendeskClient } from "../../src/index.ts"
import { chatDraft, passDraft } from "./sunshine.ts"
import { type openChatWorld, until } from "./sunshineEmulator.ts"

type World = Effect.Success<ReturnType<typeof openChatWorld>>

const Made = Schema.Struct({ user: Schema.Struct({ id: Schema.Number }) })
const Linked = Schema.Struct({
  user: Schema.Struct({
    zendeskId: Schema.optionalKey(Schema.String),
    externalId: Schema.optionalKey(Schema.String),
  }),
})

export interface Person {
  readonly email?: string | null
  readonly phone?: string | null
  readonly agent?: boolean
  readonly externalId?: string | null
  readonly verified?: boolean
}

/** Somebody becomes known to Support. Numbers become identities, unless somebody else has them: then as Zendesk does it. */
export const addPerson = (support: ZendeskClient, emulator: Emulator, person: Person) =>
  Effect.gen(function* () {
    const { user } = yield* support.json(Made, {
      method: "POST",
      path: "/api/v2/users",
      json: JSON.stringify({
        user: {
          name: "Somebody Known",
          verified: person.verified ?? true,
          role: person.agent === true ? "agent" : "end-user",
          ...(typeof person.email === "string" ? { email: person.email } : {}),
          ...(typeof person.externalId === "string" ? { external_id: person.externalId } : {}),
        },
      }),
    })
    if (typeof person.phone === "string")
      yield* support.request({
        method: "POST",
        path: `/api/v2/users/${user.id}/identities`,
        json: JSON.stringify({ identity: { type: "phone_number", value: person.phone, verified: true } }),
      })
    // Times have whole seconds; nobody is made in the same one as the next.
    emulator.advanceClock(60_000)
    return String(user.id)
  })

/** The Support user of a chat's customer, and their external id in the chat. */
export const linkOf = (client: SunshineClient, chatUserId: string) =>
  client.json(Linked, { method: "GET", path: `/users/${chatUserId}` }).pipe(Effect.map(({ user }) => user))

/** The contact has a chat with the humans, so that Zendesk has made somebody new of them. */
export const chatUserOf = (world: World, contact: Contact) =>
  Effect.gen(function* () {
    const customer = { externalId: contact.id, name: contact.name, email: null, phone: null, locale: null }
    const { conversationId, userId } = yield* world.port.open(chatDraft({ contactId: contact.id, customer }))
    yield* world.port.pass(passDraft({ conversationId, requester: { name: contact.name, email: null } }))
    yield* until(linkOf(world.client, userId), (user) => user.zendeskId !== undefined)
    return userId
  })
