import { seedArticle, seedHelpCenter } from "./seedHelpCenter.ts"
import type { Seed, SeedTicketField, SeedUser } from "./options.ts"
import type { TicketField, User } from "./model.ts"
import { seedTriggers } from "./seedTriggers.ts"
import type { World } from "./World.ts"

const day = 86_400_000

const defaultAgents: ReadonlyArray<SeedUser> = [
  { name: "Sam Rivera", email: "sam.rivera@acme.test" },
  { name: "Alex Chen", email: "alex.chen@acme.test" },
]

const defaultFields: ReadonlyArray<SeedTicketField> = [
  {
    type: "tagger",
    title: "Reason",
    description: "Why the customer writes",
    options: [
      { name: "Refund", value: "refund_request" },
      { name: "Delivery::Late", value: "late_delivery" },
      { name: "Delivery::Damaged", value: "damaged_item" },
      { name: "Other", value: "other_reason" },
    ],
  },
  { type: "text", title: "Order number" },
  { type: "checkbox", title: "VIP", tag: "vip_customer" },
]

const systemFields: ReadonlyArray<readonly [string, string, boolean]> = [
  ["subject", "Subject", true],
  ["description", "Description", true],
  ["status", "Status", true],
  ["tickettype", "Type", false],
  ["priority", "Priority", false],
  ["group", "Group", true],
  ["assignee", "Assignee", true],
]

const addUser = (world: World, user: SeedUser, role: "end-user" | "agent" | "admin", at: number): User =>
  world.users.create({ ...user, role: user.role ?? role, verified: user.verified ?? true }, at)

/** Fills an empty world: everything a fresh account has, then what the options ask for. */
export const seedWorld = (world: World): void => {
  const seed = world.settings.seed
  const at = world.now() - day
  seedGroupsAndBrands(world, seed, at)
  const admin = addUser(
    world,
    seed.admin ?? { name: "OpenCX Integration", email: "integration@acme.test" },
    "admin",
    at,
  )
  const agents = (seed.agents ?? defaultAgents).map((agent) => addUser(world, agent, "agent", at))
  for (const user of [admin, ...agents]) seedMembership(world, user, at)
  for (const user of seed.users ?? []) addUser(world, user, "end-user", at)
  seedFields(world, seed, at)
  for (const schedule of seed.schedules ?? []) world.schedules.put(schedule, at, () => world.nextId())
  for (const client of seed.oauthClients ?? [{ id: "opencx", secret: "opencx-secret" }]) {
    const userEmail = "userEmail" in client ? client.userEmail : undefined
    const owner = userEmail === undefined ? admin : (world.users.findByEmail(userEmail) ?? admin)
    world.oauthClients.set(client.id, { id: client.id, secret: client.secret, userId: owner.id })
  }
  for (const token of seed.legacyApiTokens ?? []) world.legacyTokens.add(token)
  seedTriggers(world, at)
  world.helpCenter.locales = [...(seed.locales ?? ["en-us"])].map((locale) => locale.toLowerCase())
  if (seed.helpCenter !== undefined) seedHelpCenter(world, seed.helpCenter)
  for (const article of seed.articles ?? []) seedArticle(world, article)
}

const seedGroupsAndBrands = (world: World, seed: Seed, at: number): void => {
  for (const name of seed.groups ?? ["Support"]) {
    const id = world.nextId()
    world.groups.set(id, { id, name, createdAt: at })
  }
  const brands = seed.brands ?? ["Acme"]
  for (const [index, name] of brands.entries()) {
    const id = world.nextId()
    const subdomain =
      index === 0 ? world.settings.subdomain : name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")
    world.brands.set(id, { id, name, subdomain, default: index === 0, createdAt: at })
  }
}

const seedMembership = (world: World, user: User, at: number): void => {
  const groupId = world.groups.keys().next().value
  if (groupId === undefined) return
  user.defaultGroupId = groupId
  world.memberships.push({ id: world.nextId(), userId: user.id, groupId, default: true, createdAt: at })
}

const seedFields = (world: World, seed: Seed, at: number): void => {
  for (const [type, title, required] of systemFields) {
    const id = world.nextId()
    world.ticketFields.set(id, newField(world, { id, type, title, required, removable: false, at }))
  }
  for (const field of seed.ticketFields ?? defaultFields) {
    const id = field.id ?? world.nextId()
    const base = newField(world, {
      id,
      type: field.type,
      title: field.title,
      required: field.required ?? false,
      removable: true,
      at,
    })
    const options = (field.options ?? []).map((option) => ({ id: world.nextId(), default: false, ...option }))
    world.ticketFields.set(id, {
      ...base,
      description: field.description ?? "",
      tag: field.tag ?? null,
      regexp: field.regexp ?? null,
      options,
    })
  }
}

const newField = (
  world: World,
  input: {
    readonly id: number
    readonly type: string
    readonly title: string
    readonly required: boolean
    readonly removable: boolean
    readonly at: number
  },
): TicketField => ({
  id: input.id,
  type: input.type,
  title: input.title,
  description: "",
  required: input.required,
  active: true,
  removable: input.removable,
  position: world.ticketFields.size,
  tag: null,
  regexp: null,
  options: [],
  createdAt: input.at,
})
