/** Customers and their human: conversations that go on by themselves, whatever happens to the runtime. */
import { mailsTo, sendMail, supportAddress, tickets, type SinkMail } from "@opencx/runtime"
import { Effect } from "effect"
import { operatorOf } from "./operator.ts"
import type { Stage } from "./stage.ts"

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Waits for something, for at most `seconds`; fails by its name. */
export const eventually = async <A>(
  what: string,
  look: () => A | undefined | null | false,
  seconds = 120,
): Promise<A> => {
  const end = Date.now() + seconds * 1000
  for (;;) {
    const seen = look()
    if (seen !== undefined && seen !== null && seen !== false) return seen
    if (Date.now() > end) throw new Error(`not seen within ${seconds} s: ${what}`)
    await pause(50)
  }
}

interface Letter {
  readonly from: string
  readonly subject: string
  readonly text: string
  readonly messageId: string
  readonly inReplyTo?: SinkMail
}

/** Sends as a mail server does: the same message again and again, until it is taken. */
export const post = async (stage: Stage, letter: Letter): Promise<void> => {
  const { inReplyTo, ...rest } = letter
  for (let tries = 0; tries < 600; tries += 1) {
    const sent = await Effect.runPromise(
      Effect.exit(
        sendMail({
          ...rest,
          host: "127.0.0.1",
          port: stage.smtpPort,
          to: inReplyTo?.replyTo ?? supportAddress,
          inReplyTo: inReplyTo?.messageId ?? null,
        }),
      ),
    )
    if (sent._tag === "Success") return
    await pause(200)
  }
  throw new Error(`the mail of ${letter.from} was never taken`)
}

export const ticketOf = (stage: Stage, marker: string) =>
  tickets(stage).find((t) => t.comments.some((c) => c.html_body.includes(marker) || c.body.includes(marker)))

/** One conversation from the first mail to the solved ticket. `n` makes every text unique. */
export const converse = async (stage: Stage, n: number): Promise<void> => {
  const from = `customer${n}@example.com`
  const mark = (what: string) => `${what}-${n}-x`
  const mails = () => mailsTo(stage, from)
  const arrived = (marker: string) =>
    eventually(`${marker} in the mailbox`, () => mails().find((m) => m.text.includes(marker)))
  await post(stage, {
    from,
    subject: `Matter ${n}`,
    text: `I want to talk to a human, please. My case is ${mark("first")}.`,
    messageId: `<first-${n}@example.com>`,
  })
  const ticket = await eventually(`ticket of ${n}`, () => ticketOf(stage, mark("first")))
  stage.emulator.agent(ticket.id, { action: "note", body: `INTERNAL ${mark("note")}` })
  stage.emulator.agent(ticket.id, { action: "reply", body: `Hello, this is ${mark("reply-one")}.` })
  const reply = await arrived(mark("reply-one"))
  await post(stage, {
    from,
    subject: `Re: ${reply.subject}`,
    text: `Thank you. One more thing: ${mark("second")}.`,
    messageId: `<second-${n}@example.com>`,
    inReplyTo: reply,
  })
  await eventually(`${mark("second")} on the ticket`, () =>
    tickets(stage)
      .find((t) => t.id === ticket.id)
      ?.comments.some((c) => c.body.includes(mark("second"))),
  )
  stage.emulator.agent(ticket.id, { action: "reply", body: `Sure, ${mark("reply-two")}.` })
  await arrived(mark("reply-two"))
  stage.emulator.agent(ticket.id, { action: "solve" })
}

const confirmation = "passed your message to a colleague"

/**
 * Whether the customer must have been told that a colleague has the message: always, unless the colleague's own words came
 * first. (A store that fails between the ticket's creation and our note of it lets a quick human overtake that note.)
 */
const confirmationOwed = async (stage: Stage, sessionId: string | null): Promise<boolean> => {
  if (sessionId === null) return true
  const { entries } = await operatorOf({ runtimeUrl: stage.runtimeUrl, organization: "larkspoke" }).session(
    sessionId,
  )
  const first = (tag: string) => entries.findIndex(({ body }) => body["_tag"] === tag)
  const human = first("HumanReply")
  return human === -1 || first("HandoffConfirmed") < human
}

/** What went wrong, counted from Zendesk's side and from the mailboxes. */
export interface Audit {
  readonly lost: ReadonlyArray<string>
  readonly duplicateTickets: ReadonlyArray<string>
  readonly duplicateComments: ReadonlyArray<string>
  /** The same words in two mails with different Message-IDs. */
  readonly duplicateMails: ReadonlyArray<string>
  /** The same mail (same Message-ID) handed over twice: a receiver keeps one of them. */
  readonly resent: number
  readonly leaked: number
}

export const audit = async (stage: Stage, count: number): Promise<Audit> => {
  const all = tickets(stage)
  const lost: Array<string> = []
  const duplicateTickets: Array<string> = []
  const duplicateComments: Array<string> = []
  const duplicateMails: Array<string> = []
  let resent = 0
  for (let n = 0; n < count; n += 1) {
    const mine = all.filter((t) => t.comments.some((c) => c.html_body.includes(`first-${n}-x`)))
    if (mine.length === 0) lost.push(`ticket ${n}`)
    if (mine.length > 1) duplicateTickets.push(`${n}: ${mine.map((t) => t.id).join(", ")}`)
    const seconds = mine
      .flatMap((t) => t.comments)
      .filter((c) => c.public && c.body.includes(`second-${n}-x`))
    if (seconds.length === 0) lost.push(`second mail of ${n}`)
    if (seconds.length > 1) duplicateComments.push(String(n))
    const courtesy = (await confirmationOwed(stage, mine[0]?.external_id ?? null)) ? [confirmation] : []
    for (const words of [`reply-one-${n}-x`, `reply-two-${n}-x`, ...courtesy]) {
      const mails = mailsTo(stage, `customer${n}@example.com`).filter((m) => m.text.includes(words))
      const ids = new Set(mails.map((m) => m.messageId))
      if (mails.length === 0) lost.push(`mail "${words}" to ${n}`)
      if (ids.size > 1) duplicateMails.push(`${n}: ${words}`)
      resent += mails.length - ids.size
    }
  }
  const external = all.map((t) => t.external_id)
  for (const id of new Set(external)) {
    if (id !== null && external.filter((e) => e === id).length > 1) duplicateTickets.push(id)
  }
  const leaked = stage.sink.mails().filter((m) => m.text.includes("INTERNAL")).length
  return { lost, duplicateTickets, duplicateComments, duplicateMails, resent, leaked }
}
