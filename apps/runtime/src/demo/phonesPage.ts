/** Customers' phones: text messages, WhatsApp and calls of the demonstration, to play the customer with. */
import { html, page, type Part } from "../http/pages/html.ts"
import type { Customers, PhoneLine } from "./customers.ts"
import { shopNumbers } from "./providers.ts"

const line = ({ from, text }: PhoneLine): Part =>
  html`<article class="${from === "customer" ? "customer" : "ai"}">
    <header>${from === "customer" ? "You" : "Larkspoke Cycles"}</header>
    <pre dir="auto">${text}</pre>
  </article>`

const form = (action: string, number: string, label: string, hint: string): Part =>
  html`<form method="post" action="/demo/customers/${action}">
    <input type="hidden" name="from" value="${number}" />
    <label>${label} <input name="text" size="50" required dir="auto" placeholder="${hint}" /></label>
    <button>Send</button>
  </form>`

const call = (people: Customers, number: string): Part => {
  const current = people.callOf(number)
  const up = current !== null && current.status === "in-progress"
  const words = current === null ? [] : [...current.said, current.speech].filter((part) => part !== "")
  return html`<h3>Call to ${shopNumbers.phone}</h3>
    ${current === null ? null : html`<p>${up ? "The line is open." : "The call is over."}</p>`}
    ${words.map((text) => line({ from: "shop", text }))}
    ${
      up
        ? [
            form("calls/say", number, "Say", "How long does shipping take?"),
            html`<form method="post" action="/demo/customers/calls/hang-up" class="inline">
              <input type="hidden" name="from" value="${number}" /><button>Hang up</button>
            </form>`,
          ]
        : html`<form method="post" action="/demo/customers/calls" class="inline">
            <input type="hidden" name="from" value="${number}" /><button>Call</button>
          </form>`
    }`
}

const phone = (people: Customers, number: string): Part =>
  html`<section>
    <h2>Phone ${number}</h2>
    <h3>Text messages with ${shopNumbers.sms}</h3>
    ${people.texts(number).map(line)} ${form("sms", number, "Text", "How do I reset my password?")}
    <h3>WhatsApp with ${shopNumbers.whatsapp}</h3>
    ${people.whatsapps(number).map(line)} ${form("whatsapp", number, "Message", "I want to talk to a human")}
    ${call(people, number)}
  </section>`

/** `usual`: the number of somebody who has not written yet. */
export const phonesPage = (people: Customers, usual: string) => {
  const numbers = people.numbers()
  return page(
    "Customers' phones",
    html`<main>
      <p>
        <a href="/sessions">Sessions</a> · <a href="/demo/mails">Mailbox</a> ·
        <a href="/demo/shop">Shop with chat</a> ·
        <a href="/demo/phones">Reload</a>
      </p>
      <h1>Customers' phones</h1>
      ${(numbers.includes(usual) ? numbers : [...numbers, usual]).map((number) => phone(people, number))}
    </main>`,
  )
}
