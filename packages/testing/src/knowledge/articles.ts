/** A small Help Center for the suites, with something in it that customers must never see. */
import { type Article, OrgId } from "@opencx/core"
import { randomUUID } from "node:crypto"

/** An organization that nobody else has used, so that tests can share a store. */
export const newOrg = (): OrgId => OrgId.make(`o${randomUUID()}`)

export const articleOf = (
  articleId: string,
  change: Partial<Article> & Pick<Article, "title" | "body">,
): Article => {
  const locale = change.locale ?? "en-us"
  const whole = {
    sourceId: "help-center",
    articleId,
    path: ["Orders"],
    url: `https://help.example.com/articles/${articleId}`,
    visibility: "public" as const,
    labels: [],
    updatedAt: 1,
    ...change,
    locale,
    key: `${articleId}:${locale}`,
  }
  return { ...whole, hash: [whole.title, whole.body, whole.visibility, locale].join("|") }
}

export const refunds = articleOf("100", {
  title: "How long does a refund take?",
  body: "## Refund times\n\nA refund takes five working days after your parcel has reached our warehouse.",
})

export const passwords = articleOf("101", {
  title: "How do I reset my password?",
  body: "## Reset your password\n\nOpen the sign-in page and choose Forgot password. We send you a link by email.",
})

/** The words that must not reach a customer. */
export const secret = "OVR-7731"

export const override = articleOf("900", {
  title: "Refund override procedure",
  body: `## Approval\n\nTo override the refund window enter the approval code ${secret} in the back office.`,
  visibility: "internal",
})

export const helpCenter: ReadonlyArray<Article> = [refunds, passwords, override]
