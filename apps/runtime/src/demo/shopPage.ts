/** A page of the sample shop with the chat widget on it, under the policy that a careful shop would have. */
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import { siteKey } from "./accounts.ts"

const policy =
  "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self'; style-src 'self'; base-uri 'none'"

const markup = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>Larkspoke Cycles</title></head>
<body>
<h1>Larkspoke Cycles</h1>
<p>City bikes, touring bikes and everything around them. Our chat is at the bottom of the page.</p>
<p><a href="/demo/phones">Customers' phones</a> · <a href="/sessions">Sessions</a></p>
<script src="/widget/loader.js" data-site="${siteKey}" async></script>
</body>
</html>`

export const shopPage = () =>
  HttpServerResponse.text(markup, {
    contentType: "text/html; charset=utf-8",
    headers: { "content-security-policy": policy, "x-content-type-options": "nosniff" },
  })
