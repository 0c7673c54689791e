/** Under which name the calls of an address are counted. */
import { Result } from "effect"
import { IpNetwork, NetAddress } from "effect/net"

/**
 * An IPv4 address itself, also in IPv6's clothes; of IPv6 the /64 that it lies in, because whoever has one of its addresses has
 * them all. Null for what is no address.
 */
export const callerNetwork = (text: string): string | null => {
  const read = NetAddress.ipFromString(text)
  if (Result.isFailure(read)) return null
  const address = NetAddress.toCanonical(read.success)
  return NetAddress.isIpv4Address(address)
    ? NetAddress.formatIp(address)
    : Result.match(IpNetwork.fromAddress(address, 64), {
        onSuccess: IpNetwork.format,
        onFailure: () => NetAddress.formatIp(address),
      })
}
