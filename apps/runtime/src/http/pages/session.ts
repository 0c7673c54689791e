/** Pages that show sessions: a list, and one timeline with everything that is known about it. */
import type { Contact, Entry, Session } from "@opencx/core"
import type { WorkView } from "../../operate/WorkView.ts"
import { entryHtml } from "./entry.ts"
import { type Html, html, type Part } from "./html.ts"
import { operatorPage } from "./nav.ts"
import { time } from "./time.ts"

const identities = (contact: Contact | null): string =>
  contact === null
    ? "unknown"
    : contact.identities.map((i) => `${i.value}${i.verified ? "" : " (not verified)"}`).join(", ")

export const sessionPage = (session: Session, contact: Contact | null, entries: ReadonlyArray<Entry>): Html =>
  operatorPage(
    session.subject ?? "Session",
    html`<h1 dir="auto">${session.subject ?? "(no subject)"}</h1>
      <p>
        <span class="state">${words(session.state)}</span> ${session.orgId} · ${session.channel} ·
        ${identities(contact)}
        ${session.ticket === null ? null : html` · ticket <strong>${session.ticket.ticketId}</strong> (${session.ticket.status})`}
        ${session.chat === null ? null : html` · live chat <strong>${session.chat.conversationId}</strong> (${session.chat.control})`}
      </p>
      <p>
        <small>Session <code>${session.id}</code>, since ${time(session.createdAt)} UTC</small>
      </p>
      ${entries.map(entryHtml)}`,
  )

/** Its name in the database, as people write it. */
const words = (state: Session["state"]): string => state.replaceAll("_", " ")

const row = (session: Session, customer: string): Html =>
  html`<tr>
    <td class="when">${time(session.updatedAt)}</td>
    <td class="text" dir="auto">${customer}</td>
    <td class="text" dir="auto">
      <a href="/sessions/${session.orgId}/${session.id}">${session.subject ?? "(no subject)"}</a>
    </td>
    <td><span class="state">${words(session.state)}</span></td>
    <td>${session.channel}</td>
    <td>${session.ticket?.ticketId ?? ""}</td>
    <td>${session.orgId}</td>
  </tr>`

/** `customers`: who wrote, by session. */
export const sessionListPage = (
  sessions: ReadonlyArray<Session>,
  extra: Part = null,
  customers: ReadonlyMap<string, string> = new Map(),
): Html =>
  operatorPage(
    "OpenCX sessions",
    html`<h1>OpenCX sessions</h1>
      ${extra}
      <div class="wide" role="region" aria-label="Sessions" tabindex="0">
        <table>
          <thead>
            <tr>
              <th>Last change (UTC)</th>
              <th>Customer</th>
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
                    <td colspan="7">No conversation yet.</td>
                  </tr>`
                : sessions.map((session) => row(session, customers.get(session.id) ?? ""))
            }
          </tbody>
        </table>
      </div>`,
  )

const deadRow = ({ id, kind, organization, session, updatedAt, why }: WorkView): Html =>
  html`<tr>
    <td class="when">${updatedAt}</td>
    <td>${kind}</td>
    <td><a href="/sessions/${organization}/${session}">${organization}</a></td>
    <td class="text" dir="auto">${why}</td>
    <td>
      <form class="inline" method="post" action="/dead-letters/${organization}/${id}/replay">
        <button>Run again</button>
      </form>
      <form class="inline" method="post" action="/dead-letters/${organization}/${id}/discard">
        <input name="reason" placeholder="Why" required maxlength="500" aria-label="Why it is discarded" />
        <button>Discard</button>
      </form>
    </td>
  </tr>`

export const deadLettersPage = (letters: ReadonlyArray<WorkView>): Html =>
  operatorPage(
    "OpenCX dead letters",
    html`<h1>Dead letters</h1>
      <p>Work that was given up. Running it again is safe: nothing is done twice.</p>
      <div class="wide" role="region" aria-label="Dead letters" tabindex="0">
        <table>
          <thead>
            <tr>
              <th>Given up (UTC)</th>
              <th>Task</th>
              <th>Session</th>
              <th>Why</th>
              <th>What to do</th>
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
        </table>
      </div>`,
  )
