/** Bytes of attachments and raw messages, per organization. */
import { Context, type Effect } from "effect"
import type { BlobId, OrgId } from "../domain/Ids.ts"
import type { StoreError } from "../errors/PortErrors.ts"

export class Blobs extends Context.Service<
  Blobs,
  {
    /** Stores bytes; the same bytes of the same organization give the same id. */
    put(orgId: OrgId, bytes: Uint8Array): Effect.Effect<BlobId, StoreError>
    /** Null when unknown, also when it belongs to another organization. */
    get(orgId: OrgId, id: BlobId): Effect.Effect<Uint8Array | null, StoreError>
  }
>()("@opencx/core/ports/Blobs") {}
