/** Tickets that humans work on. */
import type { DeskTicket } from "../../src/index.ts"
import { makeRig, type Rig, type RigOptions } from "./Rig.ts"

/** Assist mode for every comment, unless something else is said. */
export const rigWith = (
  assist: NonNullable<NonNullable<RigOptions["settings"]>["assist"]> = { mode: "every_comment" },
) => makeRig({ settings: { assist } })

const ada = {
  externalId: "ada",
  knownId: null,
  name: "Ada",
  email: "ada@c.example",
  phone: null,
  locale: null,
}

/** Ada opens a ticket by herself. */
export const arrive = (rig: Rig, body: string, change: object = {}) =>
  rig.desk.arrive({ requester: ada, subject: "Helmet", body, ...change })

/** What we wrote on it. */
export const notes = (ticket: DeskTicket) => ticket.comments.filter((one) => one.by === "us")
