/** Calls to the server. */
import { request } from "./platform.ts"
import { parse, textOf } from "./read.ts"

/** Why a call failed. `status` 0: no answer came. */
export interface Failure {
  readonly status: number
  readonly code: string
  /** Seconds. */
  readonly retryAfter: number
}

export type Answer = { readonly ok: true; readonly body: unknown } | ({ readonly ok: false } & Failure)

/** Whether the same call may succeed later. */
export const isPassing = ({ status }: Failure): boolean =>
  status === 0 || status === 408 || status === 429 || status >= 500

const timeoutMs = 30_000

/** Talks to one site of one server. `base` ends with a slash. */
export class Api {
  token: string | null = null
  readonly #base: string
  readonly #site: string

  constructor(base: string, site: string) {
    this.#base = base
    this.#site = site
  }

  url(path: string, query: Readonly<Record<string, string>> = {}): string {
    return `${this.#base}${path}?${new URLSearchParams({ site: this.#site, ...query })}`
  }

  /** Whether a URL lies on the server's own origin: only from there pictures are shown. */
  isOwn(url: string): boolean {
    return URL.canParse(url) && new URL(url).origin === new URL(this.#base).origin
  }

  get(path: string, query: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<Answer> {
    return this.#call(this.url(path, query), signal === undefined ? {} : { signal })
  }

  post(path: string, body: object): Promise<Answer> {
    const form = body instanceof FormData
    return this.#call(this.url(path), {
      method: "POST",
      body: form ? body : JSON.stringify(body),
      ...(form ? {} : { headers: { "content-type": "application/json" } }),
    })
  }

  async #call(url: string, init: RequestInit): Promise<Answer> {
    const headers = new Headers(init.headers)
    if (this.token !== null) headers.set("authorization", `Bearer ${this.token}`)
    try {
      const response = await request(url, {
        signal: AbortSignal.timeout(init.body instanceof FormData ? 4 * timeoutMs : timeoutMs),
        ...init,
        headers,
        credentials: "omit",
      })
      const body = parse(await response.text())
      if (response.ok) return { ok: true, body }
      return {
        ok: false,
        status: response.status,
        code: textOf(body, "error") ?? "unknown",
        retryAfter: Number(response.headers.get("retry-after")) || 0,
      }
    } catch {
      return { ok: false, status: 0, code: "no_answer", retryAfter: 0 }
    }
  }
}
