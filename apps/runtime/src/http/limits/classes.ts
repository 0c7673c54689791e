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

/** With its escapes resolved, as the router does it; what cannot be decoded is no route of ours. */
const decoded = (path: string): string => {
  try {
    return decodeURI(path)
  } catch {
    return ""
  }
}

/** The first name in a path, as the router reads it: slashes that are doubled count once, escapes and capitals do not count. */
const firstOf = (path: string): string =>
  decoded(path.split(/[?#;]/, 1)[0] ?? "")
    .replace(/^\/+/, "")
    .split("/", 1)[0]
    ?.toLowerCase() ?? ""

/** The API's description is for everybody. */
const isOpenApi = (path: string): boolean => /^\/+api\/+openapi\.json(?:$|[/?#;])/i.test(decoded(path))

/** `path` may have a query. */
export const classOf = (method: string, path: string): RouteClass => {
  const first = firstOf(path)
  if (isOpenApi(path)) return "open"
  if (first === "login" && method === "POST") return "login"
  return guarded.includes(first) ? "guarded" : "open"
}

const tokenIsAddress = ["files", "phone", "login"]

/** Whether an answer to a guarded request says "you are nobody that we know". */
export const isRefusal = (path: string, status: number, location: string | undefined): boolean =>
  status === 401 ||
  status === 403 ||
  // A file's, a call's or an invitation's address is its token, and an unknown one is no such thing.
  ((status === 404 || status === 410) && tokenIsAddress.includes(firstOf(path))) ||
  (status === 303 && location?.startsWith("/login") === true)
