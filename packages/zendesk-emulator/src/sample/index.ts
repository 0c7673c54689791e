/**
 * The Help Center of Larkspoke Cycles, an invented web shop for bikes: what the emulator starts with, and what the
 * agent's tests search in. Everything in it, prices, addresses and rules included, is made up.
 */
import { account } from "./articles/account.ts"
import { bikes } from "./articles/bikes.ts"
import { maintenance } from "./articles/maintenance.ts"
import { orders } from "./articles/orders.ts"
import { payments } from "./articles/payments.ts"
import { returns } from "./articles/returns.ts"
import { shipping } from "./articles/shipping.ts"
import { staff } from "./articles/staff.ts"
import type { SampleArticle, SampleHelpCenter } from "./model.ts"
import { categories, sections, segments } from "./structure.ts"
import { german } from "./translations/de.ts"
import { spanish } from "./translations/es.ts"

export type * from "./model.ts"

const translated = (article: SampleArticle): SampleArticle => ({
  ...article,
  translations: [german, spanish].flatMap((byId) => byId.get(article.id) ?? []),
})

const articles = [orders, shipping, payments, returns, account, bikes, maintenance, staff]
  .flat()
  .map(translated)

/** 60 articles: 55 public, 3 for staff only, 2 drafts; 15 published German and Spanish translations, 1 draft. */
export const sampleHelpCenter: SampleHelpCenter = { categories, sections, segments, articles }
