/** The integrations of an app: channels of Zendesk's, and custom ones such as ours. */
import { Effect } from "effect"
import type { SunshineClient } from "../client/SunshineClient.ts"
import { IntegrationList, type IntegrationWire } from "../wire/ApiWire.ts"
import { ask } from "./Calls.ts"

/** 1,000 integrations; an app has a handful. */
const maxPages = 10

export const readIntegrations = Effect.fnUntraced(function* (client: SunshineClient, operation: string) {
  const all: Array<IntegrationWire> = []
  let cursor: string | null = null
  for (let page = 0; page < maxPages; page++) {
    const list: typeof IntegrationList.Type = yield* ask(
      client,
      operation,
      { what: "integrations" },
      IntegrationList,
      {
        method: "GET",
        path: "/integrations",
        query: { "page[size]": "100", ...(cursor === null ? {} : { "page[after]": cursor }) },
      },
    )
    all.push(...list.integrations)
    cursor = list.meta?.hasMore === true ? (list.meta.afterCursor ?? null) : null
    if (cursor === null) return all
  }
  return all
})
