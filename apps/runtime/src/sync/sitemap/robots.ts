/** What a site's `robots.txt` asks of us (RFC 9309). */

interface Rule {
  readonly allow: boolean
  readonly pattern: string
}

export interface Robots {
  /** `path` with its query. */
  readonly allows: (path: string) => boolean
  /** Milliseconds between requests, or null. Not in the RFC, but widely asked for. */
  readonly delayMs: number | null
}

const ourName = "opencx"
/** Longer delays than this would make a sync endless. */
const maxDelayMs = 30_000
const maxRules = 5_000

/** `*` matches anything, `$` at the end is the end. Linear in the path for each part. */
const matches = (pattern: string, path: string): boolean => {
  const anchored = pattern.endsWith("$")
  const parts = (anchored ? pattern.slice(0, -1) : pattern).split("*")
  let at = 0
  for (const [index, part] of parts.entries()) {
    if (index === 0) {
      if (!path.startsWith(part)) return false
      at = part.length
      continue
    }
    const isLast = index === parts.length - 1
    const found = isLast && anchored ? path.length - part.length : path.indexOf(part, at)
    if (found < at || !path.startsWith(part, found)) return false
    at = found + part.length
  }
  return !anchored || at === path.length
}

interface Group {
  readonly names: Array<string>
  readonly rules: Array<Rule>
  delayMs: number | null
}

const groupsOf = (text: string): ReadonlyArray<Group> => {
  const groups: Array<Group> = []
  let naming = false
  for (const line of text.split(/\r\n?|\n/)) {
    const found = /^\s*([a-z-]+)\s*:\s*([^#]*)/i.exec(line)
    if (found === null) continue
    const [name, value] = [(found[1] ?? "").toLowerCase(), (found[2] ?? "").trim()]
    if (name === "user-agent") {
      if (!naming) groups.push({ names: [], rules: [], delayMs: null })
      groups.at(-1)?.names.push(value.toLowerCase())
      naming = true
      continue
    }
    naming = false
    const group = groups.at(-1)
    if (group === undefined || group.rules.length >= maxRules) continue
    if ((name === "allow" || name === "disallow") && value !== "")
      group.rules.push({ allow: name === "allow", pattern: value })
    if (name === "crawl-delay" && Number(value) > 0)
      group.delayMs = Math.min(Number(value) * 1_000, maxDelayMs)
  }
  return groups
}

/** Reads a `robots.txt`; an empty text allows everything. Our own groups count, else those for everybody. */
export const robotsOf = (text: string): Robots => {
  const groups = groupsOf(text)
  const own = groups.filter((group) => group.names.some((name) => name.startsWith(ourName)))
  const chosen = own.length > 0 ? own : groups.filter((group) => group.names.includes("*"))
  const rules = chosen.flatMap((group) => group.rules)
  const delays = chosen.flatMap((group) => group.delayMs ?? [])
  return {
    delayMs: delays.length === 0 ? null : Math.max(...delays),
    allows: (path) => {
      let best: Rule | null = null
      for (const rule of rules) {
        if (!matches(rule.pattern, path)) continue
        const longer = best === null || rule.pattern.length > best.pattern.length
        const even = best !== null && rule.pattern.length === best.pattern.length && rule.allow
        if (longer || even) best = rule
      }
      return best?.allow ?? true
    },
  }
}
