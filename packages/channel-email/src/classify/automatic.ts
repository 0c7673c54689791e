/** Mail that no person wrote: kept, never answered (RFC 3834). Each rule says why, in words for the timeline. */
import { header, type Mail } from "../mime/Mail.ts"
import { addressesOf, domainOf, type EmailSettings } from "../settings.ts"
import { isOwnMessageId } from "../threading/messageId.ts"

export interface Envelope {
  /** `MAIL FROM`; empty for the null sender; null when unknown. */
  readonly from: string | null
  readonly to: ReadonlyArray<string>
}

const robotSenders =
  /^(mailer[-_.]?daemon|post[-_.]?master|mail[-_.]delivery[-_.](sub)?system|no[-_.]?reply|do[-_.]?not[-_.]?reply|noreply[-_.+].*|bounces?([+=].*|[-_.]?[0-9].*)?|auto[-_.]?(reply|responder|mailer)|listserv|majordomo|.+-(bounces|request|owner))$/

const outOfOffice =
  /^\s*(auto(matic|mated|matische)?[- ]?(reply|response|antwort)\b|automatisch antwoord|autoreply|auto:|out[- ]of[- ](the[- ])?office|abwesenheits|réponse automatique|respuesta automática|risposta automatica|resposta automática|autosvar|automatiskt svar|автоответ|自动回复|自動回覆|自動応答|자동 회신|رد تلقائي|vacation( reply)?\b|i am (currently )?out of (the )?office)/iu

const sendersOf = (mail: Mail): ReadonlyArray<string> =>
  [...mail.from, ...(mail.sender === null ? [] : [mail.sender])].map((a) => a.address)

const loop = (mail: Mail, settings: EmailSettings): string | null => {
  const own = addressesOf(settings)
  const senders = sendersOf(mail)
  if (header(mail, "x-opencx-session") !== null) return "loop: this mail was sent by OpenCX"
  if (isOwnMessageId(settings, mail.messageId)) return "loop: it carries one of our own message ids"
  if (senders.some((s) => own.includes(s) || own.includes(s.replace(/\+[^@]{0,200}@/, "@")))) {
    return "loop: it comes from our own address"
  }
  const domains = settings.ownDomains.map((d) => d.toLowerCase())
  const domain = senders.map(domainOf).find((d) => domains.includes(d))
  return domain === undefined ? null : `own domain: ${domain} is listed under ownDomains`
}

const contentType = (mail: Mail): string => (header(mail, "content-type") ?? "").toLowerCase()

const byHeaders = (mail: Mail): string | null => {
  const submitted = header(mail, "auto-submitted")?.toLowerCase().split(/[;\s]/)[0] ?? "no"
  if (submitted.startsWith("auto-replied")) return "auto-reply (Auto-Submitted)"
  if (submitted !== "no" && submitted !== "")
    return `sent by a machine (Auto-Submitted: ${submitted.slice(0, 40)})`
  const precedence = header(mail, "precedence")?.toLowerCase().trim() ?? ""
  if (/^(bulk|list|junk|auto[_-]?reply)$/.test(precedence)) return `bulk mail (Precedence: ${precedence})`
  for (const key of [
    "x-autoreply",
    "x-autorespond",
    "x-autoresponder",
    "x-auto-reply-from",
    "x-mail-autoreply",
  ]) {
    if (header(mail, key) !== null) return `auto-reply (${key})`
  }
  const suppress = header(mail, "x-auto-response-suppress")?.toLowerCase() ?? ""
  if (/\b(all|autoreply|oof)\b/.test(suppress))
    return "the sender asks for no automatic answers (X-Auto-Response-Suppress)"
  if (header(mail, "list-id") !== null || header(mail, "list-unsubscribe") !== null) return "mailing list"
  if (header(mail, "feedback-id") !== null && mail.headers.some((h) => h.key.startsWith("list-")))
    return "bulk mail"
  if (header(mail, "x-failed-recipients") !== null) return "bounce"
  return null
}

const byType = (mail: Mail): string | null => {
  const type = contentType(mail)
  if (
    /report-type="?feedback-report/.test(type) ||
    mail.parts.some((p) => p.contentType === "message/feedback-report")
  ) {
    return "complaint: the receiver marked a mail as spam"
  }
  if (/report-type="?disposition-notification/.test(type)) return "read receipt"
  return type.startsWith("multipart/report") ||
    mail.parts.some((p) => p.contentType === "message/delivery-status")
    ? "bounce"
    : null
}

/** Why nobody should answer this mail, or null when a person seems to have written it. */
export const automaticReason = (mail: Mail, envelope: Envelope, settings: EmailSettings): string | null => {
  const found = loop(mail, settings) ?? byType(mail) ?? byHeaders(mail)
  if (found !== null) return found
  const returnPath = envelope.from ?? header(mail, "return-path")?.trim() ?? null
  if (returnPath === "" || returnPath === "<>") return "empty return path: a bounce or another automatic mail"
  const robot = sendersOf(mail).find((s) => robotSenders.test(s.slice(0, s.lastIndexOf("@"))))
  if (robot !== undefined) return `from ${robot}`
  if (mail.from.length === 0) return "no sender"
  return outOfOffice.test(mail.subject ?? "") ? "auto-reply (subject)" : null
}
