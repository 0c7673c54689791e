/** Where an organization's articles come from, and how reading them goes. */
import { SyncReport } from "@opencx/core"
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema } from "effect/http-api"
import { ManagedByFile, VersionMismatch } from "../../organizations/problems.ts"
import { Guard, inOrganization, Needs } from "./Guard.ts"
import { SettingsView } from "./organizations.ts"
import { ifMatch } from "./versions.ts"

const changed = { success: SettingsView, error: [ManagedByFile, VersionMismatch], headers: ifMatch }

const sourcePath = {
  ...inOrganization,
  source: Schema.String.check(Schema.isPattern(/^[a-z0-9][a-z0-9_-]{0,40}$/)),
}

const Count = { done: Schema.Finite, total: Schema.NullOr(Schema.Finite) }

/** Articles read, and to be read as far as that is known. Epoch milliseconds. */
const ProgressView = Schema.Struct({
  kind: Schema.Literals(["full", "incremental"]),
  phase: Schema.Literals(["reading", "confirming"]),
  ...Count,
  shelves: Schema.Array(Schema.Struct({ name: Schema.String, ...Count })),
  estimatedEnd: Schema.NullOr(Schema.Finite),
})

export const SourceView = Schema.Struct({
  id: Schema.String,
  type: Schema.String,
  /** Milliseconds from start to start; null: only by command. */
  everyMs: Schema.NullOr(Schema.Finite),
  /** Epoch milliseconds of the last run's start; null: none yet. */
  lastAt: Schema.NullOr(Schema.Finite),
  isRunning: Schema.Boolean,
  failures: Schema.Int,
  /** While a run of this process is under way. */
  progress: Schema.NullOr(ProgressView),
  /** Of the last run of this process. */
  report: Schema.NullOr(SyncReport),
})
export type SourceView = typeof SourceView.Type

const about = { sourceId: Schema.String }

/** `status` comes first and every 15 seconds, the others as they happen. Epoch milliseconds. */
export const SourceEvent = Schema.Union([
  Schema.TaggedStruct("status", { sources: Schema.Array(SourceView) }),
  Schema.TaggedStruct("started", { ...about, at: Schema.Finite }),
  /** Another process or run is at it. */
  Schema.TaggedStruct("waiting", { ...about, at: Schema.Finite }),
  Schema.TaggedStruct("progress", { ...about, progress: ProgressView }),
  Schema.TaggedStruct("finished", { ...about, report: SyncReport }),
  Schema.TaggedStruct("failed", { ...about, detail: Schema.String, retryAt: Schema.Finite }),
])
export type SourceEvent = typeof SourceEvent.Type

export class SourcesGroup extends HttpApiGroup.make("sources")
  .add(
    HttpApiEndpoint.get("list", "/organizations/:org/sources", {
      params: inOrganization,
      success: Schema.Array(SourceView),
    }).annotate(Needs, "organization.read"),
    /** Server-sent events, until the reader goes away. */
    HttpApiEndpoint.get("events", "/organizations/:org/sources/events", {
      params: inOrganization,
      success: HttpApiSchema.StreamSse({ data: SourceEvent }),
    }).annotate(Needs, "organization.read"),
    HttpApiEndpoint.put("put", "/organizations/:org/sources/:source", {
      params: sourcePath,
      payload: Schema.Record(Schema.String, Schema.Json),
      ...changed,
    }).annotate(Needs, "organization.write"),
    HttpApiEndpoint.delete("remove", "/organizations/:org/sources/:source", {
      params: sourcePath,
      ...changed,
    }).annotate(Needs, "organization.write"),
    /**
     * Begins a run in the background. `acceptLoss`: everything, and what is missing is removed however much it is. `started`
     * false: a run is under way already.
     */
    HttpApiEndpoint.post("sync", "/organizations/:org/sources/:source/sync", {
      params: sourcePath,
      payload: Schema.Struct({ mode: Schema.Literals(["incremental", "full", "acceptLoss"]) }),
      success: Schema.Struct({ started: Schema.Boolean }).pipe(HttpApiSchema.status(202)),
    }).annotate(Needs, "sources.sync"),
  )
  .middleware(Guard) {}
