/** What an SMTP error means for a delivery. */
import { SendFailure } from "@opencx/core"
import { Predicate } from "effect"
import { explainStatus } from "../classify/explain.ts"

/** How far a try came: the body is the point of no return. */
export type Progress = "before-body" | "body-sent"

export const retry = (detail: string, afterMs: number | null = null): SendFailure =>
  new SendFailure({ kind: { _tag: "Retry", afterMs, detail } })

export const permanent = (code: string, explanation: string): SendFailure =>
  new SendFailure({ kind: { _tag: "Permanent", code, explanation } })

const text = (error: unknown, key: string): string | null =>
  Predicate.hasProperty(error, key) && typeof error[key] === "string" ? error[key] : null

const number = (error: unknown, key: string): number | null =>
  Predicate.hasProperty(error, key) && typeof error[key] === "number" ? error[key] : null

const firstOf = (error: unknown, key: string): unknown =>
  Predicate.hasProperty(error, key) && Array.isArray(error[key]) ? error[key][0] : undefined

const FIVE_MINUTES = 300_000

/** Logging in is our own affair: a wrong password is put right by an operator, so the mail waits. */
const isAuth = (error: unknown): boolean => text(error, "code") === "EAUTH"

const detailOf = (error: unknown): string => {
  const message = error instanceof Error ? error.message : String(error)
  const code = text(error, "code")
  return `${code === null ? "" : `${code}: `}${message}`.replace(/[\r\n]+/g, " ").slice(0, 300)
}

/** Sorts an error of one try into retry, permanent or ambiguous. */
export const classify = (error: unknown, progress: Progress, recipient: string): SendFailure => {
  const rejected = firstOf(error, "rejectedErrors")
  const response = text(rejected, "response") ?? text(error, "response")
  const code = number(rejected, "responseCode") ?? number(error, "responseCode")
  if (isAuth(error))
    return retry(
      // Not in the server's words: some say back what they were sent.
      `the outgoing mail server refused our login${code === null ? "" : ` (SMTP ${code})`}; check user and password`,
      FIVE_MINUTES,
    )
  if (code !== null && code >= 500) {
    const status = /\b5\.\d{1,3}\.\d{1,3}\b/.exec(response ?? "")?.[0] ?? null
    return permanent(status ?? String(code), explainStatus({ recipient, status, diagnostic: response }))
  }
  // 421 and 45x: the server itself says "later"; also after the body, which it has then not taken.
  if (code !== null && code >= 400)
    return retry(response ?? detailOf(error), code === 452 || code === 450 ? FIVE_MINUTES : null)
  if (text(error, "code") === "EENVELOPE")
    return permanent("5.1.3", explainStatus({ recipient, status: "5.1.3", diagnostic: detailOf(error) }))
  if (text(error, "code") === "EMESSAGE" && progress === "before-body") {
    return permanent("5.3.4", explainStatus({ recipient, status: "5.3.4", diagnostic: detailOf(error) }))
  }
  if (progress === "body-sent") {
    return new SendFailure({
      kind: {
        _tag: "Ambiguous",
        detail: `the connection was lost after the mail had been handed over (${detailOf(error)})`,
        // The same Message-ID again: mail systems and programs show it once.
        resendIsSafe: true,
      },
    })
  }
  return retry(detailOf(error))
}
