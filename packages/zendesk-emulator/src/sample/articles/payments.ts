import type { SampleArticle } from "../model.ts"
import { article, section } from "../structure.ts"

/** Payments, prices and gift cards. */
export const payments: ReadonlyArray<SampleArticle> = [
  article(
    4100000014,
    section.payments,
    "2026-04-22T10:10:00Z",
    "Which payment methods do you accept?",
    ["payment", "card", "paypal"],
    `
<p>You can pay with:</p>
<ul>
<li>Visa, Mastercard and American Express</li>
<li>PayPal, Apple Pay and Google Pay</li>
<li>bank transfer in advance (the order ships when the money has arrived)</li>
<li>iDEAL in the Netherlands and TWINT in Switzerland</li>
<li>Larkspoke gift cards</li>
</ul>
<p>Cash is accepted in our stores only. We do not accept cheques, cryptocurrency or cash on delivery.</p>
<h2>When is my card charged?</h2>
<p>Cards are authorised when you order and charged when the parcel ships. PayPal and wallets are charged at once.</p>`,
  ),
  article(
    4100000015,
    section.payments,
    "2026-02-17T09:35:00Z",
    "Why was my payment declined?",
    ["payment", "declined", "error"],
    `
<p>A declined payment is nearly always decided by your bank, which does not tell us the reason. Please try this:</p>
<ol>
<li>Compare card number, expiry date and security code with the card.</li>
<li>Confirm the purchase in your banking app: most banks ask for approval (3-D Secure).</li>
<li>Check the limit of the card. Bikes are often above the daily limit.</li>
<li>Turn off VPN and private browsing, then try again.</li>
</ol>
<p>If money was reserved although the checkout showed an error, the bank releases it within five working days. After three failed attempts the checkout is locked for one hour.</p>`,
  ),
  article(
    4100000016,
    section.payments,
    "2026-05-27T08:00:00Z",
    "Paying in instalments",
    ["payment", "instalments", "financing"],
    `
<p>Orders between 250 and 6,000 euros can be paid in 6, 12 or 24 monthly instalments through our partner Rivo Finance. For 6 months there is no interest; for longer terms the yearly rate is 7.9 %.</p>
<h2>How to apply</h2>
<p>Choose <strong>Pay monthly</strong> at checkout. You identify yourself by video and get a decision in about five minutes. You need to be 18 or older and live in Germany or Austria.</p>
<h2>Returning a financed order</h2>
<p>Send the order back as usual. We inform Rivo Finance, which cancels the contract and refunds paid instalments.</p>`,
  ),
  article(
    4100000017,
    section.payments,
    "2026-06-09T12:30:00Z",
    "Using a discount code",
    ["discount", "voucher", "promo code"],
    `
<p>Enter the code in the basket under <strong>Discount code</strong> and select <strong>Apply</strong>. Only one promo code works per order.</p>
<h2>The code does not work</h2>
<ul>
<li>It may have expired: the end date is in the email it came with.</li>
<li>There may be a minimum order value.</li>
<li>Sale items, gift cards and e-bike batteries are excluded.</li>
<li>Welcome codes work for the first order only.</li>
</ul>
<p>A code cannot be added after the order is placed. Students get 8 % off: verify your student status in the account under <strong>Benefits</strong>.</p>`,
  ),
  article(
    4100000018,
    section.payments,
    "2026-03-19T14:15:00Z",
    "Price match promise",
    ["price", "price match"],
    `
<p>Found the same product cheaper elsewhere within 14 days of buying it from us? We refund the difference.</p>
<h2>Conditions</h2>
<ul>
<li>Same model, size, colour and model year, new and in stock.</li>
<li>Sold by a dealer in the EU with its own shop. Marketplaces and auctions do not count.</li>
<li>Shipping costs are part of the comparison.</li>
</ul>
<p>Send the link and your order number with the <a href="https://larkspoke.example/price-match">price match form</a>. We answer in two working days and pay the difference as store credit.</p>`,
  ),
  article(
    4100000019,
    section.payments,
    "2026-04-08T11:00:00Z",
    "Leasing a bike through your employer",
    ["leasing", "company bike"],
    `
<p>If your employer takes part in a company bike scheme, you can lease any bike above 750 euros from us. We work with VeloBenefit and PendelPlus.</p>
<ol>
<li>Put the bike in the basket and select <strong>Request leasing offer</strong>.</li>
<li>Upload the PDF offer in your employer's leasing portal.</li>
<li>When the leasing company has approved it, we order and deliver the bike.</li>
</ol>
<p>Monthly rates, insurance and the end of the contract are set by the leasing company, so please ask there. A leased bike belongs to the leasing company and cannot be returned to us.</p>`,
  ),
  article(
    4100000020,
    section.giftCards,
    "2026-01-29T10:20:00Z",
    "Buying a gift card",
    ["gift card"],
    `
<p>Gift cards are available from 20 to 1,000 euros, as an email with a PDF or as a printed card by post. The email version arrives within 30 minutes or on a date that you choose; the printed card takes 3 working days and comes in an envelope with space for a message.</p>
<p>Gift cards are valid for three years from the end of the year of purchase. They cannot be exchanged for cash and cannot be bought with another gift card. You can withdraw from the purchase within 14 days if the card is unused.</p>`,
  ),
  article(
    4100000021,
    section.giftCards,
    "2026-02-06T10:25:00Z",
    "Redeeming a gift card and checking its balance",
    ["gift card", "balance"],
    `
<p>At checkout, open <strong>Gift card</strong> and enter the 16-digit number and the PIN. Up to three gift cards can be combined, and the rest can be paid in any other way. In a store, show the card at the till.</p>
<h2>Balance</h2>
<p>See how much is left on the <a href="https://larkspoke.example/gift-card">balance page</a>. Unused credit stays on the card.</p>
<h2>Lost gift card</h2>
<p>With the receipt or the order number of the purchase we can block a lost card and issue a new one with the remaining credit.</p>`,
  ),
]
