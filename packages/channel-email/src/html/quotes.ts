/** How mail programs mark what they quote and sign with, in HTML. */

const classesOf = (attributes: ReadonlyMap<string, string>): ReadonlyArray<string> =>
  (attributes.get("class") ?? "").toLowerCase().split(/\s+/)

const attribution = new Set(["gmail_attr", "moz-cite-prefix", "gmail_extra_attr"])
const signature = new Set(["gmail_signature", "moz-signature", "protonmail_signature_block", "zm_signature"])
const quotedRest = new Set(["yahoo_quoted", "zmail_extra", "protonmail_quote", "ox-cite-header"])
const quotedRestIds = new Set([
  "divrplyfwdmsg",
  "appendonsend",
  "mail-editor-reference-message-container",
  "olk_src_body_section",
])

/** The line "On … wrote:" or a signature: left out of what the customer newly wrote. */
export const isAttributionOrSignature = (attributes: ReadonlyMap<string, string>): boolean =>
  classesOf(attributes).some((c) => attribution.has(c) || signature.has(c)) ||
  attributes.get("id")?.toLowerCase() === "signature" ||
  attributes.has("data-smartmail")

/** Everything from here on is the mail that was answered (Outlook, Yahoo, Zoho, Proton). */
export const beginsQuotedRest = (attributes: ReadonlyMap<string, string>): boolean =>
  quotedRestIds.has((attributes.get("id") ?? "").toLowerCase().replace(/^x_/, "")) ||
  classesOf(attributes).some((c) => quotedRest.has(c))

/** Stands on a line of its own where the quoted rest begins. Private-use characters: no mail contains them. */
export const cutMark = "\u{f8c1}\u{f8c2}\u{f8c1}"
