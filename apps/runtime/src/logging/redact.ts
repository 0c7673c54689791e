/** Cuts secrets out of texts: the ones that we know, and what looks like one. */

/** Shorter values stand in too many innocent places. */
const shortest = 6

/** What is left of shorter ones stands in innocent base64, too. */
const shortestInBase64 = 8

const passwordIn = (value: string): ReadonlyArray<string> => {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(value) || !URL.canParse(value)) return []
  const { password } = new URL(value)
  return [password, decodeURIComponent(password.replace(/%(?![0-9a-f]{2})/gi, "%25"))]
}

/** What of a text stands for sure in any base64 that it is a part of: four letters for each three, from one of three places on. */
const inBase64 = (text: string): ReadonlyArray<string> =>
  [0, 1, 2].map((before) =>
    Buffer.concat([Buffer.alloc(before), Buffer.from(text)])
      .toString("base64")
      .replace(/={1,2}$/, "")
      .slice([0, 2, 3][before], -1),
  )

const asUrlSafe = (base64: string): string => base64.replaceAll("+", "-").replaceAll("/", "_")

/** A secret, the password in it where it is a URL, and how both look inside JSON, URLs and base64. */
const spellings = (secret: string): ReadonlyArray<string> =>
  [secret, ...passwordIn(secret)].flatMap((one) => [
    one,
    JSON.stringify(one).slice(1, -1),
    encodeURIComponent(one.toWellFormed()),
    ...(one.length < shortestInBase64 ? [] : inBase64(one).flatMap((base64) => [base64, asUrlSafe(base64)])),
  ])

/** Values of `{ "$env": … }` references: whatever they are for, they are nobody's to read in a log. */
export const secretValues = (
  raw: unknown,
  env: Readonly<Record<string, string | undefined>>,
): ReadonlyArray<string> => {
  if (Array.isArray(raw)) return raw.flatMap((item) => secretValues(item, env))
  if (typeof raw !== "object" || raw === null) return []
  if ("$env" in raw && typeof raw.$env === "string") {
    const value = Object.hasOwn(env, raw.$env) ? env[raw.$env] : undefined
    return value === undefined || value.length < shortest ? [] : [value]
  }
  return Object.values(raw).flatMap((item) => secretValues(item, env))
}

const names =
  "client_?secret|signing_?secret|secret|pass(?:word|wd)|token|api_?key|private_?key|authorization"

/** Names of fields whose value is a secret: `password`, `clientSecret`, `access_token`. */
export const secretField = new RegExp(`(?:${names})$`, "i")

const patterns: ReadonlyArray<readonly [RegExp, string]> = [
  [/\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{6,}/gi, "$1 [redacted]"],
  [/(\/hooks\/[a-z0-9_/-]{1,80}\/)[A-Za-z0-9._-]{10,}/g, "$1[redacted]"],
  // "password": "…", password="…", and the same once more escaped; then without quotes.
  [new RegExp(`((?:${names})(?:\\\\*["'])?\\s*[:=]\\s*\\\\*["'])[^"'\\\\]+`, "gi"), "$1[redacted]"],
  [new RegExp(`((?:${names})(?:\\\\*["'])?\\s*[:=]\\s*)[^\\s"'\\\\,;}&[]{4,}`, "gi"), "$1[redacted]"],
  // scheme://user:password@host
  [/((?<![a-z0-9+.-])[a-z][a-z0-9+.-]*:\/\/[^\s:/@]*:)[^\s/@]+@/gi, "$1[redacted]@"],
]

/** Cuts these secrets, and nothing else, out of a text. */
export const cutKnown = (secrets: Iterable<string>): ((text: string) => string) => {
  const known = [...new Set([...secrets].flatMap(spellings))]
    .filter((one) => one.length >= shortest)
    .sort((a, b) => b.length - a.length)
  return (text) => known.reduce((rest, secret) => rest.replaceAll(secret, "[redacted]"), text)
}

/** Cuts these secrets, and whatever looks like one, out of a text. */
export const makeRedactor = (secrets: Iterable<string>): ((text: string) => string) => {
  const cut = cutKnown(secrets)
  return (text) =>
    patterns.reduce((rest, [pattern, replacement]) => rest.replace(pattern, replacement), cut(text))
}
