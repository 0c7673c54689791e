/** Reads one site over HTTPS: never another host, never a private address, never more than was allowed, never faster. */
import { Invalid, KnowledgeError, Unavailable } from "@opencx/core"
import { Clock, Effect, Result, Schema } from "effect"
import { type HttpClient, HttpClientRequest } from "effect/http"
import { readBounded } from "../../http/readBounded.ts"
import { isAddress, isLoopbackHost } from "./addresses.ts"

/** An answer, read to its end. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly bytes: Uint8Array
  /** Where it came from in the end. */
  readonly url: URL
}

/** This page cannot be had; others may. */
export class PageRefused extends Schema.TaggedError<PageRefused>("@opencx/runtime/sync/PageRefused")(
  "PageRefused",
  { detail: Schema.String },
) {
  override get message(): string {
    return this.detail
  }
}

export interface Site {
  readonly origin: string
  /** Follows redirects within the site. `PageRefused`: of this page alone; `KnowledgeError`: the site does not answer. */
  read(url: URL, maxBytes: number): Effect.Effect<Answer, PageRefused | KnowledgeError>
  /** Why this address is not part of the site, or null. */
  objection(url: URL): string | null
  readonly calls: () => number
  /** Not faster than this from now on; milliseconds from request to request. */
  readonly slowDown: (ms: number) => void
}

/** The site of a sitemap's address; null with a reason when it is none that may be read. */
export const siteAddress = (text: string): { readonly url: URL } | { readonly refused: string } => {
  if (!URL.canParse(text))
    return { refused: "Use the whole address: `https://help.example.com/sitemap.xml`." }
  const url = new URL(text)
  if (url.username !== "" || url.password !== "") return { refused: "Leave out the name and the password." }
  if (isLoopbackHost(url.hostname))
    return /^https?:$/.test(url.protocol) ? { url } : { refused: "Use `https://`." }
  if (url.protocol !== "https:") return { refused: "Use `https://`." }
  if (isAddress(url.hostname)) return { refused: "Use the host's name, not its address." }
  return { url }
}

const maxRedirects = 5
const timeoutMs = 20_000
/** Requests in a row without any answer that mean that the site is down. */
const patience = 3

const unanswered = (detail: string) =>
  new KnowledgeError({ operation: "sync", reason: new Unavailable({ detail, retryAfterMs: null }) })

const headers = {
  "user-agent": "OpenCX-Sitemap/1.0",
  accept: "text/html,application/xhtml+xml,application/xml;q=0.9",
}

const tooLarge = (most: number) => new PageRefused({ detail: `is larger than ${most} bytes` })

/** One request and its whole answer. Redirects come back as answers. */
const exchange = Effect.fnUntraced(
  function* (http: HttpClient.HttpClient, url: URL, most: number) {
    const response = yield* http.execute(HttpClientRequest.get(url, { headers }))
    const redirected = response.status >= 300 && response.status < 400
    const bytes = redirected ? Buffer.alloc(0) : yield* readBounded(response, most, tooLarge(most))
    return { status: response.status, headers: response.headers, bytes, url } satisfies Answer
  },
  Effect.scoped,
  Effect.timeout(timeoutMs),
)

/** What redirects lead to, or null when the answer is no redirect. */
const targetOf = ({ headers: { location }, status, url }: Answer) => {
  if (status < 300 || status >= 400 || location === undefined) return null
  return URL.canParse(location, url.href) ? new URL(location, url) : "redirects to no address"
}

class Pace {
  private nextAt = 0
  private gapMs: number

  constructor(requestsPerMinute: number) {
    this.gapMs = Math.ceil(60_000 / requestsPerMinute)
  }

  slowDown(ms: number): void {
    this.gapMs = Math.max(this.gapMs, ms)
  }

  /** Waits for the next turn. */
  readonly turn = Effect.suspend(() =>
    Effect.flatMap(Clock.currentTimeMillis, (now) => {
      const wait = Math.max(0, this.nextAt - now)
      this.nextAt = Math.max(now, this.nextAt) + this.gapMs
      return wait > 0 ? Effect.sleep(wait) : Effect.void
    }),
  )
}

/** `http` must resolve names to public addresses only, and must not follow redirects. */
export const makeSite = (
  http: HttpClient.HttpClient,
  home: URL,
  options: { readonly requestsPerMinute: number },
): Site => {
  const pace = new Pace(options.requestsPerMinute)
  let calls = 0
  let silent = 0

  const objection = (url: URL): string | null => {
    if (url.origin !== home.origin) return `is on another site (${url.origin})`
    return url.username === "" && url.password === "" ? null : "has a password in its address"
  }

  const ask = Effect.fnUntraced(function* (url: URL, most: number) {
    yield* pace.turn
    calls += 1
    const result = yield* Effect.result(exchange(http, url, most))
    if (Result.isSuccess(result)) {
      silent = 0
      return result.success
    }
    if (result.failure instanceof PageRefused) return yield* result.failure
    silent += 1
    const detail = `${url.host} does not answer: ${describe(result.failure)}`
    return yield* silent >= patience ? unanswered(detail) : new PageRefused({ detail })
  })

  const read = Effect.fnUntraced(function* (first: URL, most: number) {
    let url = first
    for (let hops = 0; hops <= maxRedirects; hops++) {
      const refused = objection(url)
      if (refused !== null) {
        return yield* new PageRefused({ detail: hops === 0 ? refused : `redirects to what ${refused}` })
      }
      const answer = yield* ask(url, most)
      const target = targetOf(answer)
      if (target === null) return answer
      if (typeof target === "string") return yield* new PageRefused({ detail: target })
      url = target
    }
    return yield* new PageRefused({ detail: `redirects more than ${maxRedirects} times` })
  })

  return { origin: home.origin, read, objection, calls: () => calls, slowDown: (ms) => pace.slowDown(ms) }
}

/** The system's own word for what is wrong, where there is one. */
const describe = (error: unknown): string => {
  const causes: Array<string> = []
  let at: unknown = error
  for (let depth = 0; depth < 5 && typeof at === "object" && at !== null; depth++) {
    const { cause, code } = { cause: Reflect.get(at, "cause"), code: Reflect.get(at, "code") }
    if (typeof code === "string") causes.push(code)
    at = cause ?? Reflect.get(at, "reason")
  }
  return causes[0] ?? (error instanceof Error ? error.message.slice(0, 100) : "no answer")
}

/** A site whose address cannot be used at all. */
export const invalidSite = (url: string, hint: string) =>
  new KnowledgeError({ operation: "sync", reason: new Invalid({ issues: [`${url} cannot be read`], hint }) })
