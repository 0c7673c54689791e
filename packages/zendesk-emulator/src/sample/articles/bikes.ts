import type { SampleArticle } from "../model.ts"
import { article, section } from "../structure.ts"

/** Sizing, assembly and e-bikes. */
export const bikes: ReadonlyArray<SampleArticle> = [
  article(
    4100000041,
    section.sizing,
    "2026-03-30T08:00:00Z",
    "Finding the right frame size",
    ["size", "frame", "height"],
    `
<p>Measure your inside leg: stand barefoot against a wall, press a book between your legs and measure from its top edge to the floor.</p>
<table>
<thead><tr><th>Body height</th><th>Inside leg</th><th>Frame size</th></tr></thead>
<tbody>
<tr><td>152 to 162 cm</td><td>70 to 76 cm</td><td>XS</td></tr>
<tr><td>162 to 171 cm</td><td>75 to 81 cm</td><td>S</td></tr>
<tr><td>171 to 180 cm</td><td>80 to 86 cm</td><td>M</td></tr>
<tr><td>180 to 188 cm</td><td>85 to 91 cm</td><td>L</td></tr>
<tr><td>188 to 198 cm</td><td>90 to 96 cm</td><td>XL</td></tr>
</tbody>
</table>
<p>Between two sizes? Choose the smaller frame for a sporty ride, the larger one for comfort and touring. The gravel bike Cairn runs one size large.</p>`,
  ),
  article(
    4100000042,
    section.sizing,
    "2026-03-30T08:20:00Z",
    "Setting the saddle height",
    ["saddle", "fit", "comfort"],
    `
<p>Sit on the bike, lean on a wall, and put one heel on the pedal at its lowest point. Your leg should be just straight. With the ball of the foot on the pedal the knee is then slightly bent.</p>
<ul>
<li>Pain at the front of the knee: raise the saddle by 5 mm.</li>
<li>Hips rock from side to side: lower it by 5 mm.</li>
<li>Numb hands: tilt the saddle nose up a little or shorten the reach.</li>
</ul>
<p>Never pull the seat post above its <em>MAX</em> mark. Tighten the clamp with 5 Nm.</p>`,
  ),
  article(
    4100000043,
    section.sizing,
    "2026-04-03T11:11:00Z",
    "Assembling your bike out of the box",
    ["assembly", "pedals", "handlebar"],
    `
<p>Your bike is 95 % ready. You need about 30 minutes; the tools are in the small box.</p>
<ol>
<li>Remove the padding and stand the bike upright.</li>
<li>Turn the handlebar to the front and tighten the stem screws crosswise with 5 Nm.</li>
<li>Insert the front wheel and close the thru axle with 12 Nm.</li>
<li>Screw in the pedals: the one marked <strong>R</strong> clockwise, the one marked <strong>L</strong> anticlockwise.</li>
<li>Inflate the tyres and test the brakes before the first ride.</li>
</ol>
<p>Step-by-step <a href="https://larkspoke.example/assembly">assembly videos</a> exist for each model.</p>`,
  ),
  article(
    4100000044,
    section.sizing,
    "2026-01-31T09:09:00Z",
    "Registering your bike and reporting it stolen",
    ["frame number", "theft", "register"],
    `
<p>The frame number is stamped under the bottom bracket and printed on the invoice. Register it in <strong>My account &gt; My bikes</strong>, so that claims and recalls find you.</p>
<h2>Your bike was stolen</h2>
<ol>
<li>Report the theft to the police and keep the case number.</li>
<li>Select <strong>Report stolen</strong> next to the bike in your account.</li>
</ol>
<p>Our workshops then see a warning when someone brings the bike in. E-bikes are locked electronically at the next software check. We can send you a purchase confirmation for your insurance.</p>`,
  ),
  article(
    4100000045,
    section.ebikes,
    "2026-05-14T10:00:00Z",
    "Charging and storing the e-bike battery",
    ["battery", "charging", "e-bike"],
    `
<p>Charge the battery with the supplied charger only, in a dry place between 10 and 30 °C. A full charge of the 540 Wh battery takes about four hours; 80 % is reached in two and a half.</p>
<h2>Does not charge</h2>
<p>Check that the contacts are clean and dry. If the charger's light blinks red, the battery is too cold or too warm: wait an hour indoors. Unplug the charger for one minute to reset it.</p>
<h2>Storing in winter</h2>
<p>Keep the battery indoors at 30 to 60 % charge and check it every two months. Never leave it empty, because deep discharge is not covered by the warranty.</p>`,
  ),
  article(
    4100000046,
    section.ebikes,
    "2026-05-14T10:20:00Z",
    "How far can I ride on one charge?",
    ["range", "battery", "e-bike"],
    `
<p>Range depends on support level, weight, wind and hills. Typical values with the 540 Wh battery and a rider of 80 kg:</p>
<table>
<thead><tr><th>Mode</th><th>Flat</th><th>Hilly</th></tr></thead>
<tbody>
<tr><td>Eco</td><td>130 km</td><td>85 km</td></tr>
<tr><td>Tour</td><td>90 km</td><td>60 km</td></tr>
<tr><td>Boost</td><td>60 km</td><td>38 km</td></tr>
</tbody>
</table>
<p>Cold weather below 5 °C costs up to 25 % of the range. Low tyre pressure costs another 10 %. After 500 full cycles a battery still has at least 70 % of its capacity.</p>`,
  ),
  article(
    4100000047,
    section.ebikes,
    "2026-06-18T07:50:00Z",
    "Error codes on the e-bike display",
    ["error code", "display", "e-bike"],
    `
<table>
<thead><tr><th>Code</th><th>Cause</th><th>What to do</th></tr></thead>
<tbody>
<tr><td>E10</td><td>Speed sensor does not see the magnet</td><td>Move the spoke magnet to within 5 mm of the sensor</td></tr>
<tr><td>E21</td><td>Motor too hot</td><td>Let it cool for ten minutes, use a lower support level</td></tr>
<tr><td>E33</td><td>Battery not locked in</td><td>Take the battery out, clean the contacts, insert it until it clicks</td></tr>
<tr><td>E47</td><td>Torque sensor fault</td><td>Restart without load on the pedals</td></tr>
</tbody>
</table>
<p>If a code comes back after a restart, stop riding with motor support and book a workshop appointment. Write down the code and the kilometre reading.</p>`,
  ),
  article(
    4100000048,
    section.ebikes,
    "2026-04-25T16:00:00Z",
    "Transporting and recycling e-bike batteries",
    ["battery", "flight", "recycling"],
    `
<p>E-bike batteries are dangerous goods. Airlines do not carry them, neither in hand luggage nor in the hold. On trains the battery stays in the bike. On a car rack, take it out and carry it inside the car.</p>
<h2>Sending a battery</h2>
<p>Do not post a battery yourself, not even for a return. We send a carrier with a certified box.</p>
<h2>Old batteries</h2>
<p>Hand in old batteries at any of our stores free of charge. Damaged or swollen batteries must not be moved: call the store first.</p>`,
  ),
  article(
    4100000049,
    section.ebikes,
    "2026-06-20T09:30:00Z",
    "Connecting the Larkspoke Ride app and updating the software",
    ["app", "bluetooth", "firmware"],
    `
<p>The Ride app shows range, records tours and updates the motor software. It needs iOS 17 or Android 12.</p>
<ol>
<li>Switch the bike on and hold the <strong>+</strong> button for five seconds until the Bluetooth symbol blinks.</li>
<li>In the app choose <strong>Add bike</strong> and enter the six digits shown on the display.</li>
</ol>
<h2>Software update</h2>
<p>Charge the battery to at least 30 %, keep the phone near the bike, and select <strong>Update</strong>. It takes about 12 minutes; do not switch off.</p>
<h2>Pairing fails</h2>
<p>Delete the bike in the phone's Bluetooth settings and start again. Only one phone can be paired at a time.</p>`,
  ),
]
