/** How a channel writes an account: WhatsApp digits alone, SMS with a plus, others as given. */
export const channelAddress = (type: string, given: string): string => {
  const digits = given.replaceAll(/\D/g, "")
  if (type === "whatsapp") return digits
  if (type === "twilio" || type === "messagebird") return `+${digits}`
  return given
}

/** The phone number behind a channel account, if it is one. */
export const phoneOf = (type: string, externalId: string | null): string | null =>
  externalId !== null && ["whatsapp", "twilio", "messagebird"].includes(type)
    ? `+${externalId.replaceAll(/\D/g, "")}`
    : null
