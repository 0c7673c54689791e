/** The demonstration's own pages: the customers' mailbox, and what to do first. */
import { Layer } from "effect"
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import { html, htmlAnswer, page, type Part } from "../http/pages/html.ts"
import { time } from "../http/pages/time.ts"
import { supportAddress } from "./config.ts"
import { customerRoutes } from "./customerRoutes.ts"
import type { Customers } from "./customers.ts"
import type { MailSink, SinkMail } from "./MailSink.ts"
import { shopPage } from "./shopPage.ts"

const mailHtml = (mail: SinkMail) =>
  html`<article class="ai">
    <header>
      ${time(mail.receivedAt)} · from ${mail.fromName} &lt;${mail.from}&gt; to ${mail.envelopeTo.join(", ")}
    </header>
    <strong dir="auto">${mail.subject}</strong>
    <pre dir="auto">${mail.text}</pre>
    ${mail.attachments.length === 0 ? null : html`<p>Attachments: ${mail.attachments.map((a) => a.fileName).join(", ")}</p>`}
  </article>`

const mailsPage = (sink: MailSink) =>
  page(
    "The customers' mailbox",
    html`<main>
      <p><a href="/sessions">Sessions</a></p>
      <h1>The customers' mailbox</h1>
      ${sink.mails().length === 0 ? html`<p>No mail yet.</p>` : sink.mails().toReversed().slice(0, 200).map(mailHtml)}
    </main>`,
  )

const banner = (emulatorUrl: string): Part =>
  html`<p>
    This is the demonstration. Write a mail to <code>${supportAddress}</code> (see the terminal) and read the
    answer in <a href="/demo/mails">the customers' mailbox</a>; text, write by WhatsApp or call with
    <a href="/demo/phones">a customer's phone</a>; chat on <a href="/demo/shop">the shop's page</a>; and play
    the human in <a href="${emulatorUrl}/agent">the emulated Zendesk</a>.
  </p>`

export interface DemoPlaces {
  readonly sink: MailSink
  readonly people: Customers
  readonly emulatorUrl: string
}

/** Routes under `/demo`, and the hints above the list of sessions. */
export const demoExtras = ({ emulatorUrl, people, sink }: DemoPlaces) => ({
  banner: banner(emulatorUrl),
  routes: Layer.mergeAll(
    HttpRouter.add("GET", "/demo/mails", () => Effect.sync(() => htmlAnswer(mailsPage(sink)))),
    HttpRouter.add("GET", "/demo/mails.json", () =>
      Effect.sync(() => HttpServerResponse.jsonUnsafe({ mails: sink.mails() })),
    ),
    HttpRouter.add("GET", "/demo/shop", () => Effect.sync(shopPage)),
    customerRoutes(people),
  ),
})
