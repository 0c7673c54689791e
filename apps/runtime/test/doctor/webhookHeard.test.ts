/** Replies that come late: what our own side knows of the webhook. */
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { CommentId, CustomerText, DeliveryId, OrgId, TicketId } from "@opencx/core"
import { HooksSeen } from "@opencx/storage"
import { Effect } from "effect"
import { randomUUID } from "node:crypto"
import { type DoctorStage, isOk, isProblem, setDoctorStage } from "../support/doctorStage.ts"

let stage: DoctorStage
beforeAll(async () => {
  stage = await setDoctorStage()
  await stage.setUp()
}, 30_000)
afterAll(() => stage.close())

const setup = /opencx setup zendesk/

describe("when the webhook was last heard of", { timeout: 60_000 }, () => {
  it("no genuine webhook has come for a reply that polling found", async () => {
    isOk(await stage.look(), "replies.webhook_heard")
    const later = Date.now() + 3_600_000
    const note = (at: number) =>
      stage.within(
        Effect.flatMap(HooksSeen, (seen) =>
          seen.note({ orgId: OrgId.make("acme"), hook: "zendesk_ticketing", at }),
        ),
      )
    await note(later - 20 * 60_000)
    await stage.tell({
      session: { createdAt: later, updatedAt: later },
      bodies: [
        {
          _tag: "HumanReply",
          text: CustomerText.make("Bring it in."),
          authorName: "Ada",
          commentId: CommentId.make("9"),
          chatMessageId: null,
          ticketId: TicketId.make("4711"),
          attachments: [],
          deliveryId: DeliveryId.make(randomUUID()),
          byDesk: false,
        },
      ],
    })
    const found = await stage.look(undefined, 3_700_000)
    const check = isProblem(found, "replies.webhook_heard", /found by polling/, setup)
    assert.match(check.evidence.join(), /the last genuine webhook of tickets came at .*an agent's reply/)
    await note(later)
    isOk(await stage.look(undefined, 3_700_000), "replies.webhook_heard")
  })
})
