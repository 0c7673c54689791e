/** Breaks genuine input the way strangers do: in its types, its sizes, its characters and its structure. */
import type { Noise } from "./seeds.ts"

const nested = (depth: number): unknown => {
  let value: unknown = "end"
  for (let n = 0; n < depth; n++) value = n % 2 === 0 ? [value] : { a: value }
  return value
}

/** Texts that readers stumble over: controls, other scripts, injections of every kind, sizes. */
const texts: ReadonlyArray<(next: Noise) => string> = [
  () => "",
  () => " ",
  () => "\u0000",
  () => "\ud800",
  () => "a\udc00b",
  () => "\r\nBcc: victim@evil.example\r\n\r\n",
  () => "مرحبًا \u202eabc\u202c שלום",
  () => "👩‍👩‍👧‍👦".repeat(50),
  () => "e" + "\u0301".repeat(2_000),
  () => "<script>alert(1)</script><img src=x onerror=alert(1)>",
  () => "'; DROP TABLE opencx_sessions; --",
  () => "../../../../etc/passwd",
  () => "..%2f..%2f%00",
  () => "{{ticket.id}} ${7*7} <%= 7*7 %>",
  () => "__proto__",
  () => "constructor",
  () => "%",
  () => "%ff%fe%zz",
  () => "http://169.254.169.254/latest/meta-data/",
  () => "file:///etc/passwd",
  () => "9".repeat(400),
  () => "-0",
  () => "1e999",
  () => "2026-99-99T99:99:99Z",
  (next) => " ".repeat(next(60_000)) + "x",
  (next) => "a".repeat(next(60_000)),
  (next) => "<".repeat(next(20_000)),
  (next) => "([{*_`~>#".repeat(next(3_000)),
  (next) => "@.".repeat(next(10_000)),
  (next) => String.fromCodePoint(...Array.from({ length: next(50) }, () => next(0xd7ff))),
]

const choose = <A>(list: ReadonlyArray<A>, next: Noise): A | undefined => list[next(list.length)]

export const hostileText = (next: Noise): string => choose(texts, next)?.(next) ?? ""

const values: ReadonlyArray<(next: Noise) => unknown> = [
  () => null,
  () => true,
  () => 0,
  () => -1,
  () => 1.5,
  () => Number.MAX_SAFE_INTEGER + 1,
  () => 1e308,
  () => [],
  () => ({}),
  () => [null, 1, "x", {}],
  () => ({ __proto__: null, toString: 1, valueOf: 1, hasOwnProperty: 1, length: -1 }),
  // As JSON.parse makes it: a key of its own.
  () => JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'),
  (next) => nested(next(2_000)),
  (next) => Array.from({ length: next(2_000) }, (_, n) => n),
  hostileText,
  hostileText,
  hostileText,
]

const hostileValue = (next: Noise): unknown => choose(values, next)?.(next)

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const brokenList = (list: ReadonlyArray<unknown>, next: Noise): unknown => {
  const at = next(list.length)
  switch (next(4)) {
    case 0:
      return list.filter((_, n) => n !== at)
    case 1:
      return [...list, ...list, list[at]]
    case 2:
      return [hostileValue(next), ...list]
    default:
      return list.map((item, n) => (n === at ? brokenJson(item, next) : item))
  }
}

const brokenRecord = (record: Readonly<Record<string, unknown>>, next: Noise): unknown => {
  const chosen = choose(Object.keys(record), next)
  const entries = Object.entries(record)
  switch (next(5)) {
    case 0:
      return Object.fromEntries(entries.filter(([key]) => key !== chosen))
    case 1:
      return Object.fromEntries([...entries, [hostileText(next), hostileValue(next)]])
    default:
      return Object.fromEntries(
        entries.map(([key, value]) => [key, key === chosen ? brokenJson(value, next) : value]),
      )
  }
}

/** A copy of a JSON value with one thing wrong, somewhere in it. */
export const brokenJson = (value: unknown, next: Noise): unknown => {
  if (next(6) === 0) return hostileValue(next)
  if (Array.isArray(value) && value.length > 0) return brokenList(value, next)
  if (isRecord(value) && Object.keys(value).length > 0) return brokenRecord(value, next)
  return hostileValue(next)
}

/** A copy of form fields with one thing wrong. */
export const brokenFields = (
  fields: Readonly<Record<string, string>>,
  next: Noise,
): Readonly<Record<string, string>> => {
  const chosen = choose(Object.keys(fields), next)
  const entries = Object.entries(fields)
  switch (next(4)) {
    case 0:
      return Object.fromEntries(entries.filter(([key]) => key !== chosen))
    case 1:
      return Object.fromEntries([...entries, [hostileText(next), hostileText(next)]])
    default:
      return Object.fromEntries(
        entries.map(([key, value]) => [key, key === chosen ? hostileText(next) : value]),
      )
  }
}

/** A text with pieces taken out, doubled, swapped for hostile ones, or cut off. */
export const brokenText = (text: string, next: Noise): string => {
  let broken = text
  for (let times = 1 + next(4); times > 0; times--) {
    const at = next(broken.length + 1)
    const end = at + next(Math.min(400, broken.length - at + 1))
    const piece = broken.slice(at, end)
    const instead = [() => "", () => piece + piece, () => piece.repeat(next(30)), () => hostileText(next)]
    broken = broken.slice(0, at) + (choose(instead, next)?.() ?? "") + broken.slice(end)
  }
  return next(5) === 0 ? broken.slice(0, next(broken.length + 1)) : broken
}

/** Bytes with some of them changed, or cut off. */
export const brokenBytes = (bytes: Uint8Array, next: Noise): Uint8Array => {
  const broken = Uint8Array.from(bytes)
  for (let times = 1 + next(20); times > 0; times--)
    if (broken.length > 0) broken[next(broken.length)] = next(256)
  return broken.subarray(0, next(4) === 0 ? next(broken.length + 1) : broken.length)
}
