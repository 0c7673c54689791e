/**
 * Settings that reach into the machine or its network: files of the server, addresses of development servers, hosts on
 * private networks. Whoever may change one organization's settings may not thereby look around where the runtime stands.
 */
import { isPlain, rewrite } from "./secretRefs.ts"

const hostName = /(?:^|\.)(?:host|baseUrl|url|issuer|endpoint|origin)$/i
const privateHost =
  /^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:[^/@\s]*@)?\[?(?:localhost|127\.|0\.|10\.|192\.168\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.|::|f[cd][0-9a-f]{2}:|fe80:)/i

/** Their places, with what stands there. */
export const reachingIn = (document: unknown): ReadonlyMap<string, string> => {
  const found = new Map<string, string>()
  rewrite(document, (value, place) => {
    if (isPlain(value) && value["type"] === "folder") found.set(place, String(value["path"]))
    if (typeof value === "string" && hostName.test(place) && privateHost.test(value.trim()))
      found.set(place, value)
    return null
  })
  return found
}
