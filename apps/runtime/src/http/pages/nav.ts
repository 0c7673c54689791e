/** What stands above every page of operators: where else to go, and the way out. */
import { type Html, html, page, type Part } from "./html.ts"

const nav: Html = html`<nav aria-label="Pages">
  <a href="/sessions">Sessions</a> <a href="/dead-letters">Dead letters</a> <a href="/sources">Sources</a>
  <form class="inline" method="post" action="/login/out"><button>Log out</button></form>
</nav>`

/** A page of operators. */
export const operatorPage = (title: string, body: Part): Html => page(title, html`<main>${body}</main>`, nav)

/** For people who are logged in and may not see this: the login would only lead them back here. */
export const forbiddenPage: Html = operatorPage(
  "OpenCX: not for you",
  html`<h1>Not for you</h1>
    <p role="alert">
      This page shows all organizations at once, and your role is for your own organization alone. Its
      <a href="/sessions">sessions</a> are open to you; for more ask an administrator of the installation.
    </p>`,
)
