import type { Attachment, Audit, Comment, Ticket, Via } from "../world/model.ts"
import { iso } from "../world/ids.ts"
import type { World } from "../world/World.ts"

export const viewVia = (via: Via): object => ({ channel: via.channel, source: via.source })

export const viewAttachment = (world: World, attachment: Attachment): object => {
  const url = `${world.baseUrl}/attachments/token/${attachment.token}/?name=${encodeURIComponent(attachment.fileName)}`
  return {
    url: `${world.baseUrl}/api/v2/attachments/${attachment.id}.json`,
    id: attachment.id,
    file_name: attachment.fileName,
    content_url: url,
    mapped_content_url: url,
    content_type: attachment.contentType,
    size: attachment.bytes.length,
    width: null,
    height: null,
    inline: false,
    deleted: false,
    malware_access_override: false,
    malware_scan_result: "malware_not_found",
    thumbnails: [],
  }
}

export const viewComment = (world: World, comment: Comment): object => ({
  id: comment.id,
  type: "Comment",
  author_id: comment.authorId,
  body: comment.body,
  html_body: comment.htmlBody,
  plain_body: comment.plainBody,
  public: comment.public,
  attachments: comment.attachments.map((attachment) => viewAttachment(world, attachment)),
  audit_id: comment.auditId,
  via: viewVia(comment.via),
  created_at: iso(comment.createdAt),
  metadata: comment.metadata,
})

export const viewAudit = (audit: Audit): object => ({
  id: audit.id,
  ticket_id: audit.ticketId,
  created_at: iso(audit.createdAt),
  author_id: audit.authorId,
  metadata: audit.metadata,
  events: audit.events,
  via: viewVia(audit.via),
})

const customFieldsOf = (world: World, ticket: Ticket): ReadonlyArray<object> =>
  [...world.ticketFields.values()]
    .filter((field) => field.removable)
    .map((field) => ({ id: field.id, value: ticket.customFields.get(field.id) ?? defaultValue(field.type) }))

const defaultValue = (type: string): unknown =>
  type === "checkbox" ? false : type === "multiselect" ? [] : null

export const viewTicket = (world: World, ticket: Ticket): object => {
  const fields = customFieldsOf(world, ticket)
  return {
    url: `${world.baseUrl}/api/v2/tickets/${ticket.id}.json`,
    id: ticket.id,
    external_id: ticket.externalId,
    via: viewVia(ticket.via),
    created_at: iso(ticket.createdAt),
    updated_at: iso(ticket.updatedAt),
    generated_timestamp: Math.floor(ticket.updatedAt / 1_000),
    type: ticket.type,
    subject: ticket.subject,
    raw_subject: ticket.subject,
    description: ticket.description,
    priority: ticket.priority,
    status: ticket.status,
    recipient: null,
    requester_id: ticket.requesterId,
    submitter_id: ticket.submitterId,
    assignee_id: ticket.assigneeId,
    organization_id: null,
    group_id: ticket.groupId,
    collaborator_ids: [],
    follower_ids: [],
    email_cc_ids: [],
    forum_topic_id: null,
    problem_id: null,
    has_incidents: false,
    is_public: ticket.isPublic,
    due_at: null,
    tags: ticket.tags,
    custom_fields: fields,
    fields,
    satisfaction_rating: null,
    sharing_agreement_ids: [],
    custom_status_id: null,
    encoded_id: encodedId(ticket.id),
    followup_ids: ticket.followupIds,
    ticket_form_id: null,
    brand_id: ticket.brandId,
    support_type: "agent",
    allow_channelback: false,
    allow_attachments: true,
    from_messaging_channel: ticket.fromMessagingChannel,
  }
}

const encodedId = (id: number): string => {
  const text = (id * 2_654_435_761).toString(36).toUpperCase().padStart(10, "0")
  return `${text.slice(0, 6)}-${text.slice(-4)}`
}
