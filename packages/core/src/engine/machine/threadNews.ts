/** What happens in a thread besides messages: buttons, opt-outs, calls that end, verdicts. */
import type { LaneEvent } from "../LaneEvent.ts"
import type { Draft } from "./Draft.ts"
import { dismissHuman, escalate, note } from "./steps.ts"

/** Events that may be the first of their thread. */
export type ThreadNews = Extract<LaneEvent, { readonly address: string; readonly at: number }>

type News<T extends ThreadNews["_tag"]> = Extract<ThreadNews, { _tag: T }>

const isHumans = (draft: Draft): boolean =>
  draft.session.state === "human" || draft.session.state === "handing_off"

/** The word is kept, and never answered: the provider confirms it, and the AI would only irritate. */
const optOut = (draft: Draft, event: News<"OptOut">): void => {
  draft.add(
    {
      _tag: "CustomerMessage",
      text: event.text,
      fullText: null,
      attachments: [],
      messageId: event.messageId,
      rawBlobId: null,
      automatic: true,
      identified: event.identified,
    },
    event.at,
  )
  draft.add({ _tag: "OptOut", optedOut: event.optedOut, word: event.text })
  if (!isHumans(draft)) return
  note(
    draft,
    event.optedOut
      ? `The customer opted out of messages with "${event.text}". Replies cannot be sent until they opt in again.`
      : `The customer takes messages again ("${event.text}").`,
  )
}

const callEnded = (draft: Draft, event: News<"CallEnded">): void => {
  const { reason, recordingUrl, summary } = event
  const seq = draft.add({ _tag: "CallEnded", reason, summary, recordingUrl }, event.at)
  if (isHumans(draft)) {
    note(
      draft,
      [`The call has ended: ${reason}.`, summary ?? "", recordingUrl ?? ""].filter(Boolean).join("\n\n"),
      seq,
    )
  } else {
    draft.set({ state: "closed", turn: null })
  }
}

/** The lines count as answered: somebody else has spoken with the customer already. */
const transcript = (draft: Draft, event: News<"Transcript">): void => {
  for (const line of event.lines) {
    if (line.role === "assistant") {
      draft.add({ _tag: "AssistantLine", text: line.text, by: event.assistantName }, line.at)
      continue
    }
    const seq = draft.add(
      {
        _tag: "CustomerMessage",
        text: line.text,
        fullText: null,
        attachments: [],
        messageId: null,
        rawBlobId: null,
        automatic: false,
        identified: event.identified,
      },
      line.at,
    )
    draft.set({ customerSeq: seq, answeredSeq: seq, lastInboundAt: line.at })
  }
  if (event.wantsHuman && draft.session.state === "ai") escalate(draft, "customer_asked", null)
}

export const threadNews = (draft: Draft, event: ThreadNews): void => {
  switch (event._tag) {
    case "OptOut":
      return optOut(draft, event)
    case "HumanWanted":
      return draft.session.state === "ai" ? escalate(draft, "customer_asked", null) : undefined
    case "HumanDismissed":
      return dismissHuman(draft)
    case "CallEnded":
      return callEnded(draft, event)
    case "Transcript":
      return transcript(draft, event)
    case "Rated": {
      const { comment, deliveryId, kind, score } = event
      return void draft.add({ _tag: "Rating", kind, score, comment, deliveryId }, event.at)
    }
    case "ContactDetails": {
      draft.add({ _tag: "ContactDetails", email: event.email, name: event.name }, event.at)
      return isHumans(draft)
        ? note(draft, `The customer left an address for an answer: ${event.email} (not verified).`)
        : undefined
    }
  }
}
