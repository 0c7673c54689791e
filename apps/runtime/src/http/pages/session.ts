/** Pages that show sessions: a list, and one timeline with everything that is known about it. */
import type { Contact, Entry, Session } from "@opencx/core"
import type { WorkView } from "../../operate/WorkView.ts"
import { entryHtml } from "./entry.ts"
import { type Html, html, page, type Part } from "./html.ts"
import { time } from "./time.ts"

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
        ${session.chat === null ? null : html` · live chat <strong>${session.chat.conversationId}</strong> (${session.chat.control})`}
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
      <p><a href="/dead-letters">Dead letters</a> · <a href="/sources">Sources</a></p>
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

const deadRow = ({ id, kind, organization, session, updatedAt, why }: WorkView): Html =>
  html`<tr>
    <td>${updatedAt}</td>
    <td>${kind}</td>
    <td><a href="/sessions/${organization}/${session}">${organization}</a></td>
    <td dir="auto">${why}</td>
    <td>
      <form class="inline" method="post" action="/dead-letters/${id}/replay">
        <button>Run again</button>
      </form>
      <form class="inline" method="post" action="/dead-letters/${id}/discard">
        <input name="reason" placeholder="Why" required maxlength="500" aria-label="Why it is discarded" />
        <button>Discard</button>
      </form>
    </td>
  </tr>`

export const deadLettersPage = (letters: ReadonlyArray<WorkView>): Html =>
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
