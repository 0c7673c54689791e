import type { Messaging } from "../context.ts"
import { authorFor } from "../events/payloads.ts"
import { publishOf } from "../events/publish.ts"
import { userAuthor } from "../users/names.ts"
import { viewConversationShort } from "../views.ts"
import type { Author, Conversation, MessagingUser, Source } from "../world/model.ts"
import { showTyping } from "./channels.ts"

export type ActivityType = "conversation:read" | "typing:start" | "typing:stop"

interface Activity {
  readonly type: ActivityType
  readonly author: Author
  readonly source: Source
}

const tell = (messaging: Messaging, conversation: Conversation, activity: Activity): void => {
  const name = activity.type === "conversation:read" ? "conversation:read" : "conversation:typing"
  publishOf(messaging, name, conversation, (webhook) => ({
    conversation: viewConversationShort(messaging.store, conversation),
    activity: {
      type: activity.type,
      author: authorFor(messaging.store, webhook, activity.author),
      source: activity.source,
    },
  }))
}

/** The customer has read everything, or types. */
export const userActivity = (
  messaging: Messaging,
  conversation: Conversation,
  user: MessagingUser,
  type: ActivityType,
  source: Source,
): void => {
  if (type === "conversation:read") {
    const participant = conversation.participants.find((item) => item.userId === user.id)
    if (participant !== undefined) {
      participant.unreadCount = 0
      participant.lastRead = messaging.world.now()
    }
  }
  const { displayName: _, ...author } = userAuthor(user)
  tell(messaging, conversation, { type, author, source })
}

/** The business types (the customer sees it, webhooks hear of it) or has read (nobody is told). */
export const businessActivity = (
  messaging: Messaging,
  conversation: Conversation,
  type: ActivityType,
  source: Source,
): void => {
  if (type === "conversation:read") {
    conversation.businessLastRead = messaging.world.now()
    return
  }
  if (type === "typing:start") showTyping(messaging, conversation)
  tell(messaging, conversation, { type, author: { type: "business" }, source })
}
