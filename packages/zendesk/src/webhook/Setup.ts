/**
 * The webhook and the trigger to make in Zendesk, as request bodies. Pure: whoever sets up an account sends them, or a
 * person copies them into Admin Center.
 */
import { jsonText } from "../client/Json.ts"

/** Body for `POST /api/v2/webhooks`. `endpoint`: our signed hook URL. */
export const webhookRequest = (input: { readonly name?: string; readonly endpoint: string }) => ({
  webhook: {
    name: input.name ?? "OpenCX",
    status: "active",
    endpoint: input.endpoint,
    http_method: "POST",
    request_format: "json",
    subscriptions: ["conditional_ticket_events"],
  },
})

/**
 * The JSON that the trigger posts: ids only. Comment texts would have to survive Zendesk's template escaping, and
 * `latest_comment` could be an internal note; so the comment is fetched instead.
 */
export const triggerBody: string = jsonText({
  v: 1,
  ticket_id: "{{ticket.id}}",
  external_id: "{{ticket.external_id}}",
  comment_id: "{{ticket.public_comments[0].id}}",
  author_id: "{{current_user.id}}",
  status: "{{ticket.status}}",
})

/**
 * Body for `POST /api/v2/triggers`. Fires on public comments and on changes of status of our tickets. No condition
 * is on "via API": agents who answer through other apps would be lost; our own comments are recognized by their author.
 */
export const triggerRequest = (input: {
  readonly webhookId: string
  readonly tag?: string
  readonly title?: string
}) => ({
  trigger: {
    title: input.title ?? "OpenCX: tell OpenCX about public replies",
    active: true,
    conditions: {
      all: [
        { field: "update_type", operator: "is", value: "Change" },
        { field: "current_tags", operator: "includes", value: input.tag ?? "opencx" },
      ],
      any: [
        { field: "comment_is_public", operator: "is", value: "true" },
        { field: "status", operator: "changed", value: null },
      ],
    },
    actions: [{ field: "notification_webhook", value: [input.webhookId, triggerBody] }],
  },
})

/** Words that begin a draft on mention; the same as the setting `assist.mention`. */
const usualMention = "@opencx"

const assistTrigger = (
  webhookId: string,
  title: string,
  all: ReadonlyArray<{ readonly field: string; readonly operator: string; readonly value: string }>,
) => ({
  trigger: {
    title,
    active: true,
    conditions: { all, any: [] },
    actions: [{ field: "notification_webhook", value: [webhookId, triggerBody] }],
  },
})

/**
 * Bodies for `POST /api/v2/triggers` of assist mode: one for public words of end users, one for agents' notes that mention
 * us. Neither fires for our own notes: those are by an agent, and do not say the mention. Tickets of ours carry
 * `<prefix>_autopilot` or `<prefix>_handedoff`; `<prefix>` alone does not tell, as drafts add it.
 */
export const assistTriggerRequests = (input: {
  readonly webhookId: string
  /** Tag prefix of the organization; `opencx` when absent. */
  readonly tag?: string
  readonly mention?: string
}) => {
  const { mention = usualMention, tag = "opencx", webhookId } = input
  const open = [
    { field: "status", operator: "less_than", value: "solved" },
    { field: "status", operator: "is_not", value: "hold" },
    {
      field: "current_tags",
      operator: "not_includes",
      value: `${tag}_autopilot ${tag}_handedoff ${tag}_skipped_topic_no_assist`,
    },
  ]
  return {
    customerComments: assistTrigger(webhookId, "OpenCX: draft replies to customers", [
      ...open,
      { field: "comment_is_public", operator: "is", value: "true" },
      { field: "role", operator: "is", value: "end_user" },
    ]),
    mentions: assistTrigger(webhookId, "OpenCX: draft when an agent asks", [
      ...open,
      { field: "comment_is_public", operator: "is", value: "false" },
      { field: "role", operator: "is", value: "agent" },
      { field: "comment_includes_word", operator: "includes", value: mention },
    ]),
  }
}
