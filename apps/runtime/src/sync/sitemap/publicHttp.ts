/**
 * An HTTP client that connects to public addresses only. The address that a name resolves to is checked at the moment of the
 * connection itself, so that a name cannot be public when it is looked at and private when it is used.
 */
import { NodeHttpClient } from "@effect/platform-node"
import { Effect, Layer } from "effect"
import { HttpClient } from "effect/http"
import { lookup as systemLookup, type LookupAddress, type LookupAllOptions } from "node:dns"
import type { LookupFunction } from "node:net"
import { isPublicAddress } from "./addresses.ts"

/** How names are resolved; tests have their own. */
export type Resolve = (
  hostname: string,
  options: LookupAllOptions,
  done: (error: NodeJS.ErrnoException | null, addresses: ReadonlyArray<LookupAddress>) => void,
) => void

const refused = (hostname: string): NodeJS.ErrnoException =>
  Object.assign(new Error(`${hostname} has no public address`), { code: "EPRIVATE" })

const lookupWith =
  (resolve: Resolve, isAllowed: (address: string) => boolean): LookupFunction =>
  (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, "", 0)
      // One private address among public ones is an attack or a mistake; neither is worth a connection.
      const [first] = addresses
      if (first === undefined || !addresses.every(({ address }) => isAllowed(address))) {
        return callback(refused(hostname), "", 0)
      }
      if (options.all === true) return callback(null, [...addresses])
      return callback(null, first.address, first.family)
    })
  }

/** Makes the client, for as long as its scope is open. `allowLoopback`: for a site that is configured as a local one. */
export const publicHttp = (allowLoopback: boolean, resolve: Resolve = systemLookup) => {
  const isAllowed = (address: string) => allowLoopback || isPublicAddress(address)
  const agent = { lookup: lookupWith(resolve, isAllowed), keepAlive: true }
  return Effect.flatMap(Layer.build(NodeHttpClient.layerNodeHttpOptions(agent)), (context) =>
    Effect.provide(HttpClient.HttpClient, context),
  )
}
