/** Categories, sections and user segments of the sample, and the short form in which its articles are written. */
import type { SampleArticle, SampleCategory, SampleSection, SampleSegment } from "./model.ts"

const locale = "en-us"

export const categories: ReadonlyArray<SampleCategory> = [
  { id: 2100000001, name: "Shopping", locale },
  { id: 2100000002, name: "After your purchase", locale },
  { id: 2100000003, name: "Account and privacy", locale },
  { id: 2100000004, name: "Your bike", locale },
  { id: 2100000005, name: "Staff handbook", locale },
]

/** Section ids by a short name, so that articles read well. */
export const section = {
  orders: 3100000001,
  shipping: 3100000002,
  payments: 3100000003,
  giftCards: 3100000004,
  stores: 3100000005,
  returns: 3100000006,
  warranty: 3100000007,
  care: 3100000008,
  account: 3100000009,
  privacy: 3100000010,
  sizing: 3100000011,
  ebikes: 3100000012,
  maintenance: 3100000013,
  procedures: 3100000014,
} as const

const inCategory = (categoryId: number, id: number, name: string): SampleSection => ({
  id,
  categoryId,
  name,
  locale,
})

export const sections: ReadonlyArray<SampleSection> = [
  inCategory(2100000001, section.orders, "Orders"),
  inCategory(2100000001, section.shipping, "Shipping and delivery"),
  inCategory(2100000001, section.payments, "Payments and prices"),
  inCategory(2100000001, section.giftCards, "Gift cards"),
  inCategory(2100000001, section.stores, "Our stores"),
  inCategory(2100000002, section.returns, "Returns and refunds"),
  inCategory(2100000002, section.warranty, "Warranty"),
  inCategory(2100000002, section.care, "Larkspoke Care service plan"),
  inCategory(2100000003, section.account, "Your account"),
  inCategory(2100000003, section.privacy, "Privacy"),
  inCategory(2100000004, section.sizing, "Sizing and assembly"),
  inCategory(2100000004, section.ebikes, "E-bikes"),
  inCategory(2100000004, section.maintenance, "Maintenance"),
  inCategory(2100000005, section.procedures, "Procedures"),
]

export const staffSegmentId = 5100000001

export const segments: ReadonlyArray<SampleSegment> = [
  { id: staffSegmentId, name: "Agents and admins", userType: "staff" },
]

/** A public, published article in US English. */
export const article = (
  id: number,
  sectionId: number,
  updatedAt: string,
  title: string,
  labels: ReadonlyArray<string>,
  bodyHtml: string,
): SampleArticle => ({
  id,
  sectionId,
  title,
  bodyHtml: bodyHtml.trim(),
  locale,
  translations: [],
  draft: false,
  userSegmentId: null,
  labels,
  updatedAt,
})
