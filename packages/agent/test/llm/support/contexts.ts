/** Contexts of the tasks beside answers. */
import type { AssistContext, ConversationLine } from "@opencx/core"
import { org } from "../../fixtures/world.ts"

export const assistContextOf = (
  lines: ReadonlyArray<ConversationLine>,
  rest: Partial<AssistContext> = {},
): AssistContext => ({
  orgId: org,
  organizationName: "Larkspoke Cycles",
  subject: null,
  lines,
  unanswered: 1,
  request: null,
  language: null,
  agentLanguage: "en",
  quietTopics: [],
  ...rest,
})
