/** Delivery reports (RFC 3464) and the bounces that older servers write as prose. */
import type { Account, DeliveryId } from "@opencx/core"
import { parseHeaderBlock } from "../mime/headers.ts"
import { header, type Mail } from "../mime/Mail.ts"
import type { EmailSettings } from "../settings.ts"
import { deliveryInText } from "../threading/messageId.ts"
import { deliveryFromRecipients } from "../threading/tokens.ts"
import type { Envelope } from "./automatic.ts"
import { explainStatus, reasonLine } from "./explain.ts"

/** What a report says about one recipient. */
export interface RecipientReport {
  readonly recipient: string | null
  readonly action: "failed" | "delayed" | "delivered" | "relayed" | "expanded" | null
  /** `5.1.1`; null when missing. */
  readonly status: string | null
  readonly diagnostic: string | null
}

export interface BounceReport {
  readonly outcome: "failed" | "delayed" | "delivered"
  /** Plain words for a rep. */
  readonly explanation: string
  readonly deliveryId: DeliveryId | null
}

const decoder = new TextDecoder("utf-8")
const actions = ["failed", "delayed", "delivered", "relayed", "expanded"] as const

/** Takes the per-recipient groups of a `message/delivery-status` part apart; tolerant of missing blank lines. */
export const parseDeliveryStatus = (text: string): ReadonlyArray<RecipientReport> => {
  const groups = text
    .slice(0, 100_000)
    .split(/\r?\n[ \t]*\r?\n/, 200)
    .map(parseHeaderBlock)
    .filter((g) =>
      g.some((h) => ["final-recipient", "original-recipient", "action", "status"].includes(h.key)),
    )
  return groups.map((headers) => {
    const of = (key: string) => header({ headers }, key)
    const action =
      of("action")
        ?.toLowerCase()
        .match(/[a-z]+/)?.[0] ?? null
    return {
      recipient:
        (of("final-recipient") ?? of("original-recipient"))?.replace(/^[^;]*;\s*/, "").trim() ?? null,
      action: actions.find((a) => a === action) ?? null,
      status: /\b[245]\.\d{1,3}\.\d{1,3}\b/.exec(of("status") ?? "")?.[0] ?? null,
      diagnostic:
        of("diagnostic-code")
          ?.replace(/^[a-z0-9-]+\s*;\s*/i, "")
          .trim() ?? null,
    }
  })
}

const outcomeOf = (report: RecipientReport): BounceReport["outcome"] => {
  if (report.action === "delayed") return "delayed"
  if (report.action === "failed") return "failed"
  if (report.action !== null) return "delivered"
  return report.status?.startsWith("2") === true
    ? "delivered"
    : report.status?.startsWith("4") === true
      ? "delayed"
      : "failed"
}

const daemon =
  /^(mailer[-_.]?daemon|post[-_.]?master|mail[-_.]?admin|mdaemon|mail[-_.]delivery[-_.](sub)?system)\b/
const failureSubject =
  /(undeliver|failed delivery|(could|can) ?not (be )?send|error sending your mail|メールエラー|returned mail|failure notice|delivery (status notification|failure|has failed|problem)|mail delivery (failed|failure|system)|could not be delivered|non remis|unzustellbar|nicht zugestellt|no se puede entregar|non recapitabile|не доставлено|退信|配信)/i
const delayWords =
  /\b(delayed|delay|warning|still trying|will (be )?(retry|retried|continue|keep)|not yet been delivered|temporar)/i

/** A bounce in prose: from a mail system, about a failure. */
const looksLikeBounce = (mail: Mail, envelope: Envelope): boolean => {
  const local = mail.from[0]?.address.split("@")[0] ?? ""
  const nobody =
    mail.from.length === 0 || envelope.from === "" || header(mail, "return-path")?.trim() === "<>"
  return (
    header(mail, "x-failed-recipients") !== null ||
    ((daemon.test(local) || nobody) && failureSubject.test(mail.subject ?? ""))
  )
}

const textOf = (mail: Mail): string =>
  [
    mail.text ?? mail.html ?? "",
    ...mail.parts
      .filter((p) => /^(message|text)\//.test(p.contentType))
      .map((p) => decoder.decode(p.bytes.subarray(0, 200_000))),
    ...mail.headers.filter((h) => h.key === "references" || h.key === "in-reply-to").map((h) => h.value),
  ].join("\n")

const fromProse = (mail: Mail, text: string): RecipientReport => ({
  recipient:
    header(mail, "x-failed-recipients")?.split(",")[0]?.trim() ??
    /[^\s<>()"',;:]{1,64}@[a-z0-9.-]{3,200}[a-z]/i.exec(text.slice(0, 5_000))?.[0] ??
    null,
  action: delayWords.test(mail.subject ?? "") ? "delayed" : "failed",
  status: /(?:^|[\s(#])([45]\.\d{1,3}\.\d{1,3})\b/.exec(text.slice(0, 20_000))?.[1] ?? null,
  diagnostic:
    reasonLine(text) ?? /^.{0,200}\b[45]\d\d[ -].{5,200}$/m.exec(text.slice(0, 20_000))?.[0].trim() ?? null,
})

/** Reads a mail as a report about one of our deliveries; null when it is not a report. */
export const readBounce = (
  mail: Mail,
  envelope: Envelope,
  recipients: ReadonlyArray<string>,
  account: Account<EmailSettings>,
): BounceReport | null => {
  const statusParts = mail.parts.filter((p) => /^message\/(global-)?delivery-status$/.test(p.contentType))
  if (statusParts.length === 0 && !looksLikeBounce(mail, envelope)) return null
  const text = textOf(mail)
  const reports = statusParts.flatMap((p) => parseDeliveryStatus(decoder.decode(p.bytes)))
  const all = reports.length > 0 ? reports : [fromProse(mail, text)]
  const worst =
    all.find((r) => outcomeOf(r) === "failed") ?? all.find((r) => outcomeOf(r) === "delayed") ?? all[0]
  if (worst === undefined) return null
  return {
    outcome: outcomeOf(worst),
    explanation: explainStatus(worst),
    deliveryId: deliveryFromRecipients(account, recipients) ?? deliveryInText(account.settings, text),
  }
}
