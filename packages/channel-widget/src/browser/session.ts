/** Who this browser is to the server, kept over pages and shared by tabs. */
import { now } from "./platform.ts"
import type { WireSession } from "../wire.ts"
import type { Answer, Api } from "./api.ts"
import { isSession, parse } from "./read.ts"
import { storage } from "./storage.ts"

/** Gives a fresh identity token of the site (a JWT), or null when nobody is signed in. */
export type GetToken = () => Promise<string | null> | string | null

export class Sessions {
  readonly #api: Api
  readonly #key: string
  #getToken: GetToken | null = null
  #renewing: Promise<Answer> | null = null

  constructor(api: Api, site: string) {
    this.#api = api
    this.#key = `opencx.${site}`
  }

  get key(): string {
    return this.#key
  }

  /** What an earlier page has left here. */
  stored(): WireSession | null {
    const value = parse(storage.get(this.#key))
    return isSession(value) && value.expiresAt > now() ? value : null
  }

  use(session: WireSession): void {
    this.#api.token = session.token
    storage.set(this.#key, JSON.stringify(session))
  }

  identifyBy(getToken: GetToken | null): void {
    this.#getToken = getToken
  }

  /** A session that holds: the kept one goes on, an identified person is named again, everybody else begins anew. */
  renew(): Promise<Answer> {
    this.#renewing ??= this.#renew().finally(() => {
      this.#renewing = null
    })
    return this.#renewing
  }

  async #renew(): Promise<Answer> {
    this.#api.token = this.stored()?.token ?? this.#api.token
    const jwt = this.#getToken === null ? null : await this.#getToken()
    const answer = await (jwt === null ? this.#api.post("session", {}) : this.#api.post("identify", { jwt }))
    if (answer.ok && isSession(answer.body)) this.use(answer.body)
    return answer
  }

  /** Everything of this person in this browser. */
  forget(visitor: string): void {
    this.#getToken = null
    this.#api.token = null
    storage.remove(this.#key)
    for (const key of storage.keys(`${this.#key}.${visitor}.`)) storage.remove(key)
  }
}
