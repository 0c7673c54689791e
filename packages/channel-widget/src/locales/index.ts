/** The languages that the widget speaks, and how one is chosen. */
import { ar } from "./ar.ts"
import { de } from "./de.ts"
import { en, type Texts } from "./en.ts"
import { es } from "./es.ts"
import { fr } from "./fr.ts"
import { he } from "./he.ts"
import { it } from "./it.ts"
import { ja } from "./ja.ts"
import { nl } from "./nl.ts"
import { pl } from "./pl.ts"
import { pt } from "./pt.ts"
import { tr } from "./tr.ts"
import { zh } from "./zh.ts"

/** Every language by its BCP 47 code. */
export const locales: Readonly<Record<string, Texts>> = { ar, de, en, es, fr, he, it, ja, nl, pl, pt, tr, zh }

const rightToLeft = new Set(["ar", "he"])

/** Whether a language is written from right to left. */
export const isRtl = (locale: string): boolean => rightToLeft.has(locale)

/** The first language of `wanted` (BCP 47 tags, most wanted first) that there is, else `fallback`. */
export const chooseLocale = (wanted: ReadonlyArray<string>, fallback: string): string => {
  for (const tag of wanted) {
    const base = tag.trim().toLowerCase().split(/[-_]/)[0] ?? ""
    // The old code of Hebrew, which some browsers still send.
    const code = base === "iw" ? "he" : base
    if (Object.hasOwn(locales, code)) return code
  }
  return fallback
}

/** The texts of a language, with a site's own ones over them: `*` for every language, then the language's. */
export const textsOf = (
  locale: string,
  overrides: Readonly<Record<string, Readonly<Record<string, string>>>>,
): Readonly<Record<string, string>> => ({
  ...(locales[locale] ?? en),
  ...overrides["*"],
  ...overrides[locale],
})
