/** What customers get on their phones, told as it comes. */
import { realTimeOf } from "../support/textCustomers.ts"
import type { Stage } from "../support/stage.ts"

export interface Inbox {
  of(number: string): ReadonlyArray<string>
  /** Resolves when this number has a message that fits. */
  until(number: string, fits: (text: string) => boolean): Promise<void>
  /** Reads what has come since the last look. */
  look(): void
}

export const openInbox = (stage: Stage): Inbox => {
  const { meta, twilio } = realTimeOf(stage).providers
  const got = new Map<string, Array<string>>()
  const waiting = new Map<string, (text: string) => void>()
  const read = { twilio: 0, meta: 0 }
  const numbers = new Map<string, string>()
  const numberOf = (customerId: string): string => {
    if (!numbers.has(customerId)) for (const { id, phone } of meta.customers()) numbers.set(id, phone ?? "")
    return numbers.get(customerId) ?? ""
  }
  const put = (number: string, text: string): void => {
    got.set(number, [...(got.get(number) ?? []), text])
    waiting.get(number)?.(text)
  }
  return {
    of: (number) => got.get(number) ?? [],
    until: (number, fits) =>
      new Promise((resolve) => {
        const done = (): void => {
          waiting.delete(number)
          resolve()
        }
        if (got.get(number)?.some(fits) === true) done()
        else waiting.set(number, (text) => (fits(text) ? done() : undefined))
      }),
    look: () => {
      const texts = twilio.sent()
      for (const { body, to } of texts.slice(read.twilio)) put(to, body)
      read.twilio = texts.length
      const whatsapps = meta.sent()
      for (const { customerId, text } of whatsapps.slice(read.meta)) put(numberOf(customerId), text)
      read.meta = whatsapps.length
    },
  }
}
