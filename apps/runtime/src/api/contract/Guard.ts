/** Who may call an endpoint is part of its description: an endpoint that does not say so is closed. */
import { OrgId } from "@opencx/core"
import { Context, Schema } from "effect"
import { HttpApiMiddleware } from "effect/http-api"
import { Forbidden, NotFound, Unauthenticated } from "../../access/Access.ts"
import type { Principal } from "../../access/Principal.ts"
import type { Action } from "../../access/roles.ts"
import { BadRequest } from "../../organizations/problems.ts"

/** Not now; nothing was changed as far as we know. 503. */
export class Unavailable extends Schema.TaggedError<Unavailable>("@opencx/runtime/Unavailable")(
  "Unavailable",
  { hint: Schema.String },
  { httpApiStatus: 503 },
) {}

/** More than we read, or a body that ended early. 413. */
export class BodyRefused extends Schema.TaggedError<BodyRefused>("@opencx/runtime/BodyRefused")(
  "BodyRefused",
  { hint: Schema.String },
  { httpApiStatus: 413 },
) {}

/**
 * What an endpoint asks of its caller: an action, in the organization that its path names (`:org`), else in the
 * installation. `anybody`: everybody whom we know; what they then see is theirs.
 */
export class Needs extends Context.Service<Needs, Action | "anybody">()(
  "@opencx/runtime/api/contract/Guard/Needs",
) {}

/** Who is calling, after `Needs` was met. */
export class Caller extends Context.Service<
  Caller,
  {
    readonly principal: Principal
    /** The organization of the path; null: the endpoint is about the installation. */
    readonly orgId: OrgId | null
  }
>()("@opencx/runtime/api/contract/Guard/Caller") {}

/** Lets callers in, and turns whatever goes wrong into an answer that says what to do. */
export class Guard extends HttpApiMiddleware.Service<Guard, { provides: Caller }>()(
  "@opencx/runtime/api/Guard",
  { error: [BadRequest, BodyRefused, Unauthenticated, Forbidden, NotFound, Unavailable] },
) {}

/** Path of everything about one organization. */
export const inOrganization = { org: OrgId }
