/** Which limit a request falls under. */

/**
 * - `login`: each failure counts, and after too many not even the right token is looked at.
 * - `guarded`: behind a token or a signature. Only refusals count, so that providers and operators who prove who they are
 *   are never held back by what others do from the same address.
 * - `open`: answered to anybody; each request counts. Every route that is not known here is one of these.
 */
export type RouteClass = "login" | "guarded" | "open"

const guarded = [
  "hooks",
  "files",
  "api",
  "sessions",
  "dead-letters",
  "sources",
  "connect",
  "metrics",
  "phone",
]

/** The first name in a path, as the router reads it: slashes that are doubled count once. */
const firstOf = (path: string): string => path.replace(/^\/+/, "").split(/[/?#;]/, 1)[0] ?? ""

/** `path` may have a query. */
export const classOf = (method: string, path: string): RouteClass => {
  const first = firstOf(path)
  if (first === "login" && method === "POST") return "login"
  return guarded.includes(first) ? "guarded" : "open"
}

/** Whether an answer to a guarded request says "you are nobody that we know". */
export const isRefusal = (path: string, status: number, location: string | undefined): boolean =>
  status === 401 ||
  status === 403 ||
  // A file's address is its token, and an unknown one is no file.
  (status === 404 && firstOf(path) === "files") ||
  (status === 303 && location?.startsWith("/login") === true)
