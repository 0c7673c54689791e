import { asBool, asNumber, get, has, isObject } from "../../world/json.ts"

/**
 * How the messaging side behaves where Zendesk's documents are silent, or where an account has a setting.
 * Everything here may change while the emulator runs.
 */
export interface SunshineBehaviour {
  /** Account setting: what a closed ticket does with control. Zendesk's default is `pass`. */
  readonly conversationControl: "pass" | "release"
  /** Milliseconds from the 200 of a control call to its effect and event. */
  readonly controlLagMs: number
  /** Milliseconds from something happening to the first attempt at its webhooks. */
  readonly eventLagMs: number
  /** Events per webhook body, and how long a body waits for more of them (milliseconds, not scaled). */
  readonly batchSize: number
  readonly batchWaitMs: number
  /** Milliseconds until a webhook attempt counts as failed. */
  readonly webhookTimeoutMs: number
  /** The refusal of a second personal conversation while multi-conversations are off. */
  readonly secondConversationStatus: number
  readonly secondConversationCode: string
  readonly secondConversationTitle: string
  /** A conversation made by the API starts under control of the default responder. */
  readonly activeAtCreation: boolean
  /** Passing control to who has it: no event, or the event again. */
  readonly repeatedPassControl: "silent" | "event"
  /** Control events also reach who had a say before the change, or only who has one after it. */
  readonly controlEventsTo: "before-and-after" | "after"
  /** `author.subtypes` is in webhook bodies. */
  readonly subtypesInEvents: boolean
  /** `__zendesk_msg.agent.id` is on agents' messages. */
  readonly agentIdMetadata: boolean
  /** A closed ticket or an ended session leaves an activity message. */
  readonly activityMessages: boolean
  /** Which `dataCapture.*` keys count: all known, or only the officially described ones. */
  readonly dataCapture: "all" | "documented"
  /** `dataCapture.systemField.requester.email` finds or names the Support user of the ticket. */
  readonly requesterEmail: "match" | "ignore"
  /** When a matching external id links a messaging user to a Support user. */
  readonly linkByExternalId: "creation" | "ticket" | "never"
  /** Support users that a hand-off makes count as verified (an unverified one without e-mail cannot be merged). */
  readonly messagingUsersVerified: boolean
  /** PATCH of metadata merges (null deletes a key) or replaces. */
  readonly metadataPatch: "merge" | "replace"
  /** Text that zd-answerBot says to each customer message it gets; empty = nothing. */
  readonly answerBotText: string
  /** A public comment through the Support API reaches the customer's chat. */
  readonly commentsReachCustomer: boolean
  /** `mediaUrl` needs credentials. */
  readonly privateAttachments: boolean
  /** A text above the channel's limit fails or is split. */
  readonly longText: "fail" | "split"
  readonly messagesPerConversation: number
  /** Integration keys may use control calls only of conversations where they are active or pending. */
  readonly integrationKeysNeedControl: boolean
}

export const defaultBehaviour: SunshineBehaviour = {
  conversationControl: "pass",
  controlLagMs: 50,
  eventLagMs: 0,
  batchSize: 1,
  batchWaitMs: 50,
  webhookTimeoutMs: 20_000,
  secondConversationStatus: 400,
  secondConversationCode: "bad_request",
  secondConversationTitle: "Multi-conversation is not enabled for this app",
  activeAtCreation: true,
  repeatedPassControl: "silent",
  controlEventsTo: "before-and-after",
  subtypesInEvents: true,
  agentIdMetadata: true,
  activityMessages: true,
  dataCapture: "all",
  requesterEmail: "match",
  linkByExternalId: "creation",
  messagingUsersVerified: true,
  metadataPatch: "merge",
  answerBotText: "",
  commentsReachCustomer: false,
  privateAttachments: false,
  longText: "fail",
  messagesPerConversation: 30_000,
  integrationKeysNeedControl: true,
}

const choices: Readonly<Record<string, ReadonlyArray<string>>> = {
  conversationControl: ["pass", "release"],
  repeatedPassControl: ["silent", "event"],
  controlEventsTo: ["before-and-after", "after"],
  dataCapture: ["all", "documented"],
  requesterEmail: ["match", "ignore"],
  linkByExternalId: ["creation", "ticket", "never"],
  metadataPatch: ["merge", "replace"],
  longText: ["fail", "split"],
}

const problemOf = (name: string, value: unknown): string | undefined => {
  const standard: unknown = get(defaultBehaviour, name)
  if (standard === undefined) return `there is no ${name}`
  const allowed = choices[name]
  if (allowed !== undefined)
    return allowed.some((choice) => choice === value) ? undefined : `${name} is one of ${allowed.join(", ")}`
  if (typeof standard === "boolean")
    return asBool(value) === undefined ? `${name} is true or false` : undefined
  if (typeof standard === "number") return asNumber(value) === undefined ? `${name} is a number` : undefined
  return typeof value === "string" ? undefined : `${name} is a text`
}

/** What is wrong with foreign settings, if anything. */
export const behaviourProblem = (source: unknown): string | undefined => {
  if (!isObject(source)) return "send an object of settings"
  for (const [name, value] of Object.entries(source)) {
    const problem = problemOf(name, value)
    if (problem !== undefined) return problem
  }
  return undefined
}

const pick = <A extends string>(source: unknown, name: string, all: ReadonlyArray<A>, now: A): A =>
  all.find((choice) => choice === get(source, name)) ?? now

/** Foreign settings over the present ones; anything unreadable leaves the present one. */
export const withBehaviour = (now: SunshineBehaviour, source: unknown): SunshineBehaviour => {
  const number = (name: string, present: number): number => asNumber(get(source, name)) ?? present
  const flag = (name: string, present: boolean): boolean => asBool(get(source, name)) ?? present
  const text = (name: string, present: string): string => {
    const value = get(source, name)
    return has(source, name) && typeof value === "string" ? value : present
  }
  return {
    conversationControl: pick(source, "conversationControl", ["pass", "release"], now.conversationControl),
    controlLagMs: number("controlLagMs", now.controlLagMs),
    eventLagMs: number("eventLagMs", now.eventLagMs),
    batchSize: Math.max(1, number("batchSize", now.batchSize)),
    batchWaitMs: number("batchWaitMs", now.batchWaitMs),
    webhookTimeoutMs: number("webhookTimeoutMs", now.webhookTimeoutMs),
    secondConversationStatus: number("secondConversationStatus", now.secondConversationStatus),
    secondConversationCode: text("secondConversationCode", now.secondConversationCode),
    secondConversationTitle: text("secondConversationTitle", now.secondConversationTitle),
    activeAtCreation: flag("activeAtCreation", now.activeAtCreation),
    repeatedPassControl: pick(source, "repeatedPassControl", ["silent", "event"], now.repeatedPassControl),
    controlEventsTo: pick(source, "controlEventsTo", ["before-and-after", "after"], now.controlEventsTo),
    subtypesInEvents: flag("subtypesInEvents", now.subtypesInEvents),
    agentIdMetadata: flag("agentIdMetadata", now.agentIdMetadata),
    activityMessages: flag("activityMessages", now.activityMessages),
    dataCapture: pick(source, "dataCapture", ["all", "documented"], now.dataCapture),
    requesterEmail: pick(source, "requesterEmail", ["match", "ignore"], now.requesterEmail),
    linkByExternalId: pick(source, "linkByExternalId", ["creation", "ticket", "never"], now.linkByExternalId),
    messagingUsersVerified: flag("messagingUsersVerified", now.messagingUsersVerified),
    metadataPatch: pick(source, "metadataPatch", ["merge", "replace"], now.metadataPatch),
    answerBotText: text("answerBotText", now.answerBotText),
    commentsReachCustomer: flag("commentsReachCustomer", now.commentsReachCustomer),
    privateAttachments: flag("privateAttachments", now.privateAttachments),
    longText: pick(source, "longText", ["fail", "split"], now.longText),
    messagesPerConversation: number("messagesPerConversation", now.messagesPerConversation),
    integrationKeysNeedControl: flag("integrationKeysNeedControl", now.integrationKeysNeedControl),
  }
}
