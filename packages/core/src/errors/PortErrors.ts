/** One error class per port: which operation failed, and a vendor-neutral reason. */
import { Schema } from "effect"
import { describeReason, Reason } from "./Reason.ts"

const fields = { operation: Schema.String, reason: Reason }

export class TicketingError extends Schema.TaggedError<TicketingError>("@opencx/core/TicketingError")(
  "TicketingError",
  fields,
) {
  override get message(): string {
    return `${this.operation}: ${describeReason(this.reason)}`
  }
  get isRetryable(): boolean {
    return this.reason.isRetryable
  }
}

export class KnowledgeError extends Schema.TaggedError<KnowledgeError>("@opencx/core/KnowledgeError")(
  "KnowledgeError",
  fields,
) {
  override get message(): string {
    return `${this.operation}: ${describeReason(this.reason)}`
  }
  get isRetryable(): boolean {
    return this.reason.isRetryable
  }
}

export class SupportAgentError extends Schema.TaggedError<SupportAgentError>(
  "@opencx/core/SupportAgentError",
)("SupportAgentError", fields) {
  override get message(): string {
    return `${this.operation}: ${describeReason(this.reason)}`
  }
  get isRetryable(): boolean {
    return this.reason.isRetryable
  }
}

export class MessagingError extends Schema.TaggedError<MessagingError>("@opencx/core/MessagingError")(
  "MessagingError",
  fields,
) {
  override get message(): string {
    return `${this.operation}: ${describeReason(this.reason)}`
  }
  get isRetryable(): boolean {
    return this.reason.isRetryable
  }
}

export class IdentityMergeError extends Schema.TaggedError<IdentityMergeError>(
  "@opencx/core/IdentityMergeError",
)("IdentityMergeError", fields) {
  override get message(): string {
    return `${this.operation}: ${describeReason(this.reason)}`
  }
  get isRetryable(): boolean {
    return this.reason.isRetryable
  }
}

/** The database or blob store did not answer. Webhooks answer 503 on it, SMTP 451. */
export class StoreError extends Schema.TaggedError<StoreError>("@opencx/core/StoreError")("StoreError", {
  operation: Schema.String,
  detail: Schema.String,
}) {
  override get message(): string {
    return `${this.operation}: ${this.detail}`
  }
  get isRetryable(): boolean {
    return true
  }
}
