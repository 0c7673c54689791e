/** The login page, and the page behind a link that works once. */
import { type Html, html, page } from "./html.ts"

const passwordForm = (next: string): Html =>
  html`<form method="post" action="/login">
    <input type="hidden" name="next" value="${next}" />
    <p>
      <label
        >Email address <input type="email" name="email" autocomplete="username" required autofocus
      /></label>
    </p>
    <p>
      <label
        >Password <input type="password" name="password" autocomplete="current-password" required
      /></label>
    </p>
    <p><button>Log in</button></p>
  </form>`

const tokenForm = (next: string): Html =>
  html`<form method="post" action="/login">
    <input type="hidden" name="next" value="${next}" />
    <p>
      <label
        >Operator token <input type="password" name="token" autocomplete="current-password" required
      /></label>
    </p>
    <p><button>Log in</button></p>
  </form>`

const closed: Html = html`<p>
  Session pages are closed: no operator token is set and there is no user, so only this machine itself may see
  them, under its loopback address. Set
  <code>OPENCX_OPERATOR_TOKEN</code> (16 characters or more) and start it again, or open the link that
  <code>opencx serve</code> prints.
</p>`

const signOnLink = (name: string, next: string): Html =>
  html`<p><a href="/login/oidc?next=${encodeURIComponent(next)}">Log in with ${name}</a></p>`

export const loginPage = (input: {
  readonly next: string
  readonly problem: string | null
  readonly hasToken: boolean
  readonly hasUsers: boolean
  /** What single sign-on is called; null: there is none. */
  readonly signOn: string | null
}): Html =>
  page(
    "OpenCX: log in",
    html`<main>
      <h1>OpenCX</h1>
      ${input.problem === null ? null : html`<p role="alert">${input.problem}</p>`}
      ${input.signOn === null ? null : signOnLink(input.signOn, input.next)}
      ${input.hasUsers ? passwordForm(input.next) : null} ${input.hasToken ? tokenForm(input.next) : null}
      ${input.hasUsers || input.hasToken || input.signOn !== null ? null : closed}
    </main>`,
  )

/** What was typed before is not asked again, except for passwords. */
interface Typed {
  readonly email?: string
  readonly name?: string
}

const chooseForm = (token: string, isSetup: boolean, { email = "", name = "" }: Typed): Html =>
  html`<form method="post" action="/login/link">
    <input type="hidden" name="token" value="${token}" />
    ${
      isSetup
        ? html`<p>
              <label
                >Email address
                <input type="email" name="email" autocomplete="username" value="${email}" required
              /></label>
            </p>
            <p>
              <label>Name <input type="text" name="name" autocomplete="name" value="${name}" /></label>
            </p>`
        : null
    }
    <p>
      <label
        >Password, 10 characters or more
        <input type="password" name="password" autocomplete="new-password" minlength="10" required
      /></label>
    </p>
    <p>
      <label
        >The same again
        <input type="password" name="again" autocomplete="new-password" minlength="10" required
      /></label>
    </p>
    <p><button>Save</button></p>
  </form>`

const titles = {
  setup: "The first administrator",
  invite: "Choose a password",
  void: "A link that works once",
}

const otherWays: Html = html`<p>
  It works once, within 72 hours. If you have chosen a password, <a href="/login">log in</a>. Else ask whoever
  invited you for a new link; <code>opencx serve</code> prints one for the first administrator whenever it
  starts.
</p>`

/** `setup`: make the first owner. `invite`: choose a password. `void`: the link is of no use. */
export const linkPage = (
  input: {
    readonly token: string
    readonly purpose: "setup" | "invite" | "void"
    readonly problem: string | null
  } & Typed,
): Html =>
  page(
    "OpenCX: welcome",
    html`<main>
      <h1>${titles[input.purpose]}</h1>
      ${input.problem === null ? null : html`<p role="alert">${input.problem}</p>`}
      ${input.purpose === "void" ? otherWays : chooseForm(input.token, input.purpose === "setup", input)}
    </main>`,
  )
