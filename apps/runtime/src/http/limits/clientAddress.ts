/** Who calls, as far as limits are concerned: an address, seen through the proxies that we trust. */
import { callerNetwork } from "@opencx/core"
import { Option, Result } from "effect"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import { IpNetwork, NetAddress } from "effect/net"

/** An address without its port and brackets; an IPv4 address in IPv6's clothes is an IPv4 address. */
const addressOf = (text: string | undefined): NetAddress.IpAddress | null => {
  if (text === undefined) return null
  const bare = /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1] ?? text.replace(/^([\d.]+):\d+$/, "$1")
  const read = NetAddress.ipFromString(bare)
  return Result.isSuccess(read) ? NetAddress.toCanonical(read.success) : null
}

const isIn = (networks: ReadonlyArray<IpNetwork.IpNetwork>, address: NetAddress.IpAddress): boolean =>
  networks.some((network) => IpNetwork.contains(network, address))

/** More hops than this are nobody's real way to us. */
const maxHops = 20

/**
 * The key of a caller. From the right of `X-Forwarded-For`, the first hop that is none of the trusted proxies; the header
 * counts only when a trusted proxy sent it, so that nobody can choose an address for themselves.
 */
export const callerOf = (
  { headers, remoteAddress }: Pick<HttpServerRequest, "headers" | "remoteAddress">,
  trusted: ReadonlyArray<IpNetwork.IpNetwork>,
): string => {
  const peer = addressOf(Option.getOrUndefined(remoteAddress))
  if (peer === null) return "unknown"
  const hops = (headers["x-forwarded-for"] ?? "").split(",").slice(-maxHops)
  let caller = peer
  while (isIn(trusted, caller)) {
    const before = addressOf(hops.pop()?.trim())
    if (before === null) break
    caller = before
  }
  const text = NetAddress.formatIp(caller)
  return callerNetwork(text) ?? text
}
