/** The login page of operators. */
import { type Html, html, page } from "./html.ts"

export const loginPage = (input: {
  readonly next: string
  readonly failed: boolean
  readonly tokenSet: boolean
}): Html =>
  page(
    "OpenCX: log in",
    input.tokenSet
      ? html`<h1>OpenCX</h1>
          ${input.failed ? html`<p role="alert">That is not the operator token.</p>` : null}
          <form method="post" action="/login">
            <input type="hidden" name="next" value="${input.next}" />
            <p>
              <label
                >Operator token
                <input type="password" name="token" autocomplete="current-password" required autofocus
              /></label>
            </p>
            <p><button>Log in</button></p>
          </form>`
      : html`<h1>OpenCX</h1>
          <p>
            Session pages are closed: no operator token is set, so only this machine itself may see them,
            under its loopback address. Set
            <code>OPENCX_OPERATOR_TOKEN</code> (16 characters or more) and start it again.
          </p>`,
  )
