/** Real time and real calls: a provider's server meets them here and nowhere else. */

// @effect-diagnostics globalDate:off globalTimers:off globalFetch:off

export const systemClock = (): number => Date.now()

export const sleep = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms)
  })

/** Status of a POST; 0 when no answer came. */
export const postJson = async (
  url: string,
  body: Uint8Array,
  headers: Readonly<Record<string, string>>,
): Promise<number> => {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: Buffer.from(body),
      signal: AbortSignal.timeout(20_000),
    })
    await response.arrayBuffer()
    return response.status
  } catch {
    return 0
  }
}

export const getText = async (
  url: string,
): Promise<{ readonly status: number; readonly text: string; readonly type: string }> => {
  const response = await fetch(url, { signal: AbortSignal.timeout(20_000) })
  return {
    status: response.status,
    text: await response.text(),
    type: response.headers.get("content-type") ?? "",
  }
}
