import type { SampleArticle } from "../model.ts"
import { article, section } from "../structure.ts"

/** Returns, refunds, exchanges and warranty. */
export const returns: ReadonlyArray<SampleArticle> = [
  article(
    4100000022,
    section.returns,
    "2026-06-15T08:45:00Z",
    "How to return an item",
    ["return", "send back", "label"],
    `
<p>You can return unused items within <strong>60 days</strong> of delivery, in the original packaging where possible.</p>
<h2>Send it back</h2>
<ol>
<li>Open <strong>My account &gt; Returns</strong>, or the <a href="https://larkspoke.example/returns">return portal</a> with your order number and email.</li>
<li>Select the items and the reason.</li>
<li>Print the return label or show the QR code at a parcel shop.</li>
<li>Put the packing slip in the box and hand the parcel in within 14 days.</li>
</ol>
<h2>What does it cost?</h2>
<p>Returns from Germany, Austria and the Netherlands are free. From other countries we deduct 6.90 euros per parcel. Returning in a store is always free.</p>`,
  ),
  article(
    4100000023,
    section.returns,
    "2026-05-12T09:15:00Z",
    "When do I get my refund?",
    ["refund", "money back"],
    `
<p>We check returned parcels within <strong>five working days</strong> of their arrival and send an email when the refund is on its way. The money goes back the way you paid:</p>
<table>
<thead><tr><th>Paid with</th><th>Time until the refund shows</th></tr></thead>
<tbody>
<tr><td>PayPal, Apple Pay, Google Pay</td><td>1 to 2 days</td></tr>
<tr><td>Credit or debit card</td><td>3 to 7 days, depending on the bank</td></tr>
<tr><td>Bank transfer</td><td>2 to 3 working days</td></tr>
<tr><td>Gift card</td><td>New gift card by email on the same day</td></tr>
</tbody>
</table>
<p>Outbound standard shipping is refunded if you send back the whole order; the express surcharge is not.</p>`,
  ),
  article(
    4100000024,
    section.returns,
    "2026-03-23T13:40:00Z",
    "Exchanging an item for another size or colour",
    ["exchange", "size"],
    `
<p>Need a different size? An exchange is a return plus a new item that we reserve for you.</p>
<ol>
<li>Start a return and choose <strong>Exchange</strong> as the reason.</li>
<li>Pick the new size or colour. It is set aside for 10 days.</li>
<li>Send the first item back with the label.</li>
</ol>
<p>The replacement leaves as soon as the carrier scans your return, so you do not wait for our inspection. Only items of the same price can be exchanged; otherwise return and order again.</p>`,
  ),
  article(
    4100000025,
    section.returns,
    "2026-04-30T10:30:00Z",
    "Returning a complete bike",
    ["return", "bike", "test"],
    `
<p>Try your new bike for 30 days. You may ride it up to 50 km; after that we deduct for wear.</p>
<h2>Packing</h2>
<ul>
<li>Use the original bike box. If you no longer have it, we send an empty one for 15 euros.</li>
<li>Clean the bike, turn the handlebar, remove the pedals and the front wheel.</li>
<li>Leave the e-bike battery in its lock and switched off.</li>
</ul>
<h2>Pick-up</h2>
<p>Book the freight pick-up in the return portal. The first bike return is free, each further one costs 39 euros. Custom-built bikes cannot be returned.</p>`,
  ),
  article(
    4100000026,
    section.returns,
    "2026-02-20T08:10:00Z",
    "Items that cannot be returned",
    ["return", "hygiene", "excluded"],
    `
<p>For hygiene and safety we cannot take back:</p>
<ul>
<li>opened bib shorts, base layers and socks without the hygiene strip</li>
<li>opened food, gels and drinks</li>
<li>opened tubes of sealant, oil and grease</li>
<li>custom wheels and engraved products</li>
<li>software licences and navigation maps after activation</li>
</ul>
<p>Faulty products are a different matter: these are covered by the warranty, opened or not.</p>`,
  ),
  article(
    4100000027,
    section.returns,
    "2026-01-27T15:20:00Z",
    "I received the wrong item",
    ["wrong item", "return"],
    `
<p>We are sorry! If the product in the box is not the one on your order confirmation, please do not use it.</p>
<p>Select <strong>Wrong item delivered</strong> in the return portal and upload a photo of the product and its barcode label. You get a free label from any country, and the correct item leaves on the next working day, before yours comes back. If the correct product is sold out, you get your money back at once.</p>`,
  ),
  article(
    4100000028,
    section.warranty,
    "2026-05-04T09:30:00Z",
    "What the warranty covers and for how long",
    ["warranty", "guarantee"],
    `
<table>
<thead><tr><th>Part</th><th>Warranty period</th></tr></thead>
<tbody>
<tr><td>Frames and rigid forks</td><td>10 years</td></tr>
<tr><td>Motor, display and battery</td><td>2 years or 500 charging cycles</td></tr>
<tr><td>Suspension, wheels, components</td><td>2 years</td></tr>
<tr><td>Clothing</td><td>2 years</td></tr>
</tbody>
</table>
<p>The warranty covers faults in material and workmanship for the first owner. It does not cover wear (tyres, chains, brake pads), accidents, racing, wrong assembly or missing service. Your legal rights are not affected.</p>`,
  ),
  article(
    4100000029,
    section.warranty,
    "2026-05-04T09:45:00Z",
    "Making a warranty claim",
    ["warranty", "claim", "defect"],
    `
<p>Is something broken or faulty? Start a claim in <strong>My account &gt; Warranty</strong>.</p>
<ol>
<li>Choose the product and describe the defect.</li>
<li>Add the frame number, three photos and, if a noise is the problem, a short video.</li>
<li>We reply within three working days: repair in a store, replacement part by post, or pick-up.</li>
</ol>
<p>You need proof of purchase. Please do not take the bike apart before we have seen it, and do not send it without a claim number. Labour is free in our stores; other workshops are paid only when we agreed beforehand.</p>`,
  ),
  article(
    4100000030,
    section.warranty,
    "2026-03-08T12:12:00Z",
    "Crash replacement discount",
    ["crash", "frame", "discount"],
    `
<p>Accidents are not a warranty case, but we do not leave you alone. If you damage a Larkspoke frame, fork or carbon handlebar in a crash within five years, you buy the replacement with <strong>40 % off</strong>.</p>
<p>Send photos of the broken part, the frame number and the invoice with the crash replacement form. The damaged part has to be handed in at a store, where we destroy it, so that nobody rides it again.</p>`,
  ),
]
