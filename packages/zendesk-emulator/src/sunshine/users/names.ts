import type { Author, MessagingUser } from "../world/model.ts"

/** What a person is called: the profile's name, the channel's, or a made-up one. */
export const nameOf = (user: MessagingUser): string => {
  const { givenName, surname } = user.profile
  const full = [givenName, surname].filter((part) => part !== undefined).join(" ")
  const onChannel = user.clients.find((client) => client.displayName !== null)?.displayName
  return full === "" ? (onChannel ?? `Web User ${user.id.slice(-6)}`) : full
}

export const userAuthor = (user: MessagingUser): Author => ({
  type: "user",
  userId: user.id,
  displayName: nameOf(user),
  ...(user.profile.avatarUrl === undefined ? {} : { avatarUrl: user.profile.avatarUrl }),
})
