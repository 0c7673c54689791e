import type { SampleArticle } from "../model.ts"
import { article, section } from "../structure.ts"

/** Delivery: times, costs, tracking and what can go wrong. */
export const shipping: ReadonlyArray<SampleArticle> = [
  article(
    4100000007,
    section.shipping,
    "2026-06-01T09:00:00Z",
    "Delivery times and shipping costs",
    ["shipping", "delivery", "cost"],
    `
<p>Orders that are placed before 13:00 on a working day leave our warehouse on the same day, if everything is in stock.</p>
<table>
<thead><tr><th>Option</th><th>Delivery time</th><th>Cost</th></tr></thead>
<tbody>
<tr><td>Standard parcel</td><td>2 to 4 working days</td><td>4.90 euros, free from 75 euros</td></tr>
<tr><td>Express parcel</td><td>Next working day</td><td>12.90 euros</td></tr>
<tr><td>Bike freight</td><td>5 to 8 working days</td><td>39 euros, free from 1,500 euros</td></tr>
</tbody>
</table>
<p>Express is available in Germany, Austria and the Netherlands. Deliveries to islands take up to three days longer. Nothing is delivered on Sundays and public holidays.</p>`,
  ),
  article(
    4100000008,
    section.shipping,
    "2026-03-28T12:00:00Z",
    "Countries we deliver to",
    ["shipping", "international", "customs"],
    `
<p>We ship to all countries of the European Union, Switzerland, Norway and the United Kingdom.</p>
<h2>Customs and import duty</h2>
<p>For Switzerland, Norway and the United Kingdom all customs fees and import taxes are shown and paid at checkout. You pay nothing at the door.</p>
<h2>Limits</h2>
<ul>
<li>E-bikes and spare batteries are delivered inside the EU only.</li>
<li>We do not ship to the United States, Canada or any other country outside Europe.</li>
<li>We do not deliver to forwarding companies or PO boxes.</li>
</ul>`,
  ),
  article(
    4100000009,
    section.shipping,
    "2026-02-25T16:45:00Z",
    "Tracking your parcel",
    ["shipping", "tracking"],
    `
<p>As soon as the carrier takes over your parcel, you get an email with a tracking link. You also find the tracking number under <strong>My account &gt; Orders &gt; Shipments</strong>.</p>
<h2>The tracking does not move</h2>
<p>It can take 24 hours until the first scan shows. If tracking has not changed for five working days, we open a search with the carrier for you: write to us with the tracking number.</p>
<h2>Marked as delivered, but nothing there</h2>
<p>Ask neighbours and look for a card from the driver. Wait one working day, because drivers sometimes scan early, and then contact us.</p>`,
  ),
  article(
    4100000010,
    section.shipping,
    "2026-04-02T08:20:00Z",
    "How a complete bike is delivered",
    ["shipping", "bike", "freight"],
    `
<p>Bikes are sent in a box of about 160 × 30 × 90 cm with a freight carrier. The carrier phones you to agree on a half-day slot, so please give a mobile number at checkout.</p>
<ul>
<li>One adult has to be at home and sign.</li>
<li>The driver brings the box to the front door, not up the stairs.</li>
<li>Check the box for holes before you sign and have damage noted on the delivery slip.</li>
</ul>
<h2>Fully assembled delivery</h2>
<p>For 89 euros a mechanic brings the bike ready to ride, adjusts the saddle for you and takes the packaging away. This home service is offered within 40 km of our stores.</p>`,
  ),
  article(
    4100000011,
    section.shipping,
    "2026-05-06T13:10:00Z",
    "My parcel was lost or arrived damaged",
    ["shipping", "damaged", "lost"],
    `
<p>We carry the risk until the parcel is in your hands. You never have to claim from the carrier yourself.</p>
<h2>Damaged parcel</h2>
<ol>
<li>Keep the box and all packing material.</li>
<li>Take photos of the label, the outside, and the damaged product.</li>
<li>Report it within 7 days with the form <a href="https://larkspoke.example/damage">Transport damage</a>.</li>
</ol>
<p>We answer within one working day with a replacement or a pick-up date.</p>
<h2>Lost parcel</h2>
<p>If the carrier cannot find a parcel within ten working days, it counts as lost. You then choose between a new shipment and your money back.</p>`,
  ),
  article(
    4100000012,
    section.shipping,
    "2026-01-15T09:50:00Z",
    "Changing the delivery address",
    ["shipping", "address"],
    `
<p>While the order status is <strong>Received</strong>, open <strong>My account &gt; Orders</strong> and select <strong>Edit address</strong>.</p>
<p>After the parcel was handed to the carrier we cannot change the address. Use the carrier's tracking page to send it to a neighbour, a pick-up shop or another day. For bike freight, tell the carrier on the phone when it calls for the slot.</p>
<p>To change the address that is saved for future orders, open <strong>My account &gt; Addresses</strong>.</p>`,
  ),
  article(
    4100000013,
    section.shipping,
    "2026-03-11T15:00:00Z",
    "Click and collect: picking up in a store",
    ["shipping", "store", "pick-up"],
    `
<p>Choose <strong>Collect in store</strong> at checkout to pick your order up free of charge. Parts and clothing are ready after two hours if the store has them, otherwise after three working days. Bikes are assembled first and take five working days.</p>
<h2>What to bring</h2>
<p>Bring the pick-up code from the email and an identity card. Someone else can collect for you with the code and a written note.</p>
<h2>How long we keep it</h2>
<p>Orders wait for 10 days. After that they go back to stock and you are refunded.</p>`,
  ),
]
