import { type ContactBusy, ContactRecords, Organizations, type OrgId } from "@opencx/core"
import { AuditLog } from "@opencx/storage"
import { Clock, Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { NotFound } from "../../access/Access.ts"
import type { Principal } from "../../access/Principal.ts"
import type { ConfigurationError } from "../../config/ConfigError.ts"
import { type ErasedContact, eraseEverywhere, eraseHere, recordOf } from "../../operate/contacts.ts"
import { Api } from "../contract/Api.ts"
import type { Unavailable } from "../contract/Guard.ts"
import { NotPossible } from "../contract/trouble.ts"
import { outage } from "../GuardLive.ts"
import { Lanes, makeTurns } from "../turns.ts"
import { auditOf, inOrg } from "./common.ts"

const impossible = ({ hint, problem }: ConfigurationError) => Effect.fail(new NotPossible({ problem, hint }))

const busy = ({ message }: ContactBusy) =>
  Effect.fail(new NotPossible({ problem: message, hint: "Nothing was erased." }))

/** The record of the one who is meant; 404 where there is nobody. */
const recordIn = Effect.fnUntraced(function* (orgId: OrgId, who: string) {
  const found = yield* (yield* ContactRecords).find(orgId, who)
  if (found.length === 0) return yield* new NotFound({ what: "contact with this id or address" })
  return yield* recordOf(orgId, who)
})

const audited = Effect.fnUntraced(function* (
  principal: Principal,
  orgId: OrgId,
  what: "export" | "erase",
  /** The id, never an address: the log outlives the contact. */
  contactId: string,
) {
  yield* (yield* AuditLog).add(auditOf(principal, orgId, `contact.${what}`, contactId))
})

/** A client that has lost the answer may ask once more within this time. */
const rememberedMs = 600_000

interface Remembered {
  readonly key: string
  readonly erased: ErasedContact
  readonly at: number
}

const exported = Effect.fnUntraced(
  function* ({ payload }: { readonly payload: { readonly contact: string } }) {
    const { orgId, principal } = yield* inOrg
    const record = yield* recordIn(orgId, payload.contact)
    const { fileUrl } = yield* Organizations
    yield* audited(principal, orgId, "export", record.contact.id)
    const files = record.files.map((file) => ({ ...file, url: fileUrl(orgId, file) }))
    return { ...record, files }
  },
  Effect.catchTags({ StoreError: outage, ConfigurationError: impossible }),
)

type EraseError = NotFound | NotPossible | Unavailable

export const ContactsHandlers = HttpApiBuilder.group(
  Api,
  "contacts",
  Effect.fnUntraced(function* (handlers) {
    const turns = yield* makeTurns<ErasedContact, EraseError>(new Lanes())
    const last = new Map<OrgId, Remembered>()

    const erase = Effect.fnUntraced(
      function* (principal: Principal, orgId: OrgId, who: string, inZendesk: boolean) {
        const key = `${who} ${inZendesk}`
        const before = last.get(orgId)
        const found = yield* Effect.option(recordIn(orgId, who))
        const now = yield* Clock.currentTimeMillis
        if (found._tag === "None" && before?.key === key && now - before.at < rememberedMs)
          return before.erased
        const record = found._tag === "Some" ? found.value : yield* recordIn(orgId, who)
        // Told before it is done: there is no saying afterwards that it did not happen.
        yield* audited(principal, orgId, "erase", record.contact.id)
        const erased = yield* inZendesk ? eraseEverywhere(record) : eraseHere(record, null)
        last.set(orgId, { key, erased, at: yield* Clock.currentTimeMillis })
        return erased
      },
      Effect.catchTags({ StoreError: outage, ConfigurationError: impossible, ContactBusy: busy }),
    )

    return handlers.handle("export", exported).handle(
      "erase",
      Effect.fnUntraced(function* ({ payload: { contact, inZendesk = false } }) {
        const { orgId, principal } = yield* inOrg
        return yield* turns.run(orgId, `${contact} ${inZendesk}`, erase(principal, orgId, contact, inZendesk))
      }),
    )
  }),
)
