/** Before it uses a webhook URL, the provider asks whether it is ours: `GET <url>?challenge=…` wants the challenge back. */
import type { HookAnswer, RawRequest } from "@opencx/core"

export const handshake = (request: RawRequest): HookAnswer => {
  const challenge = URL.canParse(request.url) ? new URL(request.url).searchParams.get("challenge") : null
  // Only what can be no markup is said back.
  return challenge !== null && /^[\w-]{1,128}$/.test(challenge)
    ? { status: 200, contentType: "text/plain", body: challenge }
    : { status: 400, contentType: "text/plain", body: "There is no challenge to answer." }
}
