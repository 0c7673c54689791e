/** Customers at work: what they write and change, on their phones and in the webhooks that tell of it. */
import { keepMedia, linkTo } from "./graph.ts"
import { type Customer, nextId, type ShownMedia, type State, type StoredMedia } from "./model.ts"
import {
  changeOf,
  contactOf,
  type CustomerContent,
  envelopeOf,
  type JsonObject,
  messageOf,
  type Target,
} from "./payloads.ts"

export interface Writing {
  readonly state: State
  /** The fake's own account. */
  readonly target: Target
  /** Epoch ms. */
  readonly now: number
  readonly baseUrl: string
  /** Webhooks carry download addresses. */
  readonly mediaUrls: boolean
}

/** One message that a batch holds. `target`: another account than the fake's own. */
export interface BatchItem {
  readonly customerId: string
  readonly content: CustomerContent
  readonly target?: Target
}

/** `bsuid` null: they have none. */
export interface NewNumber {
  readonly phone: string
  readonly bsuid: string | null
}

const customerOf = (state: State, id: string): Customer => {
  const customer = state.customers.get(id)
  if (customer === undefined) throw new Error(`no customer ${id}`)
  return customer
}

interface Attached {
  readonly stored: StoredMedia
  readonly shown: ShownMedia
  readonly caption: string
}

const attach = (content: CustomerContent, state: State): Attached | null => {
  if (!("media" in content)) return null
  const { bytes, caption = "", contentType, fileName = null, kind } = content.media
  const stored = keepMedia(state, { bytes, contentType, fileName })
  const shown = { kind, contentType, size: bytes.length, fileName, sha256: stored.sha256, link: null }
  return { stored, shown, caption }
}

export const compose = ({ content, customerId }: BatchItem, writing: Writing): JsonObject => {
  const { baseUrl, mediaUrls, now, state } = writing
  const customer = customerOf(state, customerId)
  const id = nextId(state, "wamid.IN")
  const attached = attach(content, state)
  customer.lastWroteAt = now
  state.shown.push({
    id,
    customerId,
    from: "customer",
    at: now,
    text: "text" in content ? content.text : (attached?.caption ?? ""),
    media: attached?.shown ?? null,
    template: null,
    correlation: null,
    addressedBy: null,
    status: "sent",
  })
  if (attached === null) return messageOf(customer, id, now, content, null)
  const { stored } = attached
  const url = mediaUrls ? linkTo(state, stored.id, baseUrl, now) : null
  return messageOf(customer, id, now, content, { media: stored, url })
}

export const batchBody = (
  items: ReadonlyArray<BatchItem>,
  extra: ReadonlyArray<JsonObject>,
  writing: Writing,
): JsonObject => {
  const composed = items.map((item) => ({
    target: item.target ?? writing.target,
    customer: customerOf(writing.state, item.customerId),
    message: compose(item, writing),
  }))
  const targets = [...new Map(composed.map((c) => [c.target.phoneNumberId, c.target])).values()]
  const entries = targets.map((target) => {
    const own = composed.filter((c) => c.target.phoneNumberId === target.phoneNumberId)
    const contacts = [...new Set(own.map((c) => c.customer))].map(contactOf)
    const change = changeOf(target, "messages", { contacts, messages: own.map((c) => c.message) })
    return { wabaId: target.wabaId, changes: [change] }
  })
  const { wabaId } = writing.target
  return envelopeOf([...entries, ...(extra.length > 0 ? [{ wabaId, changes: extra }] : [])])
}

/** Meta tells it twice: as a system message, and as an update of the id where there is one. */
export const changeNumber = (customerId: string, to: NewNumber, writing: Writing): JsonObject => {
  const { now, state, target } = writing
  const customer = customerOf(state, customerId)
  const { bsuid: previous, phone, phoneVisible } = customer
  customer.phone = to.phone
  customer.bsuid = to.bsuid
  const timestamp = String(Math.floor(now / 1000))
  const number = phoneVisible ? { wa_id: to.phone } : {}
  const system = {
    ...(phoneVisible ? { from: phone } : {}),
    id: nextId(state, "wamid.SYS"),
    timestamp,
    type: "system",
    system: {
      body: `${customer.name} changed the number`,
      type: "user_changed_number",
      ...number,
      ...(to.bsuid === null ? {} : { user_id: to.bsuid }),
      ...(previous === null ? {} : { previous_user_id: previous }),
    },
  }
  const update = {
    ...number,
    detail: "the user has a new id",
    timestamp,
    user_id: { previous, current: to.bsuid },
  }
  const changes = [
    changeOf(target, "messages", { messages: [system] }),
    ...(to.bsuid === null || previous === null
      ? []
      : [changeOf(target, "user_id_update", { user_id_update: [update] })]),
  ]
  return envelopeOf([{ wabaId: target.wabaId, changes }])
}
