import { assert, it } from "@effect/vitest"
import { callerNetwork } from "../../src/text/callerNetwork.ts"

it.each([
  ["203.0.113.7", "203.0.113.7"],
  ["::ffff:203.0.113.7", "203.0.113.7"],
  ["2001:db9:1:2:3:4:5:6", "2001:db9:1:2::/64"],
  ["2001:DB9:1:2::1", "2001:db9:1:2::/64"],
  ["::1", "::/64"],
  ["unknown", null],
  ["", null],
  ["203.0.113.7:80", null],
])("%s counts as %s", (address, network) => assert.strictEqual(callerNetwork(address), network))
