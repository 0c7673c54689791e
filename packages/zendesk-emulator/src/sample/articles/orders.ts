import type { SampleArticle } from "../model.ts"
import { article, section } from "../structure.ts"

/** Orders, from the basket to the invoice. */
export const orders: ReadonlyArray<SampleArticle> = [
  article(
    4100000001,
    section.orders,
    "2026-02-03T09:12:00Z",
    "How to place an order online",
    ["order", "checkout"],
    `
<p>You can order bikes, parts and clothing at any time on larkspoke.example. You do not need an account.</p>
<h2>Steps</h2>
<ol>
<li>Open the product page, choose size and colour, and select <strong>Add to basket</strong>.</li>
<li>Open the basket and check quantities.</li>
<li>Select <strong>Checkout</strong>, enter your address and choose a delivery option.</li>
<li>Choose a way to pay and confirm with <strong>Buy now</strong>.</li>
</ol>
<p>You get a confirmation email with your order number, which starts with <em>LS</em>, within ten minutes. If it does not arrive, look in your spam folder and make sure that the address was typed correctly.</p>
<h2>Ordering by phone</h2>
<p>We do not take orders by phone or email, because we never ask for card numbers outside the checkout.</p>`,
  ),
  article(
    4100000002,
    section.orders,
    "2026-02-11T14:40:00Z",
    "Checking the status of your order",
    ["order", "status"],
    `
<p>Sign in and open <strong>My account &gt; Orders</strong> to see where your order is. Guests can use the <a href="https://larkspoke.example/order-status">order status page</a> with the order number and email address.</p>
<h2>What each status means</h2>
<table>
<thead><tr><th>Status</th><th>Meaning</th></tr></thead>
<tbody>
<tr><td>Received</td><td>We have your order and are waiting for the payment to clear.</td></tr>
<tr><td>In preparation</td><td>The warehouse is picking your items. Bikes also get a pre-delivery inspection.</td></tr>
<tr><td>Handed to carrier</td><td>The parcel left us. A tracking link is in your email.</td></tr>
<tr><td>On hold</td><td>We need something from you. Please read the email that we sent.</td></tr>
</tbody>
</table>
<p>An order that shows <em>Received</em> for more than two working days usually means that the payment is incomplete.</p>`,
  ),
  article(
    4100000003,
    section.orders,
    "2026-03-02T08:05:00Z",
    "Changing or cancelling an order",
    ["order", "cancel"],
    `
<p>You can cancel or change an order yourself while its status is <strong>Received</strong>.</p>
<h2>Cancel an order</h2>
<ol>
<li>Open <strong>My account &gt; Orders</strong> and select the order.</li>
<li>Select <strong>Cancel order</strong> and confirm.</li>
</ol>
<p>The amount goes back to the card or wallet that you used within three working days.</p>
<h2>Change items</h2>
<p>Items cannot be swapped within an order. Cancel it and order again, or keep it and add a second order; shipping is combined free of charge when both leave on the same day.</p>
<h2>When it is too late</h2>
<p>Once an order is <em>In preparation</em>, it can no longer be cancelled. Refuse the parcel at the door or send it back as a normal return.</p>`,
  ),
  article(
    4100000004,
    section.orders,
    "2026-01-20T10:00:00Z",
    "An item is missing from my parcel",
    ["order", "missing"],
    `
<p>Large orders are often split over several boxes. Before you write to us, please check:</p>
<ul>
<li>the packing slip: items marked <em>follows</em> are sent separately;</li>
<li>the inner cardboard of a bike box: pedals, bell and tool kit are in the small box taped under the saddle;</li>
<li>your email for a second tracking number.</li>
</ul>
<p>Still incomplete? Send us the order number, a photo of the packing slip and of the shipping label within 14 days of delivery. We send the missing part at no cost, usually on the next working day.</p>`,
  ),
  article(
    4100000005,
    section.orders,
    "2026-04-14T07:30:00Z",
    "Pre-orders and items that are out of stock",
    ["order", "stock", "pre-order"],
    `
<p>Products with a <strong>Pre-order</strong> button have not reached our warehouse yet. The expected week is shown next to the price.</p>
<h2>Paying for a pre-order</h2>
<p>You pay a deposit of 10 % now and the rest when the item is ready to ship. You can cancel a pre-order free of charge until then, and the deposit is refunded in full.</p>
<h2>Restock alerts</h2>
<p>If an item is sold out, choose your size and select <strong>Tell me when it is back</strong>. We send one email when it is available again. We do not reserve stock.</p>`,
  ),
  article(
    4100000006,
    section.orders,
    "2026-05-19T11:25:00Z",
    "Downloading an invoice or VAT receipt",
    ["invoice", "vat", "receipt"],
    `
<p>The invoice is created when your order ships. To download it as a PDF, open <strong>My account &gt; Orders</strong>, choose the order and select <strong>Invoice</strong>. Guests find the link in the shipping email.</p>
<h2>Company details and VAT number</h2>
<p>Enter company name and VAT ID at checkout, under <strong>Billing address</strong>. With a valid VAT ID from another EU country the invoice is issued without VAT. We cannot add a VAT number after the invoice exists.</p>
<h2>Lost receipt from a store</h2>
<p>Store receipts can be reprinted for two years if you paid by card: bring the card to any of our stores.</p>`,
  ),
]
