/** The Graph API over `node:http`. */
import { createHash } from "node:crypto"
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import { Option, Schema } from "effect"
import { sleep } from "./edge.ts"
import { graphError, json, type Reply } from "./errors.ts"
import type { Faults, Misbehaviour, Operation } from "./faults.ts"
import { nextId, type State, type StoredMedia } from "./model.ts"
import { parseMultipart } from "./multipart.ts"

const MAX_BODY = 110 * 1_048_576
const LINK_MS = 5 * 60_000

export interface GraphParts {
  readonly state: State
  readonly faults: Faults
  readonly now: () => number
  readonly accessToken: string
  readonly phoneNumberId: string
  readonly baseUrl: () => string
  /** A message of the business, already authenticated. */
  readonly message: (body: unknown) => Reply
}

const readBody = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Array<Uint8Array> = []
  let size = 0
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk)
    size += bytes.length
    if (size > MAX_BODY) throw new Error("body too large")
    chunks.push(bytes)
  }
  return Buffer.concat(chunks)
}

const decodeJson = Schema.decodeUnknownOption(Schema.fromJsonString(Schema.Unknown))

export const keepMedia = (
  state: State,
  input: { readonly bytes: Uint8Array; readonly contentType: string; readonly fileName: string | null },
): StoredMedia => {
  const media: StoredMedia = {
    ...input,
    id: String(900_000_000_000_000 + state.media.size + 1),
    sha256: createHash("sha256").update(input.bytes).digest("hex"),
  }
  state.media.set(media.id, media)
  return media
}

/** A download address that works for five minutes. */
export const linkTo = (state: State, mediaId: string, baseUrl: string, now: number): string => {
  const token = nextId(state, "dl")
  state.links.set(token, { mediaId, until: now + LINK_MS })
  return `${baseUrl}/whatsapp_business/attachments/${token}`
}

interface Route {
  readonly operation: Operation
  readonly run: () => Reply
}

const upload = (parts: GraphParts, request: IncomingMessage, body: Buffer): Reply => {
  const form = parseMultipart(request.headers["content-type"] ?? "", body)
  const file = form.find((p) => p.name === "file")
  const product = form.find((p) => p.name === "messaging_product")
  if (file === undefined || product === undefined || Buffer.from(product.bytes).toString() !== "whatsapp")
    return graphError(400, 100, "file and messaging_product are required")
  const { bytes, contentType, fileName } = file
  return json(200, { id: keepMedia(parts.state, { bytes, contentType, fileName }).id })
}

const lookup = ({ baseUrl, now, state }: GraphParts, id: string): Reply => {
  const media = state.media.get(id)
  if (media === undefined) return graphError(400, 100, `Object with ID '${id}' does not exist`)
  return json(200, {
    messaging_product: "whatsapp",
    id,
    url: linkTo(state, id, baseUrl(), now()),
    mime_type: media.contentType,
    sha256: media.sha256,
    file_size: media.bytes.length,
  })
}

const download = ({ now, state }: GraphParts, token: string): Reply => {
  const link = state.links.get(token)
  const media = link === undefined ? undefined : state.media.get(link.mediaId)
  if (link === undefined || media === undefined || now() > link.until)
    return graphError(404, 100, "the media URL has expired")
  return { status: 200, contentType: media.contentType, body: media.bytes, headers: {} }
}

const routeOf = (parts: GraphParts, request: IncomingMessage, path: string, body: Buffer): Route | null => {
  const number = `/${parts.phoneNumberId}`
  const versioned = /^\/v\d+\.\d+(\/.*)$/.exec(path)?.[1]
  const token = /^\/whatsapp_business\/attachments\/([\w-]+)$/.exec(path)?.[1]
  if (request.method === "POST" && versioned === `${number}/messages`) {
    const parsed = Option.getOrUndefined(decodeJson(body.toString("utf8")))
    return { operation: "messages", run: () => parts.message(parsed) }
  }
  if (request.method === "POST" && versioned === `${number}/media`)
    return { operation: "upload", run: () => upload(parts, request, body) }
  if (request.method === "GET" && token !== undefined)
    return { operation: "download", run: () => download(parts, token) }
  const id = /^\/(\d{5,30})$/.exec(versioned ?? "")?.[1]
  return request.method === "GET" && id !== undefined
    ? { operation: "lookup", run: () => lookup(parts, id) }
    : null
}

/** null: the connection is cut. */
const perform = async (route: Route, fault: Misbehaviour | null): Promise<Reply | null> => {
  switch (fault?.kind) {
    case "error":
      return graphError(fault.status ?? 400, fault.code, fault.details ?? "injected")
    case "status": {
      const headers: Record<string, string> =
        fault.retryAfter === undefined ? {} : { "retry-after": String(fault.retryAfter) }
      return {
        status: fault.status,
        contentType: "text/html",
        body: new TextEncoder().encode("<html>busy</html>"),
        headers,
      }
    }
    case "reset":
      return null
    case "resetAfterCommit":
      route.run()
      return null
    case "garbage":
      return { ...route.run(), contentType: "text/html", body: new TextEncoder().encode("<html>") }
    case "latency":
      await sleep(fault.ms)
      return route.run()
    case undefined:
      return route.run()
  }
}

const write = (response: ServerResponse, reply: Reply): void => {
  response.writeHead(reply.status, {
    "content-type": reply.contentType,
    "content-length": String(reply.body.length),
    ...reply.headers,
  })
  response.end(reply.body)
}

const serve = async (
  parts: GraphParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const path = new URL(request.url ?? "/", "http://fake.invalid").pathname
  const body = await readBody(request)
  const route = routeOf(parts, request, path, body)
  const known = request.headers.authorization === `Bearer ${parts.accessToken}`
  const reply = !known
    ? graphError(401, 190, "Invalid OAuth access token - Cannot parse access token")
    : route === null
      ? graphError(404, 100, "Unsupported request")
      : await perform(route, parts.faults.take(route.operation))
  const isJson = (request.headers["content-type"] ?? "").includes("json")
  parts.state.requests.push({
    method: request.method ?? "GET",
    path,
    status: reply?.status ?? 0,
    body: isJson ? Option.getOrNull(decodeJson(body.toString("utf8"))) : null,
  })
  if (reply === null) request.socket.resetAndDestroy()
  else write(response, reply)
}

export const graphServer = (parts: GraphParts): Server =>
  createServer((request, response) => {
    serve(parts, request, response).catch(() => request.socket.destroy())
  })
