/**
 * The product's own check from end to end, as steps that a person takes on a real account while we watch: handoff, reply, solve
 * and close, handback. Pure: what a session's timeline says of each step.
 */
import type { Entry, EntryBody, Session } from "@opencx/core"

export interface Trouble {
  readonly problem: string
  readonly fix: string
}

/** `done`: seen, in a sentence. `wrong`: seen that it went wrong. `null`: not yet. */
export type Seen =
  | { readonly done: string; readonly seq: number }
  | { readonly wrong: Trouble }
  | { readonly waiting: true }

/** A session with its timeline; `since`: entries up to this `seq` belong to earlier steps. */
export interface Watched {
  readonly session: Session
  readonly entries: ReadonlyArray<Entry>
  readonly since: number
}

export type StepName = "message" | "handoff" | "reply" | "solve_and_close" | "handback"

const waiting: Seen = { waiting: true }

type Body<T extends EntryBody["_tag"]> = Extract<EntryBody, { readonly _tag: T }>

/** The first entry of a kind after the earlier steps. */
const first = <T extends EntryBody["_tag"]>(
  { entries, since }: Watched,
  tag: T,
): { readonly seq: number; readonly body: Body<T> } | null => {
  for (const { body, seq } of entries) if (seq > since && isBody(body, tag)) return { seq, body }
  return null
}

const isBody = <T extends EntryBody["_tag"]>(body: EntryBody, tag: T): body is Body<T> => body._tag === tag

export const isChat = ({ chat }: Session): boolean => chat !== null

const wroteOne = (watched: Watched): Seen => {
  const message = first(watched, "CustomerMessage")
  const { channel, id } = watched.session
  return message === null
    ? waiting
    : { done: `A message came in on ${channel} (session ${id}).`, seq: message.seq }
}

const handedOver = (watched: Watched): Seen => {
  const failed = first(watched, "HandoffFailed")
  if (failed !== null)
    return {
      wrong: {
        problem: `The handoff failed: ${failed.body.explanation}`,
        fix: "opencx verify says what the connection lacks; the dead letter can be run again when it is mended.",
      },
    }
  const confirmed = first(watched, "HandoffConfirmed")
  if (confirmed === null || watched.session.handoffPending) return waiting
  const { chatId, ticketId } = confirmed.body
  const where = ticketId === null ? `live chat ${chatId ?? ""} in the Agent Workspace` : `ticket ${ticketId}`
  return { done: `The conversation is ${where}.`, seq: confirmed.seq }
}

/** What became of a delivery: null while nobody knows. */
const deliveryOf = ({ entries }: Watched, deliveryId: string): Body<"DeliveryUpdate"> | null => {
  const all = entries.flatMap(({ body }) =>
    isBody(body, "DeliveryUpdate") && body.deliveryId === deliveryId && body.status !== "pending"
      ? [body]
      : [],
  )
  return all.at(-1) ?? null
}

const replied = (watched: Watched): Seen => {
  const reply = first(watched, "HumanReply")
  if (reply === null) return waiting
  const { authorName, byDesk, deliveryId } = reply.body
  const who = authorName ?? "A human"
  if (byDesk) return { done: `${who} replied; Zendesk delivers it itself.`, seq: reply.seq }
  const delivery = deliveryOf(watched, deliveryId)
  if (delivery === null) return waiting
  if (delivery.status !== "failed" && delivery.status !== "held")
    return { done: `${who}'s reply was delivered on the customer's channel.`, seq: reply.seq }
  return {
    wrong: {
      problem: `${who}'s reply came here and could not be delivered: ${delivery.explanation ?? delivery.status}.`,
      fix: "Confirm that the original contact channel is still reachable (address valid, number still subscribed).",
    },
  }
}

const handedBack = (watched: Watched): Seen => {
  const back = first(watched, "Handback")
  if (back !== null) return { done: `The AI has the conversation again: ${back.body.reason}.`, seq: back.seq }
  return watched.session.state === "closed"
    ? { done: "The conversation is closed.", seq: watched.session.lastSeq }
    : waiting
}

const answered = (watched: Watched): Seen => {
  const message = first(watched, "CustomerMessage")
  if (message === null) return waiting
  const after = { ...watched, since: message.seq }
  const escalated = first(after, "HandoffRequested")
  if (escalated !== null)
    return {
      done: "The AI took the message and gave it to a human again. Ask something that your articles answer to see an answer.",
      seq: escalated.seq,
    }
  const answer = first(after, "AiAnswer")
  if (answer === null) return waiting
  if (answer.body.withheld)
    return {
      wrong: {
        problem: "The AI answered, and a human had taken over meanwhile.",
        fix: "Solve and close the ticket, and write once more.",
      },
    }
  const delivery = deliveryOf(after, answer.body.deliveryId)
  if (delivery === null) return waiting
  return delivery.status === "failed"
    ? {
        wrong: {
          problem: `The AI's answer could not be delivered: ${delivery.explanation ?? ""}.`,
          fix: "Confirm that the original contact channel is still reachable.",
        },
      }
    : { done: "The AI answered.", seq: answer.seq }
}

const looks: Readonly<Record<StepName, (watched: Watched) => Seen>> = {
  message: wroteOne,
  handoff: handedOver,
  reply: replied,
  solve_and_close: handedBack,
  handback: answered,
}

/** In this order. */
export const stepNames: ReadonlyArray<StepName> = [
  "message",
  "handoff",
  "reply",
  "solve_and_close",
  "handback",
]

export const lookAt = (step: StepName, watched: Watched): Seen => looks[step](watched)

/** What the person does next. */
export const instructionFor = (step: StepName, session: Session | null): string => {
  const chat = session !== null && isChat(session)
  switch (step) {
    case "message":
      return 'As a customer, write on a channel that OpenCX answers: "I want to talk to a human, please."'
    case "handoff":
      return "Wait until Zendesk has it. (If the AI answered by itself, ask for a human once more.)"
    case "reply":
      return chat
        ? "In Zendesk's Agent Workspace open the chat and reply."
        : `In Zendesk open ticket ${session?.ticket?.ticketId ?? ""} and post a public reply (not an internal note).`
    case "solve_and_close":
      return chat
        ? "Solve the ticket of the chat, then close it (by hand, a trigger or the shortened automation): solved alone does not give the chat back."
        : "Solve the ticket."
    case "handback":
      return 'As the same customer, write again on the same channel, something that your Help Center answers: "How do I reset my password?"'
  }
}
