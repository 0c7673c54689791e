/** Pages that show sessions: a list, and one timeline with everything that is known about it. */
import type { Contact, Entry, Session, Trace, Work } from "@opencx/core"
import { DateTime, Option } from "effect"
import { type Html, html, page, type Part } from "./html.ts"

/** `2026-11-21 09:35:00`, UTC; a dash for times that no calendar has. */
export const time = (at: number): string =>
  Option.match(DateTime.make(at), {
    onNone: () => "–",
    onSome: (when) => DateTime.formatIso(when).replace("T", " ").slice(0, 19),
  })

const details = (label: string, value: unknown): Part =>
  html`<details>
    <summary>${label}</summary>
    <pre>${JSON.stringify(value, null, 2)}</pre>
  </details>`

const traceDetails = (trace: Trace | null): Part =>
  trace === null ? null : details("How the AI came to this", trace)

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

const entryHtml = (entry: Entry): Html => {
  const { body } = entry
  switch (body._tag) {
    case "CustomerMessage": {
      const marks = [body.automatic ? "automatic" : "", body.identified ? "" : "sender not verified"].filter(
        Boolean,
      )
      const title = marks.length === 0 ? "Customer" : `Customer (${marks.join(", ")})`
      const full = body.fullText === null ? null : details("Whole message", body.fullText)
      return box("customer", entry, title, body.text, [files(body.attachments), full])
    }
    case "AiAnswer": {
      const title = body.withheld ? "AI (not sent: a human had taken over)" : "AI"
      const sources =
        body.sources.length === 0
          ? null
          : html`<p>Sources: ${body.sources.map((s) => s.title).join(", ")}</p>`
      return box("ai", entry, title, body.text, [sources, traceDetails(body.trace)])
    }
    case "HumanReply":
      return box("human", entry, body.authorName ?? "Agent", body.text, files(body.attachments))
    case "SystemMessage":
      return box("ai", entry, `Automatic message (${body.purpose})`, body.text)
    case "HandoffRequested":
      return box("event", entry, "Handoff requested", body.reason, traceDetails(body.trace))
    case "HandoffConfirmed":
      return box(
        "event",
        entry,
        `Handoff confirmed: ticket ${body.ticketId}`,
        body.brief.summary,
        details("Brief", body.brief),
      )
    case "HandoffFailed":
      return box("event", entry, "Handoff failed", body.explanation)
    case "Handback":
      return box("event", entry, "Back to the AI", body.reason)
    case "InternalNote":
      return box("event", entry, "Note for the humans", body.text)
    case "TicketStatusChanged":
      return box("event", entry, `Ticket ${body.ticketId}`, body.status)
    case "DeliveryUpdate":
      return box("event", entry, `Delivery: ${body.status}`, body.explanation ?? body.providerId ?? "")
    case "SystemEvent":
      return box("event", entry, "Event", body.text)
  }
}

const identities = (contact: Contact | null): string =>
  contact === null
    ? "unknown"
    : contact.identities.map((i) => `${i.value}${i.verified ? "" : " (not verified)"}`).join(", ")

export const sessionPage = (session: Session, contact: Contact | null, entries: ReadonlyArray<Entry>): Html =>
  page(
    session.subject ?? "Session",
    html`<p><a href="/sessions">All sessions</a></p>
      <h1 dir="auto">${session.subject ?? "(no subject)"}</h1>
      <p>
        <span class="state">${session.state}</span> ${session.orgId} · ${session.channel} ·
        ${identities(contact)}
        ${session.ticket === null ? null : html` · ticket <strong>${session.ticket.ticketId}</strong> (${session.ticket.status})`}
      </p>
      <p>
        <small>Session <code>${session.id}</code>, since ${time(session.createdAt)} UTC</small>
      </p>
      ${entries.map(entryHtml)}`,
  )

const row = (session: Session): Html =>
  html`<tr>
    <td>${time(session.updatedAt)}</td>
    <td dir="auto">
      <a href="/sessions/${session.orgId}/${session.id}">${session.subject ?? "(no subject)"}</a>
    </td>
    <td><span class="state">${session.state}</span></td>
    <td>${session.channel}</td>
    <td>${session.ticket?.ticketId ?? ""}</td>
    <td>${session.orgId}</td>
  </tr>`

export const sessionListPage = (sessions: ReadonlyArray<Session>, extra: Part = null): Html =>
  page(
    "OpenCX sessions",
    html`<h1>OpenCX sessions</h1>
      ${extra}
      <p><a href="/dead-letters">Dead letters</a></p>
      <table>
        <thead>
          <tr>
            <th>Last change (UTC)</th>
            <th>Subject</th>
            <th>State</th>
            <th>Channel</th>
            <th>Ticket</th>
            <th>Organization</th>
          </tr>
        </thead>
        <tbody>
          ${
            sessions.length === 0
              ? html`<tr>
                  <td colspan="6">No conversation yet.</td>
                </tr>`
              : sessions.map(row)
          }
        </tbody>
      </table>`,
  )

const deadRow = (work: Work): Html =>
  html`<tr>
    <td>${time(work.updatedAt)}</td>
    <td>${work.task._tag}</td>
    <td><a href="/sessions/${work.lane.orgId}/${work.sessionId}">${work.lane.orgId}</a></td>
    <td dir="auto">${work.outcome?._tag === "Failed" ? work.outcome.explanation : (work.lastError ?? "")}</td>
    <td>
      <form class="inline" method="post" action="/api/dead-letters/${work.id}/replay">
        <button>Run again</button>
      </form>
      <form class="inline" method="post" action="/api/dead-letters/${work.id}/discard">
        <button>Discard</button>
      </form>
    </td>
  </tr>`

export const deadLettersPage = (letters: ReadonlyArray<Work>): Html =>
  page(
    "OpenCX dead letters",
    html`<p><a href="/sessions">All sessions</a></p>
      <h1>Dead letters</h1>
      <p>Work that was given up. Running it again is safe: nothing is done twice.</p>
      <table>
        <thead>
          <tr>
            <th>Given up (UTC)</th>
            <th>Task</th>
            <th>Session</th>
            <th>Why</th>
            <th></th>
          </tr>
        </thead>
        <tbody>
          ${
            letters.length === 0
              ? html`<tr>
                  <td colspan="5">None.</td>
                </tr>`
              : letters.map(deadRow)
          }
        </tbody>
      </table>`,
  )
