/** Why single sign-on ends without a login. */
import { Schema } from "effect"

/** Single sign-on does not work now, or this person may not come in this way. `detail` is for people. */
export class SignOnFailed extends Schema.TaggedError<SignOnFailed>("@opencx/runtime/SignOnFailed")(
  "SignOnFailed",
  { detail: Schema.String },
) {
  override get message(): string {
    return this.detail
  }
}
