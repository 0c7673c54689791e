import type { SampleArticle } from "../model.ts"
import { article, section } from "../structure.ts"

/** Maintenance at home and in the workshop, and our stores. */
export const maintenance: ReadonlyArray<SampleArticle> = [
  article(
    4100000050,
    section.maintenance,
    "2026-02-14T10:00:00Z",
    "Cleaning and oiling the chain",
    ["chain", "cleaning", "lubricant"],
    `
<p>Clean and oil the chain every 200 km, and after each ride in the rain.</p>
<ol>
<li>Wipe the chain with a rag while you turn the cranks backwards.</li>
<li>Brush stubborn dirt off with chain cleaner, then let it dry.</li>
<li>Put one drop of chain oil on each link, wait ten minutes, and wipe off the rest.</li>
</ol>
<p>Never use a pressure washer: it pushes water into the bearings. Replace the chain when the gauge shows 0.75 % wear, usually after 2,500 km.</p>`,
  ),
  article(
    4100000051,
    section.maintenance,
    "2026-02-14T10:15:00Z",
    "The right tyre pressure",
    ["tyre", "pressure", "puncture"],
    `
<table>
<thead><tr><th>Tyre width</th><th>Rider 60 kg</th><th>Rider 80 kg</th><th>Rider 100 kg</th></tr></thead>
<tbody>
<tr><td>28 mm</td><td>5.0 bar</td><td>5.8 bar</td><td>6.5 bar</td></tr>
<tr><td>40 mm</td><td>2.6 bar</td><td>3.0 bar</td><td>3.5 bar</td></tr>
<tr><td>50 mm</td><td>2.2 bar</td><td>2.6 bar</td><td>3.0 bar</td></tr>
</tbody>
</table>
<p>Never exceed the maximum that is printed on the sidewall. Check the pressure every two weeks, as tubes lose air by themselves. Frequent punctures nearly always come from too little air.</p>`,
  ),
  article(
    4100000052,
    section.maintenance,
    "2026-03-05T09:40:00Z",
    "Brakes that squeal, rub or feel weak",
    ["brakes", "noise", "disc"],
    `
<p>New disc brakes have to be bedded in: brake 30 times from 25 km/h almost to a standstill. Full power comes only then.</p>
<h2>Squealing</h2>
<p>Clean the rotor with brake cleaner or alcohol. If oil got on the pads, they have to be replaced. A short squeal in the wet is normal.</p>
<h2>Rubbing</h2>
<p>Loosen the two calliper screws, pull the lever, and tighten the screws while you hold it.</p>
<h2>Soft lever</h2>
<p>If the lever touches the handlebar, do not ride. There is air in the hydraulic line and it has to be bled in a workshop. Replace pads below 0.5 mm.</p>`,
  ),
  article(
    4100000053,
    section.maintenance,
    "2026-06-07T10:30:00Z",
    "Booking a service appointment in the workshop",
    ["workshop", "service", "appointment", "repair"],
    `
<p>Book online under <strong>Workshop &gt; Book appointment</strong>: choose store, bike and service. The first inspection is due after 300 km or three months, the next ones every year or 2,000 km.</p>
<table>
<thead><tr><th>Service</th><th>Price</th></tr></thead>
<tbody>
<tr><td>First inspection</td><td>free</td></tr>
<tr><td>Small service</td><td>69 euros</td></tr>
<tr><td>Large service</td><td>139 euros</td></tr>
<tr><td>Puncture repair</td><td>19 euros plus tube</td></tr>
</tbody>
</table>
<p>We also repair bikes of other brands, except their motors. Move or cancel an appointment up to 24 hours before, in the confirmation email.</p>`,
  ),
  article(
    4100000054,
    section.stores,
    "2026-06-22T08:00:00Z",
    "Store locations and opening hours",
    ["store", "opening hours", "address"],
    `
<table>
<thead><tr><th>Store</th><th>Address</th><th>Opening hours</th></tr></thead>
<tbody>
<tr><td>Hamburg</td><td>Elbkai 14</td><td>Monday to Saturday, 10:00 to 19:00</td></tr>
<tr><td>Vienna</td><td>Lindengasse 40</td><td>Monday to Friday, 10:00 to 18:30; Saturday until 17:00</td></tr>
<tr><td>Utrecht</td><td>Vaartweg 7</td><td>Tuesday to Saturday, 9:30 to 18:00</td></tr>
<tr><td>Valencia</td><td>Calle del Faro 21</td><td>Monday to Saturday, 10:00 to 14:00 and 17:00 to 20:30</td></tr>
</tbody>
</table>
<p>All stores are closed on Sundays and public holidays. Parking for cargo bikes is in front of each store. Dogs are welcome.</p>`,
  ),
  article(
    4100000055,
    section.stores,
    "2026-05-02T12:00:00Z",
    "Booking a test ride",
    ["test ride", "store"],
    `
<p>Try a bike before you buy it. Select <strong>Test ride</strong> on the product page and choose store, day and time. A test ride takes 45 minutes and is free.</p>
<p>Please bring an identity card and, for e-bikes, be at least 16 years old. We lend you a helmet. For a whole weekend we rent test bikes for 49 euros, which we deduct when you buy.</p>`,
  ),
]
