/**
 * Words that customers use for what labels of dropdowns call otherwise. Wider than the search's synonyms: a label is two or
 * three words for a whole kind of matter. A line is one meaning, its first word the one that labels use most.
 */
import { analyze } from "../text/analyze.ts"

const meanings: ReadonlyArray<string> = [
  "refund reimburse reimbursement rebate restitution compensation moneyback money",
  "track status where eta whereabouts follow locate progress",
  "human person agent representative operator someone somebody assistant advisor",
  "complaint complain claim grievance unhappy dissatisfied disappointed reclamation",
  "review feedback opinion comment rating testimonial rate",
  "cancel cancellation undo stop revoke terminate",
  "delete remove close erase deactivate terminate",
  "create open register make start sign-up signup",
  "registration register signup sign-up enroll enrolment subscribe",
  "recover reset forgot forgotten lost retrieve restore remember",
  "password passcode pin key code",
  "pin passcode code",
  "edit update change modify correct amend",
  "change update edit modify switch correct swap",
  "switch change swap different use",
  "account profile user",
  "invoice bill receipt statement",
  "payment pay paid charge transaction",
  "method option way mode",
  "delivery deliver shipping ship shipment arrive courier",
  "period long when time soon date eta arrive",
  "late delay delayed overdue slow waiting arrived",
  "damaged broken defective faulty cracked torn",
  "options choices kinds types alternatives",
  "place order buy purchase make acquire",
  "order purchase item product parcel",
  "policy rule conditions terms situation case",
  "fee charge cost price penalty",
  "charge fee cost charged extra",
  "address location home moved moving",
  "newsletter mailing bulletin corporate",
  "subscription subscribe unsubscribe plan membership",
  "problem issue trouble error fail failed cannot can't",
  "issue problem trouble error fail failed",
  "login log-in signin sign-in access",
  "contact call phone talk speak reach email chat",
  "customer service support helpdesk",
  "card visa mastercard debit credit",
  "declined rejected refused denied",
  "failed fail unsuccessful through",
  "transfer send sent wire",
  "cash money atm withdrawal",
  "withdrawal withdraw withdrew atm cash",
  "arrival arrive arrived receive received come delivered",
  "lost stolen missing misplaced",
  "stolen theft stole lost",
  "verify verification identity identify prove proof",
  "topup top-up top up add",
  "recognised recognized recognise recognize know mine unknown",
  "exchange currency convert rate",
  "supported support accept accepted available work",
  "limit maximum most many much",
  "balance amount",
  "pending still processing waiting long",
  "reverted returned back undone",
  "wrong incorrect mistake bad",
  "activate activation enable start",
  "duplicate twice double two",
  "expire expiry expired expiring expiration",
  "working work works function",
  "country countries abroad europe where",
  "virtual disposable temporary",
  "details information data name personal",
  "reservation book booking reserve table",
  "weather temperature rain forecast",
  "translate say mean language",
  "vacation holiday pto time-off off",
  "bug crash defect glitch error",
  "feature request suggestion idea wish",
  "technical technology software app website install",
  "billing bill invoice charge payment",
  "sales buy quote price offer",
  "urgent asap immediately emergency",
]

const build = (): ReadonlyMap<string, ReadonlySet<string>> => {
  const out = new Map<string, Set<string>>()
  for (const line of meanings) {
    const [head = "", ...rest] = line.split(" ").map((word) => analyze(word, "en")[0] ?? "")
    if (head === "") continue
    const others = out.get(head) ?? new Set<string>()
    for (const one of rest) if (one !== "") others.add(one)
    out.set(head, others)
  }
  return out
}

let built: ReadonlyMap<string, ReadonlySet<string>> | null = null
const none: ReadonlySet<string> = new Set()

/** Stems that customers may use for the stem of a label's word. English; other languages have the search's synonyms. */
export const meantBy = (term: string, language: string): ReadonlySet<string> => {
  if (language !== "en") return none
  built ??= build()
  return built.get(term) ?? none
}
