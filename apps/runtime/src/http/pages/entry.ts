/** One entry of a timeline as HTML. */
import type { Brief, Entry, Trace } from "@opencx/core"
import { type Html, html, type Part } from "./html.ts"
import { time } from "./time.ts"
import { modelPart, traceHtml } from "./trace.ts"

const details = (label: string, value: unknown): Part =>
  html`<details>
    <summary>${label}</summary>
    <pre>${JSON.stringify(value, null, 2)}</pre>
  </details>`

const traceDetails = (trace: Trace | null): Part => (trace === null ? null : traceHtml(trace))

const briefDetails = ({ model, ...brief }: Brief): Part => [
  details("Brief", brief),
  model === undefined
    ? null
    : html`<details>
        <summary>How the brief was written</summary>
        ${modelPart(model)}
      </details>`,
]

const files = (attachments: ReadonlyArray<{ readonly fileName: string; readonly size: number }>): Part =>
  attachments.length === 0
    ? null
    : html`<p>Attachments: ${attachments.map((a) => `${a.fileName} (${a.size} bytes)`).join(", ")}</p>`

const box = (kind: string, entry: Entry, title: string, text: string, extra: Part = null): Html =>
  html`<article class="${kind}" id="entry-${entry.seq}">
    <header>${entry.seq}. ${title} · ${time(entry.at)}</header>
    <pre dir="auto">${text}</pre>
    ${extra}
  </article>`

const assistBox = (entry: Entry, body: Extract<Entry["body"], { _tag: "Assist" }>): Html => {
  const { commentIds, result, text, ticketId, trace } = body
  const title =
    result === "drafted"
      ? `Draft for the agents, ticket ${ticketId}`
      : `No draft, ticket ${ticketId}: ${result}`
  return box("ai", entry, title, text ?? "", [details("Comments", commentIds), traceDetails(trace)])
}

const useTitle = ({ ticketId, use }: Extract<Entry["body"], { _tag: "DraftUse" }>): string =>
  `Draft ${use} by the agent, ticket ${ticketId}`

const useText = ({ distance, draftWords, replyId }: Extract<Entry["body"], { _tag: "DraftUse" }>): string =>
  replyId === null ? "No public comment came in time." : `${distance} words changed, of ${draftWords}`

const ratingTitle = ({ kind, score }: Extract<Entry["body"], { _tag: "Rating" }>): string =>
  kind === "conversation"
    ? `Rated the conversation: ${score} of 5`
    : `Rated an answer: ${score > 0 ? "helpful" : "not helpful"}`

const customerBox = (entry: Entry, body: Extract<Entry["body"], { _tag: "CustomerMessage" }>): Html => {
  const marks = [body.automatic ? "automatic" : "", body.identified ? "" : "sender not verified"].filter(
    Boolean,
  )
  const title = marks.length === 0 ? "Customer" : `Customer (${marks.join(", ")})`
  const full = body.fullText === null ? null : details("Whole message", body.fullText)
  return box("customer", entry, title, body.text, [files(body.attachments), full])
}

const answerTitle = ({ askBack, withheld }: Extract<Entry["body"], { _tag: "AiAnswer" }>): string => {
  if (withheld) return "AI (not sent: a human had taken over)"
  return askBack ? "AI asked back" : "AI"
}

const answerBox = (entry: Entry, body: Extract<Entry["body"], { _tag: "AiAnswer" }>): Html => {
  const { sources, text, trace } = body
  const named = sources.length === 0 ? null : html`<p>Sources: ${sources.map((s) => s.title).join(", ")}</p>`
  return box("ai", entry, answerTitle(body), text, [named, traceDetails(trace)])
}

/** One line of the timeline, with everything that operators may see of it. */
export const entryHtml = (entry: Entry): Html => {
  const { body } = entry
  switch (body._tag) {
    case "CustomerMessage":
      return customerBox(entry, body)
    case "AiAnswer":
      return answerBox(entry, body)
    case "HumanReply":
      return box("human", entry, body.authorName ?? "Agent", body.text, files(body.attachments))
    case "SystemMessage":
      return box("ai", entry, `Automatic message (${body.purpose})`, body.text)
    case "HandoffRequested":
      return box("event", entry, "Handoff requested", body.reason, traceDetails(body.trace))
    case "AssistantLine":
      return box("ai", entry, body.by, body.text)
    case "Heard":
      return box("event", entry, "Interrupted: the customer heard only this", body.text)
    case "OptOut":
      return box("event", entry, body.optedOut ? "Opted out of messages" : "Takes messages again", body.word)
    case "IdentityDecision":
      return box(
        "event",
        entry,
        `Identity: ${body.decision}`,
        body.reason,
        body.evidence.length === 0 ? null : details("Evidence", body.evidence),
      )
    case "CallEnded":
      return box(
        "event",
        entry,
        "Call ended",
        [body.reason, body.summary, body.recordingUrl].filter(Boolean).join("\n\n"),
      )
    case "Rating":
      return box("event", entry, ratingTitle(body), body.comment ?? "")
    case "ContactDetails":
      return box(
        "event",
        entry,
        "Left an address (not verified)",
        [body.name, body.email].filter(Boolean).join(" · "),
      )
    case "ChatControlChanged":
      return box("event", entry, `Live chat ${body.chatId}: ${body.control}`, body.reason ?? "")
    case "HandoffConfirmed":
      return box(
        "event",
        entry,
        body.ticketId === null
          ? `Handoff confirmed: live chat ${body.chatId}`
          : `Handoff confirmed: ticket ${body.ticketId}`,
        body.brief.summary,
        briefDetails(body.brief),
      )
    case "HandoffFailed":
      return box("event", entry, "Handoff failed", body.explanation)
    case "Handback":
      return box("event", entry, "Back to the AI", body.reason)
    case "InternalNote":
      return box("event", entry, "Note for the humans", body.text)
    case "Assist":
      return assistBox(entry, body)
    case "DraftUse":
      return box("event", entry, useTitle(body), useText(body))
    case "TicketStatusChanged":
      return box("event", entry, `Ticket ${body.ticketId}`, body.status)
    case "DeliveryUpdate":
      return box("event", entry, `Delivery: ${body.status}`, body.explanation ?? body.providerId ?? "")
    case "SystemEvent":
      return box("event", entry, "Event", body.text)
  }
}
