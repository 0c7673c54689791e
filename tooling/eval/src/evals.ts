/** All evaluations, in the order in which they run. */
import { abstain } from "./abstain/abstain.ts"
import { email } from "./email/email.ts"
import type { Eval } from "./report/Report.ts"
import { retrieval } from "./retrieval/retrieval.ts"
import { brief } from "./texts/brief.ts"
import { fields } from "./texts/fields.ts"
import { language } from "./texts/language.ts"
import { sentiment } from "./texts/sentiment.ts"

export const evals: Readonly<Record<string, Eval>> = {
  retrieval,
  abstain,
  language,
  sentiment,
  brief,
  fields,
  email,
}
