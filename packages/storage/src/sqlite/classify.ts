/** `node:sqlite` failures as `SqlError`, with a message that says what to do. */
import { Predicate } from "effect"
import {
  AuthorizationError,
  ConnectionError,
  ConstraintError,
  LockTimeoutError,
  SerializationError,
  SqlError,
  type SqlErrorReason,
  SqlSyntaxError,
  UniqueViolation,
  UnknownError,
} from "effect/sql/SqlError"

/** Primary result codes, https://www.sqlite.org/rescode.html; an extended code carries them in its low byte. */
const primary = {
  error: 1,
  perm: 3,
  busy: 5,
  locked: 6,
  readonly: 8,
  ioerr: 10,
  corrupt: 11,
  full: 13,
  cantopen: 14,
  constraint: 19,
  notadb: 26,
} as const

const busySnapshot = 517
const uniqueCodes: ReadonlySet<number> = new Set([1555, 2067, 2579])

const resultCode = (cause: unknown): number | undefined =>
  Predicate.hasProperty(cause, "errcode") && typeof cause.errcode === "number" ? cause.errcode : undefined

const text = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))

/** True when another connection holds the lock, so that the same statement may succeed a moment later. */
export const isBusy = (cause: unknown): boolean => {
  const code = resultCode(cause)
  return code !== undefined && (code & 0xff) === primary.busy && code !== busySnapshot
}

const uniqueConstraint = (cause: unknown): string => {
  const [, columns] = text(cause).split("constraint failed:")
  return columns?.trim() || "unknown"
}

const reasonOf = (cause: unknown, operation: string): SqlErrorReason => {
  const code = resultCode(cause)
  const because = (message: string) => ({ cause, operation, message: `${message} (${text(cause)})` })
  if (code === undefined) {
    return Predicate.hasProperty(cause, "code") && cause.code === "ERR_INVALID_STATE"
      ? new ConnectionError(because("The database is closed"))
      : new UnknownError(because("The statement could not be run"))
  }
  if (uniqueCodes.has(code)) {
    return new UniqueViolation({ ...because("The row exists"), constraint: uniqueConstraint(cause) })
  }
  if (code === busySnapshot) return new SerializationError(because("Another process wrote meanwhile"))
  switch (code & 0xff) {
    case primary.constraint:
      return new ConstraintError(because("A constraint does not hold"))
    case primary.busy:
    case primary.locked:
      return new LockTimeoutError(because("Another process holds the database lock"))
    case primary.full:
      return new ConnectionError(because("The disk is full: free some space"))
    case primary.ioerr:
      return new ConnectionError(because("The disk failed: look at its space and health"))
    case primary.cantopen:
      return new ConnectionError(
        because("The database file cannot be opened: check its path and permissions"),
      )
    case primary.perm:
    case primary.readonly:
      return new AuthorizationError(because("The database cannot be written: check the file's permissions"))
    case primary.corrupt:
    case primary.notadb:
      return new UnknownError(because("The database file is damaged: restore it from a backup"))
    case primary.error:
      return new SqlSyntaxError(because("SQLite refuses the statement"))
    default:
      return new UnknownError(because("The statement failed"))
  }
}

/** What it is and what to do about it, where SQLite says more than "error"; else the failure's own words. */
export const wordsOf = (cause: unknown): string =>
  resultCode(cause) === undefined ? text(cause) : reasonOf(cause, "connect").message

/** Wraps whatever `node:sqlite` threw. */
export const sqliteError = (cause: unknown, operation: string): SqlError =>
  new SqlError({ reason: reasonOf(cause, operation) })
