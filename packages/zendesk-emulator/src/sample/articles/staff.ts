import type { SampleArticle } from "../model.ts"
import { article, section, staffSegmentId } from "../structure.ts"

const staffOnly = (made: SampleArticle): SampleArticle => ({ ...made, userSegmentId: staffSegmentId })
const unpublished = (made: SampleArticle): SampleArticle => ({ ...made, draft: true })

/** What customers must never see: articles for agents, and drafts. */
export const staff: ReadonlyArray<SampleArticle> = [
  staffOnly(
    article(
      4100000056,
      section.procedures,
      "2026-06-16T08:00:00Z",
      "Refund override procedure",
      ["internal", "refund"],
      `
<p>Agents may refund outside the 60-day window when the customer bought for more than 2,000 euros in the last two years.</p>
<ol>
<li>Open the order in Backoffice and select <strong>Override refund window</strong>.</li>
<li>Enter approval code <code>OVR-7731</code> and the ticket number.</li>
<li>Amounts above 400 euros need a second approval from the shift lead.</li>
</ol>
<p>Never mention the override or its limits to the customer.</p>`,
    ),
  ),
  staffOnly(
    article(
      4100000057,
      section.procedures,
      "2026-06-16T08:15:00Z",
      "Goodwill credit limits for late deliveries",
      ["internal", "goodwill"],
      `
<p>For a late delivery, agents may give goodwill credit without asking: 10 euros from three days, 25 euros from seven days, 50 euros from fourteen days. Use reason code GW-LATE. Customers with more than two goodwill credits in a year go to the shift lead.</p>`,
    ),
  ),
  staffOnly(
    article(
      4100000058,
      section.procedures,
      "2026-06-16T08:30:00Z",
      "Fraud review checklist for high-value orders",
      ["internal", "fraud"],
      `
<p>Orders above 3,000 euros with a new account are put on hold. Check:</p>
<ul>
<li>billing and delivery address differ and the address is a forwarding company;</li>
<li>more than two cards were tried;</li>
<li>risk score in Backoffice above 68.</li>
</ul>
<p>Two or more signs: cancel with reason FR-2 and do not tell the customer why.</p>`,
    ),
  ),
  unpublished(
    article(
      4100000059,
      section.orders,
      "2026-06-25T15:00:00Z",
      "Trading in your old bike",
      ["trade-in"],
      `
<p>From autumn you can trade in your used bike for store credit. Estimate its value online, bring it to a store, and get credit within a day. <em>Values to be confirmed.</em></p>`,
    ),
  ),
  unpublished(
    article(
      4100000060,
      section.maintenance,
      "2026-06-26T15:00:00Z",
      "Mounting studded winter tyres",
      ["winter", "tyres"],
      `
<p>Studded tyres grip on ice. Ride the first 40 km on tarmac without hard braking so that the studs settle. <em>Photos missing.</em></p>`,
    ),
  ),
]
