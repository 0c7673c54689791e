/** The adapter keeps the contract of `IdentityMerge`, on an emulated account over real sockets. */
import { identityMergeContract, type MergeDesk } from "@opencx/testing"
import { Effect } from "effect"
import { overHttp } from "../fake/http.ts"
import { openChatWorld } from "../fake/sunshineEmulator.ts"
import { addPerson, chatUserOf, linkOf } from "../fake/supportPeople.ts"

const emulatedPeople = Effect.gen(function* () {
  const world = yield* openChatWorld()
  const { client, emulator, merge, support } = world
  const desk: MergeDesk = {
    identityMerge: merge,
    add: (person) => Effect.orDie(addPerson(support, emulator, person)),
    chatUser: (contact) => Effect.orDie(chatUserOf(world, contact)),
    personOf: (chatUserId) =>
      linkOf(client, chatUserId).pipe(
        Effect.map((user) => user.zendeskId ?? null),
        Effect.orDie,
      ),
    // What an administrator does by hand: merge, and tell the messaging side.
    link: (chatUserId, personId) =>
      Effect.gen(function* () {
        const { zendeskId } = yield* linkOf(client, chatUserId)
        yield* support.request({
          method: "PUT",
          path: `/api/v2/users/${zendeskId}/merge`,
          json: JSON.stringify({ user: { id: Number(personId) } }),
        })
        yield* client.request({
          method: "POST",
          path: `/users/${zendeskId}/sync`,
          json: JSON.stringify({ survivingZendeskId: personId }),
        })
      }).pipe(Effect.orDie),
  }
  return desk
}).pipe(overHttp)

identityMergeContract("Zendesk", emulatedPeople)
