/** Which addresses a crawler may connect to: the public internet, and nothing that is behind our own walls. */
import { BlockList, isIP } from "node:net"

/** IANA's special-purpose registries for IPv4 (RFC 6890 and its updates) and multicast. */
const special4: ReadonlyArray<readonly [string, number]> = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
]

/** Of IPv6 only global unicast is public, and of that not what stands for something else: Teredo, documentation, 6to4. */
const global6 = ["2000::", 3] as const
const special6: ReadonlyArray<readonly [string, number]> = [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
]

const listOf = (family: "ipv4" | "ipv6", ranges: ReadonlyArray<readonly [string, number]>): BlockList => {
  const list = new BlockList()
  for (const [net, prefix] of ranges) list.addSubnet(net, prefix, family)
  return list
}

const blocked4 = listOf("ipv4", special4)
const blocked6 = listOf("ipv6", special6)
const allowed6 = listOf("ipv6", [global6])

/** True for an address of the public internet. */
export const isPublicAddress = (address: string): boolean => {
  const family = isIP(address)
  if (family === 4) return !blocked4.check(address, "ipv4")
  return family === 6 && allowed6.check(address, "ipv6") && !blocked6.check(address, "ipv6")
}

const loopback = new Set(["127.0.0.1", "[::1]", "localhost"])

/** Development servers: only an address that is configured as one is one. */
export const isLoopbackHost = (hostname: string): boolean => loopback.has(hostname)

/** Host names that are addresses are resolved by nobody, and so must be looked at as they are. */
export const isAddress = (hostname: string): boolean => isIP(hostname.replaceAll(/[[\]]/g, "")) !== 0
