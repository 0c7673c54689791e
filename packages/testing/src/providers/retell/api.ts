/** Retell's API on loopback: the list of calls without transcripts, in pages, and each call by itself. */
import { jsonReply, type Loopback, startLoopback } from "../twilio/loopback.ts"
import { retellBody, type RetellCall } from "./webhooks.ts"

export interface FakeRetellApi extends Loopback {
  /** Calls of all agents; change it as calls come and end. */
  readonly calls: Array<{ readonly agentId: string; readonly call: RetellCall }>
}

const whole = ({ agentId, call }: FakeRetellApi["calls"][number]): Readonly<Record<string, unknown>> => {
  const { call: about } = retellBody("call_analyzed", call)
  return { ...(typeof about === "object" ? about : {}), agent_id: agentId }
}

const withoutTranscript = (call: Readonly<Record<string, unknown>>) => {
  const { recording_url: _, transcript: __, transcript_object: ___, ...rest } = call
  return rest
}

/** Refuses every key but this one with 401. `page`: most calls in an answer, whatever is asked for. */
export const startFakeRetellApi = async (options: {
  readonly apiKey: string
  readonly page?: number
}): Promise<FakeRetellApi> => {
  const calls: FakeRetellApi["calls"] = []
  const listPage = (body: string) => {
    const { limit = 50, pagination_key: key }: { limit?: number; pagination_key?: string } = JSON.parse(body)
    const sorted = calls.toSorted((a, b) => b.call.startedAt - a.call.startedAt)
    const from = key === undefined ? 0 : Number(key)
    const items = sorted.slice(from, from + Math.min(limit, options.page ?? 1_000))
    const next = from + items.length
    return jsonReply(200, {
      items: items.map((one) => withoutTranscript(whole(one))),
      has_more: next < sorted.length,
      pagination_key: next < sorted.length ? String(next) : null,
    })
  }
  const server = await startLoopback({}, ({ body, headers, method, url }) => {
    const id = /^\/v2\/get-call\/(.+)$/.exec(url.pathname)?.[1]
    const isList = method === "POST" && url.pathname === "/v3/list-calls"
    if (!isList && (method !== "GET" || id === undefined)) return null
    const found = calls.find(({ call }) => call.callId === id)
    return {
      operation: isList ? "list" : "get",
      refuse: ({ status }) => jsonReply(status, { status: "error", message: "refused" }),
      run: () => {
        if (headers["authorization"] !== `Bearer ${options.apiKey}`)
          return jsonReply(401, { status: "error", message: "Invalid API key" })
        if (isList) return listPage(body)
        return found === undefined
          ? jsonReply(404, { status: "error", message: "no such call" })
          : jsonReply(200, whole(found))
      },
    }
  })
  return { ...server, calls }
}
