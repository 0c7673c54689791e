import type { Reply } from "../../http/Reply.ts"
import { get } from "../../world/json.ts"
import type { Messaging } from "../context.ts"
import { badRequest } from "../http/errors.ts"
import { bodyObject, empty, type SunshineRequest, type SunshineRoute } from "../http/route.ts"
import { type ActivityType, businessActivity, userActivity } from "./activities.ts"
import { conversationOf, userIn } from "./conversationRoutes.ts"

const activityTypes: ReadonlyArray<ActivityType> = ["conversation:read", "typing:start", "typing:stop"]

const post = (messaging: Messaging, request: SunshineRequest): Reply => {
  const conversation = conversationOf(messaging, request)
  const body = bodyObject(request)
  const type = activityTypes.find((item) => item === get(body, "type"))
  if (type === undefined) throw badRequest(`type must be one of ${activityTypes.join(", ")}`)
  const author = get(body, "author")
  const source = { type: "api:conversations" }
  if (get(author, "type") === "user") {
    if (type !== "conversation:read")
      throw badRequest("Only conversation:read is supported for author type user")
    userActivity(messaging, conversation, userIn(messaging, author), type, source)
    return empty
  }
  if (get(author, "type") !== "business") throw badRequest("author.type must be business or user")
  businessActivity(messaging, conversation, type, source)
  return empty
}

export const activityRoutes = (messaging: Messaging): ReadonlyArray<SunshineRoute> => [
  {
    method: "POST",
    path: "/conversations/:conversationId/activity",
    scope: "integration",
    handle: (request) => post(messaging, request),
  },
]
