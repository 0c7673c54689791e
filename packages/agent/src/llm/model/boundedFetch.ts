/** The one way out: no redirects (the key would follow them), and no answer without end. */
import { TooLarge } from "./LlmFailure.ts"

/** Bytes of one answer. A long streamed answer with all its envelopes has some hundred thousand. */
const largest = 8 * 1024 * 1024

const bounded = (): TransformStream<Uint8Array, Uint8Array> => {
  let total = 0
  return new TransformStream({
    transform(chunk, controller) {
      total += chunk.byteLength
      if (total > largest) controller.error(new TooLarge("The model's answer does not end."))
      else controller.enqueue(chunk)
    },
  })
}

/** For the provider packages, which take a `fetch` of one's own. */
export const boundedFetch: typeof globalThis.fetch = async (input, init) => {
  // The provider packages speak fetch; Effect's client cannot stand in for it.
  // @effect-diagnostics-next-line globalFetch:off
  const response = await globalThis.fetch(input, { ...init, redirect: "error" })
  const { body, headers, status, statusText } = response
  return body === null ? response : new Response(body.pipeThrough(bounded()), { headers, status, statusText })
}
