/**
 * Twilio's side of phone calls: places calls over signed webhooks and WebSockets, and answers the REST API that belongs to
 * them. One account.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { type CallOptions, FakeCall } from "./FakeCall.ts"
import { postForm, twilioSignature } from "./http.ts"
import { bodyOf, FakeRest, type FakeText } from "./rest.ts"

export { type CallOptions, FakeCall } from "./FakeCall.ts"
export { postForm, twilioSignature as callSignature } from "./http.ts"
export type { RestFault } from "./rest.ts"
export { parseTwiml } from "./twiml.ts"
export { openWebSocket } from "./websocket.ts"

export interface FakeRelayOptions {
  readonly accountSid: string
  readonly authToken: string
  readonly host?: string
  readonly port?: number
  /** Epoch milliseconds. */
  readonly now?: () => number
}

/** A running fake. */
export interface FakeRelay {
  /** The account's `apiBaseUrl`. */
  readonly url: string
  readonly rest: FakeRest
  readonly calls: ReadonlyArray<FakeCall>
  /** Places a call; resolves when the relay is connected or the call is over already. */
  readonly placeCall: (options: CallOptions) => Promise<FakeCall>
  /** Reports a text message's new status to its callback; answers with the HTTP status. */
  readonly reportText: (sid: string, status: string, errorCode?: number) => Promise<number>
  readonly texts: ReadonlyArray<FakeText>
  readonly close: () => Promise<void>
}

// The fake runs outside any Effect runtime, as the provider it stands in for.
// @effect-diagnostics-next-line globalDate:off
const systemNow = (): number => Date.now()

/** Starts the fake on a loopback port. */
export const startFakeRelay = async (options: FakeRelayOptions): Promise<FakeRelay> => {
  const world = {
    accountSid: options.accountSid,
    authToken: options.authToken,
    now: options.now ?? systemNow,
  }
  const calls: Array<FakeCall> = []
  const rest = new FakeRest(world, (callSid) => calls.find((c) => c.callSid === callSid)?.status ?? null)
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { authorization = "" } = request.headers
    const body = await bodyOf(request)
    const result = rest.handle(request.method ?? "GET", request.url ?? "/", authorization, body)
    if (result === "mute") return
    if (result === null) request.socket.destroy()
    else response.writeHead(result.status, result.headers).end(result.body)
  }
  const server = createServer((request, response) => {
    answer(request, response).catch(() => request.socket.destroy())
  })
  const host = options.host ?? "127.0.0.1"
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, host, resolve))
  const address = server.address()
  const port = typeof address === "object" && address !== null ? address.port : 0
  return {
    url: `http://${host}:${port}`,
    rest,
    calls,
    texts: rest.texts,
    placeCall: async (call) => {
      const fake = new FakeCall(call, world)
      calls.push(fake)
      await fake.start()
      return fake
    },
    reportText: async (sid, status, errorCode) => {
      const text = rest.texts.find((t) => t.sid === sid)
      if (text === undefined || text.statusCallback === null) throw new Error(`no callback for ${sid}`)
      text.status = status
      const form = {
        MessageSid: sid,
        MessageStatus: status,
        AccountSid: world.accountSid,
        From: text.from,
        To: text.to,
        ...(errorCode === undefined ? {} : { ErrorCode: String(errorCode) }),
      }
      const signature = twilioSignature(world.authToken, text.statusCallback, form)
      return (await postForm(text.statusCallback, form, { "x-twilio-signature": signature })).status
    },
    close: async () => {
      for (const call of calls) call.hangUp()
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
