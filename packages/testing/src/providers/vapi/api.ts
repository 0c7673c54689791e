/** Vapi's API on loopback: the list of calls, newest first by creation, in pages. */
import { DateTime } from "effect"
import { jsonReply, type Loopback, startLoopback } from "../twilio/loopback.ts"
import { type VapiCall, vapiReport } from "./webhooks.ts"

export interface FakeVapiApi extends Loopback {
  /** Calls by assistant; change it as calls come and end. Entries that are no calls are listed as they are. */
  readonly calls: Array<{ readonly assistantId: string; readonly call: VapiCall | { readonly raw: unknown } }>
}

const iso = (ms: number): string => DateTime.formatIso(DateTime.makeUnsafe(ms))

const listed = (assistantId: string, call: VapiCall): Readonly<Record<string, unknown>> => {
  const { call: about, timestamp: _, type: __, ...report } = vapiReport(call)
  return {
    ...report,
    ...(typeof about === "object" ? about : {}),
    assistantId,
    status: "ended",
    createdAt: iso(call.startedAt),
    updatedAt: iso(call.endedAt),
  }
}

/** Refuses every key but this one with 401. */
export const startFakeVapiApi = async (options: { readonly apiKey: string }): Promise<FakeVapiApi> => {
  const calls: FakeVapiApi["calls"] = []
  const createdAt = (call: FakeVapiApi["calls"][number]["call"]): number =>
    "raw" in call ? Number.MAX_SAFE_INTEGER : call.startedAt
  const server = await startLoopback({}, ({ headers, method, url }) => {
    if (method !== "GET" || url.pathname !== "/call") return null
    const at = (name: string, standard: number): number => {
      const text = url.searchParams.get(name)
      return text === null ? standard : Date.parse(text)
    }
    return {
      operation: "list",
      refuse: ({ status }) => jsonReply(status, { message: "refused", statusCode: status }),
      run: () => {
        if (headers["authorization"] !== `Bearer ${options.apiKey}`)
          return jsonReply(401, { message: "Invalid Key", statusCode: 401 })
        const page = calls
          .filter(({ assistantId }) => assistantId === url.searchParams.get("assistantId"))
          .filter(
            ({ call }) =>
              "raw" in call ||
              (call.startedAt >= at("createdAtGe", 0) &&
                call.startedAt < at("createdAtLt", Number.MAX_SAFE_INTEGER)),
          )
          .toSorted((a, b) => createdAt(b.call) - createdAt(a.call))
          .slice(0, Number(url.searchParams.get("limit") ?? "100"))
        return jsonReply(
          200,
          page.map(({ assistantId, call }) => ("raw" in call ? call.raw : listed(assistantId, call))),
        )
      },
    }
  })
  return { ...server, calls }
}
