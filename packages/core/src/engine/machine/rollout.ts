/** Whether the AI takes a conversation while it is being introduced channel by channel, or share by share. Pure. */
import { type Lane, laneKey } from "../../domain/Lane.ts"
import type { RolloutSettings } from "../../settings/OrganizationSettings.ts"

/** Steps of a hundredth of a percent. */
const steps = 10_000

/** 32 bits of a text: FNV-1a, then MurmurHash3's last mixing, because keys that differ in one digit must spread evenly. */
const hashOf = (text: string): number => {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** The same for a thread for ever: nobody gets the AI today and a human tomorrow because a process was started anew. */
export const isRolledOut = ({ channels, percent }: RolloutSettings, lane: Lane): boolean =>
  (channels === null || channels.includes(lane.channel)) &&
  (percent >= 100 || hashOf(laneKey(lane)) % steps < percent * (steps / 100))
