/** An OpenID Connect provider on a real socket that says what a test wants it to say. */
import { createHash, createHmac, generateKeyPairSync, type KeyObject, sign } from "node:crypto"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"

const clientId = "opencx"
export const clientSecret = "s3cret & more"

const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url")

interface Key {
  readonly kid: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

const newKey = (kid: string): Key => ({ kid, ...generateKeyPairSync("rsa", { modulusLength: 2048 }) })

export const rs256 = (claims: unknown, key: Key, header: Readonly<Record<string, unknown>> = {}): string => {
  const text = `${base64({ alg: "RS256", kid: key.kid, ...header })}.${base64(claims)}`
  return `${text}.${sign("sha256", Buffer.from(text), key.privateKey).toString("base64url")}`
}

export const hs256 = (claims: unknown, secret: string): string => {
  const text = `${base64({ alg: "HS256" })}.${base64(claims)}`
  return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`
}

export const unsigned = (claims: unknown): string => `${base64({ alg: "none" })}.${base64(claims)}.`

/** What the provider knows of the login that is under way. */
interface Login {
  readonly challenge: string
  readonly nonce: string
  readonly redirectUri: string
}

/** What a test changes. */
export interface Behaviour {
  claims: Readonly<Record<string, unknown>>
  /** Makes the token of the claims. */
  mint: (claims: Readonly<Record<string, unknown>>) => string
  userInfo: Readonly<Record<string, unknown>>
  issuer: string | null
  /** Laid over its discovery document. */
  discovery: Readonly<Record<string, unknown>>
  /** What it answers at a path in place of what it should. */
  instead: (path: string, response: ServerResponse) => boolean
}

const bodyOf = async (request: IncomingMessage): Promise<URLSearchParams> => {
  let text = ""
  for await (const chunk of request) text += String(chunk)
  return new URLSearchParams(text)
}

export const startProvider = async () => {
  const keys: Array<Key> = [newKey("k1")]
  const logins = new Map<string, Login>()
  const seen: Array<string> = []
  const first = keys[0]
  if (first === undefined) throw new Error("no key")
  const behaviour: Behaviour = {
    claims: {},
    mint: (claims) => rs256(claims, keys.at(-1) ?? first),
    userInfo: {},
    issuer: null,
    discovery: {},
    instead: () => false,
  }

  const send = (response: ServerResponse, body: unknown, status = 200) => {
    response.writeHead(status, { "content-type": "application/json" })
    response.end(JSON.stringify(body))
  }

  const token = async (request: IncomingMessage, response: ServerResponse) => {
    const form = await bodyOf(request)
    const login = logins.get(form.get("code") ?? "")
    logins.delete(form.get("code") ?? "")
    const challenge = createHash("sha256")
      .update(form.get("code_verifier") ?? "")
      .digest("base64url")
    const basic = `Basic ${Buffer.from(`${clientId}:${encodeURIComponent(clientSecret)}`).toString("base64")}`
    if (
      login === undefined ||
      challenge !== login.challenge ||
      form.get("redirect_uri") !== login.redirectUri ||
      request.headers.authorization !== basic
    )
      return send(response, { error: "invalid_grant" }, 400)
    const now = Math.floor(Date.now() / 1000)
    const claims = {
      iss: url,
      aud: clientId,
      iat: now,
      exp: now + 300,
      nonce: login.nonce,
      ...behaviour.claims,
    }
    send(response, { access_token: "at", token_type: "Bearer", id_token: behaviour.mint(claims) })
  }

  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://provider").pathname
    seen.push(path)
    if (behaviour.instead(path, response)) return
    if (path === "/.well-known/openid-configuration")
      send(response, {
        issuer: behaviour.issuer ?? url,
        authorization_endpoint: `${url}/authorize`,
        token_endpoint: `${url}/token`,
        jwks_uri: `${url}/keys`,
        userinfo_endpoint: `${url}/userinfo`,
        ...behaviour.discovery,
      })
    else if (path === "/keys")
      send(response, {
        keys: keys.map(({ kid, publicKey }) => ({ ...publicKey.export({ format: "jwk" }), kid, use: "sig" })),
      })
    else if (path === "/userinfo") send(response, behaviour.userInfo)
    else if (path === "/token") void token(request, response)
    else send(response, {}, 404)
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`

  return {
    url,
    clientId,
    behaviour,
    /** Paths that were asked for. */
    seen,
    /** A new signing key; the old one is gone. */
    rotate: (kid: string) => void keys.splice(0, keys.length, newKey(kid)),
    key: () => keys[0] ?? first,
    strangersKey: newKey("k1"),
    /** The person logs in there: what the browser brings back. */
    logIn: (authorization: string): URLSearchParams => {
      const query = new URL(authorization).searchParams
      const code = `code-${logins.size}-${Math.trunc(performance.now() * 1000)}`
      logins.set(code, {
        challenge: query.get("code_challenge") ?? "",
        nonce: query.get("nonce") ?? "",
        redirectUri: query.get("redirect_uri") ?? "",
      })
      return new URLSearchParams({ code, state: query.get("state") ?? "" })
    },
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}
export type FakeProvider = Awaited<ReturnType<typeof startProvider>>
