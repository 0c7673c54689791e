/** The main job by mail, one step after the other. Each fails with a sentence that says what was missing. */
import { Effect } from "effect"
import { HttpClient } from "effect/http"
import { bounceOf } from "../demo/bounce.ts"
import type { SinkMail } from "../demo/MailSink.ts"
import { sendMail } from "../demo/sendMail.ts"
import { expect, known, mailsTo, NotSeen, tickets, until, users } from "./observe.ts"
import type { Step, Story } from "./Story.ts"

const customer = "dana@example.com"

const write = ({ world }: Story, text: string, inReplyTo: SinkMail | null = null) => {
  const [host = "", port = ""] = world.urls.smtp.split(":")
  return sendMail({
    host,
    port: Number(port),
    from: customer,
    name: "Dana Lee",
    to: inReplyTo?.replyTo ?? world.urls.supportAddress,
    subject: inReplyTo === null ? "A question about shipping" : `Re: ${inReplyTo.subject}`,
    text,
    inReplyTo: inReplyTo?.messageId ?? null,
  })
}

const ticketNow = (story: Story) =>
  Effect.flatMap(known(story.ticket, "the ticket"), (ticket) =>
    known(
      tickets(story.world).find((t) => t.id === ticket.id),
      `ticket ${ticket.id}`,
    ),
  )

const agentDoes = (story: Story, action: Readonly<Record<string, unknown>>) =>
  Effect.flatMap(known(story.ticket, "the ticket"), (ticket) =>
    Effect.try({
      try: () => story.world.emulator.agent(ticket.id, action),
      catch: (cause) => new NotSeen({ what: `the agent's ${String(action["action"])}: ${String(cause)}` }),
    }),
  )

const newMail = (story: Story, what: string, matches: (mail: SinkMail) => boolean) =>
  until(what, () => mailsTo(story.world, customer).find(matches))

const answered: Step = {
  name: "a mail is answered from the Help Center",
  run: Effect.fnUntraced(function* (story) {
    const sent = yield* write(story, "Hello,\n\nhow long does standard shipping take?\n\nThanks, Dana")
    const answer = yield* newMail(
      story,
      "the AI's answer",
      (m) => m.headers["in-reply-to"] === sent.messageId,
    )
    story.answer = answer
    yield* expect(/\/hc\//.test(answer.text), "a link to the article in the answer")
    yield* expect(answer.headers["auto-submitted"] === "auto-replied", "Auto-Submitted on the AI's mail")
    yield* expect(tickets(story.world).length === 0, "no ticket for an answered question")
  }),
}

const escalated: Step = {
  name: "a request for a human becomes a ticket with everything in it",
  run: Effect.fnUntraced(function* (story) {
    yield* write(
      story,
      "That is too slow. I want to talk to a human, please.",
      yield* known(story.answer, "the answer"),
    )
    const ticket = yield* until("a ticket", () => tickets(story.world)[0])
    story.ticket = ticket
    const [first] = ticket.comments
    const requester = users(story.world).find((u) => u.id === ticket.requester_id)
    yield* expect(requester?.email === customer, `the requester is ${customer}`)
    yield* expect(/^[0-9a-f-]{36}$/.test(ticket.external_id ?? ""), "external_id is the session's id")
    yield* expect(
      ["opencx", "opencx_handedoff", "opencx_channel_email"].every((t) => ticket.tags.includes(t)),
      "tags",
    )
    yield* expect(first?.public === false, "the first comment is internal")
    yield* expect(
      first?.html_body.includes("how long does standard shipping take") === true,
      "the transcript",
    )
    yield* expect(
      first?.html_body.includes(`/sessions/larkspoke/${ticket.external_id}`) === true,
      "the link to the session",
    )
  }),
}

const told: Step = {
  name: "the customer hears of the handoff, after Zendesk confirmed it",
  run: Effect.fnUntraced(function* (story) {
    yield* newMail(story, "the handoff message", (m) => m.text.includes("colleague"))
  }),
}

const publicReply: Step = {
  name: "the human's public reply arrives in the same thread; an internal note does not",
  run: Effect.fnUntraced(function* (story) {
    yield* agentDoes(story, { action: "note", body: "INTERNAL: check the express rate first" })
    yield* agentDoes(story, {
      action: "reply",
      body: "Hi Dana, we have upgraded you to express.",
      attachments: [{ file_name: "label.txt", content_type: "text/plain", content_base64: "bGFiZWw=" }],
    })
    const reply = yield* newMail(story, "the human's reply", (m) =>
      m.text.includes("upgraded you to express"),
    )
    story.reply = reply
    const answer = yield* known(story.answer, "the answer")
    yield* expect(
      (reply.headers["references"] ?? "").includes(answer.messageId) ||
        reply.headers["in-reply-to"] !== undefined,
      "threading headers",
    )
    yield* expect(reply.headers["auto-submitted"] === undefined, "no Auto-Submitted on a human's mail")
    yield* expect(
      reply.attachments.some((a) => a.fileName === "label.txt"),
      "the attachment",
    )
    yield* expect(!story.world.sink.mails().some((m) => m.text.includes("INTERNAL")), "the note stays inside")
  }),
}

const appended: Step = {
  name: "the customer's next mail is added to the same ticket, and the AI is silent",
  run: Effect.fnUntraced(function* (story) {
    const before = mailsTo(story.world, customer).length
    yield* write(story, "Great, thank you! When will it arrive?", yield* known(story.reply, "the reply"))
    yield* until("the customer's words on the ticket", () =>
      tickets(story.world)
        .find((t) => t.id === story.ticket?.id)
        ?.comments.some((c) => c.public && c.body.includes("When will it arrive?")),
    )
    yield* expect(tickets(story.world).length === 1, "one ticket only")
    yield* expect(mailsTo(story.world, customer).length === before, "no mail by the AI meanwhile")
  }),
}

const lostWebhook: Step = {
  name: "a reply whose webhook is lost is found by reconciliation; doubled webhooks deliver once",
  run: Effect.fnUntraced(function* (story) {
    const drop = story.world.emulator.addFault({ kind: "dropWebhook", times: 5 })
    yield* agentDoes(story, { action: "reply", body: "It arrives on Tuesday." })
    yield* newMail(story, "the reply without webhook", (m) => m.text.includes("arrives on Tuesday"))
    story.world.emulator.removeFault(drop)
    const double = story.world.emulator.addFault({ kind: "duplicateWebhook", times: 5 })
    yield* agentDoes(story, { action: "reply", body: "Before noon." })
    yield* newMail(story, "the reply with doubled webhooks", (m) => m.text.includes("Before noon"))
    story.world.emulator.removeFault(double)
    yield* agentDoes(story, { action: "reply", body: "Anything else?" })
    yield* newMail(story, "the next reply", (m) => m.text.includes("Anything else?"))
    for (const words of ["arrives on Tuesday", "Before noon", "Anything else?"]) {
      const ids = new Set(
        mailsTo(story.world, customer)
          .filter((m) => m.text.includes(words))
          .map((m) => m.messageId),
      )
      yield* expect(ids.size === 1, `"${words}" is delivered once`)
    }
  }),
}

const bounced: Step = {
  name: "a bounce becomes a note on the ticket",
  run: Effect.fnUntraced(function* (story) {
    const reply = yield* known(story.reply, "the reply")
    const [host = "", port = ""] = story.world.urls.smtp.split(":")
    yield* sendMail({
      host,
      port: Number(port),
      from: "mailer-daemon@example.com",
      envelopeFrom: "",
      to: reply.envelopeFrom,
      subject: "",
      text: "",
      raw: bounceOf(reply, customer),
    })
    yield* until("a note about the bounce", () =>
      tickets(story.world)
        .find((t) => t.id === story.ticket?.id)
        ?.comments.some((c) => !c.public && c.body.includes("could not be delivered")),
    )
  }),
}

const handedBack: Step = {
  name: "when the ticket is solved, the AI answers again",
  run: Effect.fnUntraced(function* (story) {
    yield* agentDoes(story, { action: "solve" })
    const reply = yield* known(story.reply, "the reply")
    yield* sessionState(story, "ai")
    const sent = yield* write(story, "One more question: can I return a helmet that does not fit?", reply)
    const answer = yield* newMail(
      story,
      "the AI's second answer",
      (m) => m.headers["in-reply-to"] === sent.messageId,
    )
    yield* expect(answer.headers["auto-submitted"] === "auto-replied", "it is the AI's")
  }),
}

const followUp: Step = {
  name: "after the ticket is closed, the next handoff makes a follow-up ticket",
  run: Effect.fnUntraced(function* (story) {
    yield* agentDoes(story, { action: "close" })
    yield* write(
      story,
      "I would like to speak with a real person again.",
      yield* known(story.reply, "the reply"),
    )
    const ticket = yield* until("a follow-up ticket", () =>
      tickets(story.world).find((t) => t.followup_source_id !== null),
    )
    yield* expect(ticket.followup_source_id === story.ticket?.id, "it follows the closed one")
    yield* expect(ticket.external_id === story.ticket?.external_id, "and carries the session's id")
  }),
}

/** Waits until the session of the story's ticket is in this state, as the runtime itself tells. */
const sessionState = Effect.fnUntraced(function* (story: Story, state: string) {
  const http = HttpClient.filterStatusOk(yield* HttpClient.HttpClient)
  const ticket = yield* ticketNow(story)
  const url = `${story.world.urls.runtime}/api/organizations/larkspoke/sessions/${ticket.external_id}`
  let seen = ""
  for (let tries = 0; tries < 200 && seen !== state; tries += 1) {
    const text = yield* (yield* http.get(url)).text
    seen = /"state":"(\w+)"/.exec(text)?.[1] ?? ""
    if (seen !== state) yield* Effect.sleep("50 millis")
  }
  yield* expect(seen === state, `the session is "${state}", it is "${seen}"`)
})

/** From the first mail to the follow-up ticket. */
export const mailSteps: ReadonlyArray<Step> = [
  answered,
  escalated,
  told,
  publicReply,
  appended,
  lostWebhook,
  bounced,
  handedBack,
  followUp,
]
