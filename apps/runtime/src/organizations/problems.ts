/** Why a change of settings is not taken. Each says what to do. */
import { Schema, type SchemaIssue } from "effect"
import { SchemaIssue as Issues } from "effect"

/** One thing that is wrong, at its place: `accounts[0].settings.port`. */
export const Problem = Schema.Struct({ path: Schema.String, message: Schema.String })
export type Problem = typeof Problem.Type

/** What was sent cannot be used. 400. */
export class BadRequest extends Schema.TaggedError<BadRequest>("@opencx/runtime/BadRequest")(
  "BadRequest",
  { problems: Schema.Array(Problem), hint: Schema.String },
  { httpApiStatus: 400 },
) {}

/** It stands in the configuration file. 409. */
export class ManagedByFile extends Schema.TaggedError<ManagedByFile>("@opencx/runtime/ManagedByFile")(
  "ManagedByFile",
  { hint: Schema.String },
  { httpApiStatus: 409 },
) {}

/** There is one already. 409. */
export class Exists extends Schema.TaggedError<Exists>("@opencx/runtime/Exists")(
  "Exists",
  { what: Schema.String, hint: Schema.String },
  { httpApiStatus: 409 },
) {}

/** Somebody changed it meanwhile. 412. `version`: the one that stands. */
export class VersionMismatch extends Schema.TaggedError<VersionMismatch>("@opencx/runtime/VersionMismatch")(
  "VersionMismatch",
  { version: Schema.Int, hint: Schema.String },
  { httpApiStatus: 412 },
) {}

const format = Issues.makeFormatterStandardSchemaV1()

const segment = (part: PropertyKey | { readonly key: PropertyKey }): string => {
  const key = typeof part === "object" ? part.key : part
  return typeof key === "number" ? `[${key}]` : `.${String(key)}`
}

/** The issues of a Schema with their paths, which never hold a value. */
export const problemsOf = (issue: SchemaIssue.Issue, prefix = ""): ReadonlyArray<Problem> =>
  format(issue).issues.map(({ message, path }) => ({
    path: `${prefix}${(path ?? []).map(segment).join("")}`.replace(/^\./, ""),
    message,
  }))

export const correct = "Correct what `problems` names and send it again."
