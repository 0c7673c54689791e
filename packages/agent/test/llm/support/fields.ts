/** Ticket fields of every kind, as an account may have them. */
import type { FieldRequest, TicketField } from "@opencx/core"

const blank: Omit<TicketField, "id" | "kind" | "title"> = {
  description: "",
  active: true,
  required: false,
  options: [],
  pattern: null,
}

const field = (
  id: string,
  kind: TicketField["kind"],
  title: string,
  change: Partial<TicketField> = {},
): TicketField => ({ ...blank, id, kind, title, ...change })

export const fieldsOfAll = {
  reason: field("31", "dropdown", "Reason", {
    options: [
      { value: "money_back", label: "Refund" },
      { value: "late_parcel", label: "Delivery::Late" },
      { value: "other_reason", label: "Other" },
    ],
  }),
  products: field("32", "multiselect", "Products", {
    options: [
      { value: "product_helmet", label: "Helmet" },
      { value: "product_saddle", label: "Saddle" },
      { value: "product_lights", label: "Lights" },
    ],
  }),
  order: field("33", "text", "Order number"),
  summary: field("34", "textarea", "Issue summary"),
  quantity: field("35", "integer", "Quantity"),
  amount: field("36", "decimal", "Amount paid"),
  gift: field("37", "checkbox", "Gift"),
  bought: field("38", "date", "Purchase date"),
  serial: field("39", "regexp", "Serial number", { pattern: "\\ALS-\\d{6}\\z" }),
  record: field("40", "other", "Linked record"),
} as const

export const requestFor = (one: TicketField, instruction: string | null = null): FieldRequest => ({
  field: one,
  instruction,
})

export const requestsFor = (...fields: ReadonlyArray<TicketField>): ReadonlyArray<FieldRequest> =>
  fields.map((one) => requestFor(one))

export const allRequests = requestsFor(...Object.values(fieldsOfAll))
