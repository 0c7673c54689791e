/** The configuration cannot be used; the message says where and what to do. */
import { Schema } from "effect"

export class ConfigurationError extends Schema.TaggedError<ConfigurationError>(
  "@opencx/runtime/ConfigurationError",
)("ConfigurationError", { problem: Schema.String, hint: Schema.String }) {
  override get message(): string {
    return `${this.problem}\n${this.hint}`
  }
}
