import type { SampleArticle } from "../model.ts"
import { article, section } from "../structure.ts"

/** The customer's account, privacy, and the service plan. */
export const account: ReadonlyArray<SampleArticle> = [
  article(
    4100000031,
    section.account,
    "2026-01-12T08:00:00Z",
    "Creating a Larkspoke account",
    ["account", "sign up"],
    `
<p>An account keeps your orders, addresses, bikes and warranty claims in one place. Select <strong>Sign in &gt; Register</strong>, enter your email address, and choose a password of at least 12 characters. Then open the confirmation link in the email; it is valid for 24 hours.</p>
<p>Ordered as a guest before? Register with the same email address and your earlier orders appear in the account by themselves.</p>`,
  ),
  article(
    4100000032,
    section.account,
    "2026-06-03T10:05:00Z",
    "Resetting your password",
    ["password", "login", "sign in"],
    `
<p>Forgot your password or cannot sign in?</p>
<ol>
<li>Select <strong>Sign in &gt; Forgot password</strong>.</li>
<li>Enter the email address of your account.</li>
<li>Open the link in the email within 60 minutes and set a new password.</li>
</ol>
<h2>No email?</h2>
<p>Look in the spam folder and allow no-reply@larkspoke.example. Maybe you registered with another address or with Apple sign-in.</p>
<h2>Account locked</h2>
<p>After five wrong passwords the login is locked for 30 minutes. Resetting the password unlocks it at once.</p>`,
  ),
  article(
    4100000033,
    section.account,
    "2026-04-17T09:00:00Z",
    "Changing your email address or phone number",
    ["account", "email", "phone"],
    `
<p>Open <strong>My account &gt; Profile</strong> and select <strong>Edit</strong> next to the email or the phone number. We send a code to the new address or number; enter it to confirm. The old email gets a notice with a link that undoes the change for 7 days.</p>
<p>If you no longer have access to the old mailbox, you can still change it as long as you are signed in. Names on finished invoices do not change.</p>`,
  ),
  article(
    4100000034,
    section.account,
    "2026-02-28T17:00:00Z",
    "Two-step sign-in",
    ["account", "security", "2fa"],
    `
<p>Two-step sign-in (2FA) protects your account with a second code. Turn it on in <strong>My account &gt; Security</strong> and scan the QR code with an authenticator app. Store the ten backup codes in a safe place.</p>
<h2>Lost phone</h2>
<p>Sign in with a backup code and connect the new phone. Without backup codes we need a copy of an invoice to check that the account is yours; this takes two working days.</p>`,
  ),
  article(
    4100000035,
    section.privacy,
    "2026-05-25T08:30:00Z",
    "Deleting your account and your data",
    ["account", "delete", "gdpr"],
    `
<p>Open <strong>My account &gt; Privacy &gt; Delete account</strong> and confirm with your password. The account is closed at once and personal data is erased after 30 days. You can undo the deletion during that time by signing in.</p>
<h2>What we have to keep</h2>
<p>Invoices are kept for ten years, because tax law requires it. They are locked and not used for anything else. Open orders, returns and a running Care plan have to be finished before an account can be deleted.</p>`,
  ),
  article(
    4100000036,
    section.privacy,
    "2026-05-25T08:40:00Z",
    "Which personal data we store, and how to get a copy",
    ["privacy", "gdpr", "data"],
    `
<p>We store what we need to deliver your order: name, addresses, email, phone, order history, bike registrations and messages to support. Card numbers are kept by the payment provider and never by us.</p>
<h2>Get a copy</h2>
<p>Select <strong>My account &gt; Privacy &gt; Download my data</strong>. A ZIP file is ready within 48 hours. You can also write to privacy@larkspoke.example; we answer within 30 days.</p>
<h2>Cookies</h2>
<p>Statistics and marketing cookies are off until you agree. Change your choice under <strong>Cookie settings</strong> at the bottom of each page.</p>`,
  ),
  article(
    4100000037,
    section.privacy,
    "2026-01-18T13:00:00Z",
    "Unsubscribing from the newsletter",
    ["newsletter", "email", "unsubscribe"],
    `
<p>Every newsletter has an <strong>Unsubscribe</strong> link at the end. You can also switch off marketing emails in <strong>My account &gt; Notifications</strong>. It takes up to two days until the last mail has gone out.</p>
<p>Emails about your orders and safety recalls are always sent; they are not advertising.</p>`,
  ),
  article(
    4100000038,
    section.care,
    "2026-06-11T09:00:00Z",
    "What Larkspoke Care includes",
    ["care", "service plan", "subscription"],
    `
<p>Larkspoke Care is our service subscription for one bike.</p>
<table>
<thead><tr><th></th><th>Care Basic</th><th>Care Plus</th></tr></thead>
<tbody>
<tr><td>Price</td><td>6.90 euros a month</td><td>12.90 euros a month</td></tr>
<tr><td>Yearly inspection</td><td>included</td><td>included</td></tr>
<tr><td>Wear parts</td><td>10 % off</td><td>included up to 150 euros a year</td></tr>
<tr><td>Mobile breakdown help</td><td>no</td><td>included, 24 hours</td></tr>
<tr><td>Software updates for e-bikes</td><td>included</td><td>included</td></tr>
</tbody>
</table>
<p>The first month is free. Care is not an insurance: theft and accidents are not covered. You can add Care up to two years after buying the bike.</p>`,
  ),
  article(
    4100000039,
    section.care,
    "2026-06-11T09:20:00Z",
    "Cancelling or pausing your Care plan",
    ["care", "cancel", "subscription"],
    `
<p>Care runs month by month. Cancel up to three days before the next billing date:</p>
<ol>
<li>Open <strong>My account &gt; Care</strong>.</li>
<li>Select <strong>Cancel plan</strong> and confirm.</li>
</ol>
<p>The plan then stays active until the end of the paid month. There is no notice period and no cancellation fee.</p>
<h2>Pause instead</h2>
<p>Not riding in winter? Select <strong>Pause</strong> to stop the subscription for one to four months. Nothing is charged meanwhile, and no services can be used.</p>`,
  ),
  article(
    4100000040,
    section.care,
    "2026-06-11T09:35:00Z",
    "Care billing: dates, card changes and failed payments",
    ["care", "billing", "card"],
    `
<p>Care is charged on the same day of each month as you joined. To use another card, open <strong>My account &gt; Care &gt; Billing</strong> and select <strong>Replace card</strong>; the new card is used from the next charge.</p>
<p>If a charge fails, we try again after 3, 6 and 10 days and tell you by email each time. After the third failure the plan is suspended. Switching between Basic and Plus takes effect on the next billing date.</p>`,
  ),
]
