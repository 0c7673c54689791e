/** The organizations of this installation, with everything that the engine needs of each. Provided by the app. */
import { Context, Effect, Schema } from "effect"
import type { Attachment } from "../domain/Attachment.ts"
import type { AccountId, OrgId } from "../domain/Ids.ts"
import type { BoundChannel, Sender } from "../plugin/Plugin.ts"
import type { IdentityMerge } from "../ports/IdentityMerge.ts"
import type { Messaging } from "../ports/Messaging.ts"
import type { SupportAgent } from "../ports/SupportAgent.ts"
import type { Ticketing } from "../ports/Ticketing.ts"
import type { OrganizationSettings } from "../settings/OrganizationSettings.ts"

/** A channel account that is up: bound, and open for sending. */
export interface LiveChannel {
  readonly bound: BoundChannel
  readonly sender: Sender
}

export interface Organization {
  readonly settings: OrganizationSettings
  readonly agent: SupportAgent["Service"]
  /** Null when no help desk is connected: handoffs then fail with a clear explanation. */
  readonly ticketing: Ticketing["Service"] | null
  /** Null when no live chat is connected: real-time channels then hand over by ticket, and the session says so. */
  readonly messaging: Messaging["Service"] | null
  /** Null when the help desk gives us no way to look for known people. */
  readonly identityMerge: IdentityMerge["Service"] | null
  readonly channels: ReadonlyMap<AccountId, LiveChannel>
}

/** There is no such organization here (any more). `isDown`: there is one, but its settings cannot be used just now. */
export class UnknownOrganization extends Schema.TaggedError<UnknownOrganization>(
  "@opencx/core/UnknownOrganization",
)("UnknownOrganization", { orgId: Schema.String, isDown: Schema.optionalKey(Schema.Boolean) }) {
  override get message(): string {
    return this.isDown === true
      ? `The settings of organization "${this.orgId}" cannot be used: correct them.`
      : `There is no organization "${this.orgId}" in the configuration.`
  }
}

export class Organizations extends Context.Service<
  Organizations,
  {
    get(orgId: OrgId): Effect.Effect<Organization, UnknownOrganization>
    readonly all: Effect.Effect<ReadonlyArray<Organization>>
    /** Where people open sessions: public base URL of this runtime, without a slash at the end. */
    readonly publicUrl: string
    /** A signed address of a stored file, good for a day without any login. */
    readonly fileUrl: (orgId: OrgId, attachment: Attachment) => string
  }
>()("@opencx/core/engine/Organizations") {
  /** A fixed set, for tests and for configuration by file. */
  static readonly fixed = (
    organizations: ReadonlyArray<Organization>,
    publicUrl: string,
    fileUrl: Organizations["Service"]["fileUrl"] = (_, { blobId }) => `${publicUrl}/files/${blobId}`,
  ): Organizations["Service"] => {
    const byId = new Map(organizations.map((o) => [o.settings.id, o]))
    return {
      publicUrl,
      fileUrl,
      all: Effect.succeed(organizations),
      get: (orgId) => {
        const found = byId.get(orgId)
        return found === undefined ? Effect.fail(new UnknownOrganization({ orgId })) : Effect.succeed(found)
      },
    }
  }
}
