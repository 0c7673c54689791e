/** Fields that an organization has added to its tickets, and the values that they take. */

/**
 * `dropdown`: one of the options; `multiselect`: some of them; `text`: one line; `textarea`: several; `regexp`: a text that
 * the pattern must match. `other`: a kind that is never filled (parts of card numbers, links to records).
 */
export type FieldKind =
  | "dropdown"
  | "multiselect"
  | "text"
  | "textarea"
  | "integer"
  | "decimal"
  | "checkbox"
  | "date"
  | "regexp"
  | "other"

/** `value` is what is sent, `label` what people read; `Delivery::Late` is `Late` under `Delivery`. */
export interface FieldOption {
  readonly value: string
  readonly label: string
}

export interface TicketField {
  readonly id: string
  readonly kind: FieldKind
  readonly title: string
  /** What the account says about it; empty when it says nothing. */
  readonly description: string
  readonly active: boolean
  /** Must be filled before a ticket is solved. */
  readonly required: boolean
  /** Of `dropdown` and `multiselect`; empty elsewhere. */
  readonly options: ReadonlyArray<FieldOption>
  /** Of `regexp`, in the vendor's own dialect. */
  readonly pattern: string | null
}

/** `multiselect` takes a list, `checkbox` true or false, `date` the text `2026-11-21`. */
export type TicketFieldValue = string | number | boolean | ReadonlyArray<string>

/** A field and the value that a ticket gets. */
export interface FieldAssignment {
  readonly id: string
  readonly value: TicketFieldValue
}
