/** What changed between two documents, for the audit log: places, what was there and what is there. Never a secret. */
import type { AuditChange } from "@opencx/storage"
import { isPlain, rewrite, secretRefOf } from "./secretRefs.ts"

/** Longer texts are cut: the log tells what was changed, it is no archive. */
const longest = 300

const shown = (value: unknown): unknown =>
  typeof value === "string" && value.length > longest ? `${value.slice(0, longest)}…` : value

type Leaves = ReadonlyMap<string, unknown>

/** Every value that holds no others, by its place; a secret as a mark of which one it is. */
const leavesOf = (document: unknown): Leaves => {
  const leaves = new Map<string, unknown>()
  rewrite(document, (value, place) => {
    const ref = secretRefOf(value)
    if (ref !== null) {
      leaves.set(place, ref)
      return { to: value }
    }
    const isEmpty = Array.isArray(value)
      ? value.length === 0
      : isPlain(value) && Object.keys(value).length === 0
    const holds = (isPlain(value) || Array.isArray(value)) && !isEmpty
    if (!holds && place !== "") leaves.set(place, value)
    return null
  })
  return leaves
}

const told = (leaves: Leaves, place: string, key: "from" | "to"): Partial<AuditChange> => {
  if (!leaves.has(place)) return {}
  const value = leaves.get(place)
  return { [key]: secretRefOf(value) === null ? shown(value) : "(secret)" }
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

export const differences = (before: unknown, after: unknown): ReadonlyArray<AuditChange> => {
  const [old, now] = [leavesOf(before), leavesOf(after)]
  const places = [...new Set([...old.keys(), ...now.keys()])].sort()
  return places
    .filter((place) => old.has(place) !== now.has(place) || !isSame(old.get(place), now.get(place)))
    .map((path) => ({ path, ...told(old, path, "from"), ...told(now, path, "to") }))
}
