/** The table of all checks, in the order in which causes come before what follows from them. */
import type { Check } from "../Check.ts"
import { articleChecks } from "./articles.ts"
import { assistChecks } from "./assist.ts"
import { channelChecks } from "./channels.ts"
import { chatChecks } from "./chat.ts"
import { connectionChecks } from "./connection.ts"
import { contactChecks } from "./contacts.ts"
import { deliveryChecks } from "./delivery.ts"
import { fieldChecks } from "./fields.ts"
import { hoursChecks } from "./hours.ts"
import { ticketChecks, unfilledChecks } from "./tickets.ts"
import { webhookChecks } from "./webhooks.ts"

export const allChecks: ReadonlyArray<Check> = [
  ...connectionChecks,
  ...channelChecks,
  ...webhookChecks,
  ...ticketChecks,
  ...deliveryChecks,
  ...hoursChecks,
  ...fieldChecks,
  ...unfilledChecks,
  ...articleChecks,
  ...chatChecks,
  ...contactChecks,
  ...assistChecks,
]
