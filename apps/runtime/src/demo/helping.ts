/** What helps the sample shop's agents: ticket fields that the AI fills, and drafts on tickets of their own. */
import type { SeedSchedule, SeedTicketField } from "@opencx/zendesk-emulator"

/** Numbers of the fields, which are the account's own. */
export const fieldIds = { reason: 9001, orderNumber: 9003 } as const

/** Fields of the sample account. */
export const ticketFields: ReadonlyArray<SeedTicketField> = [
  {
    id: fieldIds.reason,
    type: "tagger",
    title: "Reason",
    options: [
      { name: "Refund", value: "refund_request" },
      { name: "Delivery::Late", value: "late_delivery" },
      { name: "Delivery::Damaged", value: "damaged_item" },
      { name: "Other", value: "other_reason" },
    ],
  },
  { id: fieldIds.orderNumber, type: "text", title: "Order number" },
]

/** When the shop's people are there, by Zendesk: always, until somebody changes it. */
export const shopSchedule = {
  id: 9101,
  name: "Workshop",
  timeZone: "Copenhagen",
  intervals: [[0, 10_080]],
} as const satisfies SeedSchedule

/** The organization's part of it. Drafts are looked at again soon, so that people see at once what becomes of them. */
export const helpConfig = (signingSecret: string | null) => ({
  fields: [
    { id: fieldIds.reason, description: "The primary reason the contact is writing." },
    { id: fieldIds.orderNumber },
  ],
  assist: {
    mode: "every_comment" as const,
    quietTopics: ["chargeback"],
    reviewMinutes: [0.1, 0.5, 2, 10, 60],
  },
  ...(signingSecret === null ? {} : { assistSigningSecret: signingSecret }),
})
