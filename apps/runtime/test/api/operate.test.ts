/** What operators do, through the API: dead letters, sessions, contacts, reports. On real sockets and a real store. */
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { Blobs, Contacts, OrgId, type Session, WorkId } from "@opencx/core"
import { Effect } from "effect"
import { randomUUID } from "node:crypto"
import { clientOf, fails, keyFor, make, operatorHeaders } from "../support/api.ts"
import { type ApiStage, orgOf, setApiStage } from "../support/apiStage.ts"
import { type Told, tellIn } from "../support/doctorStage.ts"

const run = Effect.runPromise
const box: { stage?: ApiStage } = {}
const stage = (): ApiStage => {
  if (box.stage === undefined) throw new Error("not started")
  return box.stage
}
beforeAll(async () => {
  box.stage = await setApiStage()
  for (const org of ["north", "south"]) await make(stage().operator, org)
}, 30_000)
afterAll(() => box.stage?.close())

const north = orgOf("north")
const tell = (told: Told, org = "north"): Promise<Session> =>
  stage().server.within(tellIn(OrgId.make(org), told))

const words = "كلمة السر هي hunter2"
const note = { _tag: "Note", text: words } as const
const letters = () => run(stage().operator.deadLetters.list({ params: north, query: {} }))

/** Somebody who has proved this address. */
const known = async (name: string, email: string) => {
  const identity = { kind: "email", value: email, verified: true } as const
  const orgId = OrgId.make("north")
  const { id } = await stage().server.within(
    Effect.flatMap(Contacts, (contacts) => contacts.resolve({ orgId, identity, name, locale: null })),
  )
  return id
}
const lettersOf = async (session: Pick<Session, "id">) =>
  (await letters()).filter((one) => one.session === session.id)
const noted = async () =>
  (await run(stage().operator.audit.list({ params: north, query: {} }))).map(
    ({ action, target }) => `${action} ${target}`,
  )

describe("dead letters", { timeout: 60_000 }, () => {
  it("are shown without words, addresses and secrets, to those of the organization alone", async () => {
    const why = "550 no such user <dana@example.com>"
    const session = await tell({ dead: [{ task: note, why }] })
    const [letter] = await lettersOf(session)
    assert.deepInclude(letter, { kind: "Note", organization: north.org, status: "dead" })
    const id = letter?.id ?? WorkId.make(randomUUID())
    const shown = await run(stage().operator.deadLetters.read({ params: { ...north, work: id } }))
    assert.deepStrictEqual(shown, letter)
    const page = (await stage().server.ask("/dead-letters", { headers: operatorHeaders })).text
    for (const text of [JSON.stringify(shown), page]) {
      assert.include(text, "550 no such user")
      for (const hidden of ["hunter2", "كلمة", "dana@"]) assert.notInclude(text, hidden)
    }
    const others = orgOf("south")
    const elsewhere = stage().operator.deadLetters.read({ params: { ...others, work: id } })
    assert.deepInclude(await fails(elsewhere), { _tag: "NotFound" })
    const many = { params: others, payload: { ids: [id] as const } }
    assert.deepStrictEqual(await run(stage().operator.deadLetters.replayMany(many)), [
      { id, result: "unknown" },
    ])
    assert.lengthOf(await lettersOf(session), 1)
    await run(
      stage().operator.deadLetters.discard({ params: { ...north, work: id }, payload: { reason: "seen" } }),
    )
  })

  it("are discarded with a reason, by id or all of a kind, and noted; a second time nothing happens", async () => {
    const session = await tell({ dead: [1, 2, 3].map((n) => ({ task: note, why: `no ${n}` })) })
    const [first, second] = (await lettersOf(session)).map(({ id }) => id)
    assert.isDefined(first)
    assert.isDefined(second)
    const ids = [first ?? WorkId.make(randomUUID()), WorkId.make(randomUUID())] as const
    const discard = (payload: Parameters<typeof many>[0]["payload"]) => many({ params: north, payload })
    const many = stage().operator.deadLetters.discardMany
    const done = await run(discard({ ids, reason: "the customer called" }))
    assert.deepStrictEqual(
      done.map(({ result }) => result),
      ["done", "unknown"],
    )
    assert.deepStrictEqual(
      (await run(discard({ ids, reason: "again" }))).map(({ result }) => result),
      ["unchanged", "unknown"],
    )
    const tried = [
      { ids, all: true, reason: "x" } as const,
      { reason: "x" },
      { ids, tasks: ["Note"], reason: "x" },
    ]
    for (const payload of tried) assert.deepInclude(await fails(discard(payload)), { _tag: "NotPossible" })
    assert.deepStrictEqual(await run(discard({ all: true, tasks: ["Deliver"], reason: "x" })), [])
    assert.lengthOf(await run(discard({ all: true, tasks: ["Note"], reason: "all of them" })), 2)
    assert.deepStrictEqual(await lettersOf(session), [])
    const kept = await run(stage().operator.deadLetters.read({ params: { ...north, work: ids[0] } }))
    assert.include(`${kept.status} ${kept.why}`, "discarded")
    assert.include(await noted(), `deadLetter.discard ${ids[0]}`)
    for (const reason of ["", "x".repeat(501), " ".repeat(3)]) {
      const form = { ...operatorHeaders, "content-type": "application/x-www-form-urlencoded" }
      const body = new URLSearchParams({ reason }).toString()
      const page = await stage().server.ask(`/dead-letters/north/${second}/discard`, {
        method: "POST",
        headers: form,
        body,
      })
      assert.strictEqual(page.status, 400, reason)
    }
  })

  it("run again at once, one or many", async () => {
    const session = await tell({ dead: [1, 2].map((n) => ({ task: note, why: `no ${n}` })) })
    const [one] = (await lettersOf(session)).map(({ id }) => id)
    const work = one ?? WorkId.make(randomUUID())
    await run(stage().operator.deadLetters.replay({ params: { ...north, work } }))
    const again = stage().operator.deadLetters.replay({
      params: { ...north, work: WorkId.make(randomUUID()) },
    })
    assert.deepInclude(await fails(again), { _tag: "NotFound" })
    const rest = await run(
      stage().operator.deadLetters.replayMany({ params: north, payload: { all: true, tasks: ["Note"] } }),
    )
    assert.isTrue(rest.every(({ result }) => result === "done"))
    assert.isAtLeast(rest.length, 1)
    assert.include(await noted(), `deadLetter.replay ${work}`)
    const story = await run(stage().operator.sessions.read({ params: { ...north, session: session.id } }))
    assert.isTrue(story.work.every(({ replays }) => replays >= 1))
  })

  it("on the page are run again and discarded by a form, and not twice", async () => {
    const session = await tell({ dead: [{ task: note, why: "no" }] })
    const [letter] = await lettersOf(session)
    const headers = { ...operatorHeaders, "content-type": "application/x-www-form-urlencoded" }
    const press = (what: string, body = "") =>
      stage().server.ask(`/dead-letters/north/${letter?.id}/${what}`, { method: "POST", headers, body })
    const pressed = await press("discard", "reason=%D9%84%D8%A7")
    assert.deepStrictEqual([pressed.status, pressed.headers["location"]], [303, "/dead-letters"])
    assert.strictEqual((await press("discard", "reason=x")).status, 404)
    assert.strictEqual((await press("replay")).status, 404)
    assert.include(await noted(), `deadLetter.discard ${letter?.id}`)
  })
})

describe("sessions", { timeout: 60_000 }, () => {
  const search = (query: Parameters<ApiStage["operator"]["sessions"]["list"]>[0]["query"]) =>
    run(stage().operator.sessions.list({ params: north, query }))

  it("are found by each of their marks, page by page, and shown whole", async () => {
    const contactId = await known("Layla Haddad", "layla@example.com")
    const session = await tell({
      channel: "sms",
      session: { contactId, state: "handing_off", subject: "طلب رقم ٤٧١١" },
      dead: [{ task: note, why: "no" }],
    })
    for (let n = 0; n < 4; n += 1) await tell({ session: { state: "closed" } })
    const queries = [
      { externalId: session.id },
      { contact: "layla@example.com" },
      { contact: "Haddad" },
      { channel: session.channel, text: "٤٧١١" },
      { state: "handing_off" },
      { state: ["handing_off", "ai"] as const },
    ] as const
    for (const query of queries) {
      const found = (await search(query)).sessions.map(({ id }) => id)
      assert.deepStrictEqual(found, [session.id], JSON.stringify(query))
    }
    assert.deepStrictEqual(await search({ tag: "no-such-tag" }), { sessions: [], next: null })
    const seen = new Set<string>()
    let after: string | undefined
    for (let page = 0; page < 50; page += 1) {
      const { next, sessions } = await search({ limit: 2, ...(after === undefined ? {} : { after }) })
      for (const { id } of sessions) seen.add(id)
      if (next === null) break
      after = next
    }
    assert.include([...seen], session.id)
    assert.isAtLeast(seen.size, 5)
    assert.deepInclude(
      await fails(stage().operator.sessions.list({ params: north, query: { after: "x" } })),
      {
        _tag: "BadRequest",
      },
    )
    const story = await run(stage().operator.sessions.read({ params: { ...north, session: session.id } }))
    assert.deepInclude(story.contact, { name: "Layla Haddad" })
    assert.lengthOf(story.work, 1)
    assert.notInclude(JSON.stringify(story.work), "hunter2")
    const elsewhere = stage().operator.sessions.read({ params: { ...orgOf("south"), session: session.id } })
    assert.deepInclude(await fails(elsewhere), { _tag: "NotFound" })
  })
})

describe("contacts", { timeout: 60_000 }, () => {
  const kept = async (name: string, email: string) => {
    const orgId = OrgId.make("north")
    const id = await known(name, email)
    const blobId = await stage().server.within(
      Effect.flatMap(Blobs, (blobs) => blobs.put(orgId, new TextEncoder().encode(`bytes of ${email}`))),
    )
    const file = { blobId, fileName: "receipt.txt", contentType: "text/plain", size: 8 }
    await tell({
      session: { contactId: id, state: "closed" },
      bodies: [
        {
          _tag: "CustomerMessage",
          text: "مرحبا",
          fullText: null,
          attachments: [file],
          identified: true,
          automatic: false,
          messageId: null,
          rawBlobId: null,
        },
      ],
    })
    return id
  }
  const exported = (contact: string) =>
    stage().operator.contacts.export({ params: north, payload: { contact } })
  const erase = (contact: string, inZendesk = false) =>
    stage().operator.contacts.erase({ params: north, payload: { contact, inZendesk, yes: true } })

  it("are handed out whole, with their files", async () => {
    const id = await kept("سلمى", "salma@example.com")
    const record = await run(exported("salma@example.com"))
    assert.deepInclude(record.contact, { id, name: "سلمى" })
    assert.lengthOf(record.sessions, 1)
    const [file] = record.files
    const url = new URL(file?.url ?? "")
    assert.strictEqual((await stage().server.ask(url.pathname)).text, "bytes of salma@example.com")
    assert.include(await noted(), `contact.export ${id}`)
    assert.deepInclude(await fails(exported("nobody@example.com")), { _tag: "NotFound" })
    const other = stage().operator.contacts.export({ params: orgOf("south"), payload: { contact: id } })
    assert.deepInclude(await fails(other), { _tag: "NotFound" })
  })

  it("are erased for good, once; a client that lost the answer gets it again", async () => {
    const id = await kept("Omar", "omar@example.com")
    const both = await run(Effect.all([erase(id), erase(id)], { concurrency: "unbounded" }))
    assert.deepStrictEqual(both[0], both[1])
    assert.deepInclude(both[0], { contactIds: [id], sessions: 1, inZendesk: null })
    assert.deepStrictEqual(await run(erase(id)), both[0])
    assert.deepInclude(await fails(exported(id)), { _tag: "NotFound" })
    assert.deepInclude(await fails(erase("omar@example.com")), { _tag: "NotFound" })
    const erasures = (await noted()).filter((one) => one === `contact.erase ${id}`)
    assert.lengthOf(erasures, 1)
    assert.notInclude((await noted()).join(), "omar@")
  })

  it("are erased in Zendesk too, or nowhere while Zendesk does not let us", async () => {
    const org = "linked"
    const params = orgOf(org)
    await make(stage().operator, org, { zendesk: stage().zendesk() })
    const identity = { kind: "email", value: "zoe@example.com", verified: true } as const
    const { id } = await stage().server.within(
      Effect.flatMap(Contacts, ({ resolve }) =>
        resolve({ orgId: params.org, identity, name: "Zoe", locale: null }),
      ),
    )
    const ticket = { ticketId: "4711", status: "closed", requesterId: null, commentCursor: null } as const
    await tell({ session: { contactId: id, state: "closed", ticket } }, org)
    const everywhere = stage().operator.contacts.erase({
      params,
      payload: { contact: id, inZendesk: true, yes: true },
    })
    const down = stage().emulator.addFault({ kind: "status503", match: { path: "tickets" } })
    const refused = await fails(everywhere)
    assert.deepInclude(refused, { _tag: "NotPossible" })
    assert.include(JSON.stringify(refused), "nothing was erased here")
    stage().emulator.removeFault(down)
    const record = await run(stage().operator.contacts.export({ params, payload: { contact: id } }))
    assert.lengthOf(record.sentWhere.tickets, 1)
    const done = await run(everywhere)
    assert.deepInclude(done.inZendesk?.[0], { what: "ticket", id: "4711", result: "gone" })
    assert.deepStrictEqual(await run(everywhere), done)
  })

  it("are not erased without a yes, while work is under way, or by agents", async () => {
    const id = await kept("Nur", "nur@example.com")
    const path = "/api/organizations/north/contacts/erase"
    const headers = { ...operatorHeaders, "content-type": "application/json" }
    for (const body of [
      { contact: id },
      { contact: id, yes: false },
      { contact: id, yes: true, all: true },
    ]) {
      const answer = await stage().server.ask(path, { method: "POST", headers, body: JSON.stringify(body) })
      assert.strictEqual(answer.status, 400, JSON.stringify(body))
    }
    await tell({ session: { contactId: id }, waiting: [note] })
    const busy = await fails(erase(id))
    assert.deepInclude(busy, { _tag: "NotPossible" })
    assert.include(JSON.stringify(busy), "under way")
    const agent = await clientOf(
      stage().server,
      await keyFor(stage().operator, "north", ["sessions.read", "deadLetters.write"]),
    )
    const tried = agent.contacts.erase({ params: north, payload: { contact: id, yes: true } })
    assert.deepInclude(await fails(tried), { _tag: "Forbidden" })
    assert.deepInclude((await run(exported(id))).contact, { id })
  })
})

describe("reports", () => {
  it("are made of a period, and refuse one that is none", async () => {
    const report = await run(
      stage().operator.report.make({ params: north, query: { from: "2020-01-01", to: "2099-12-31" } }),
    )
    assert.strictEqual(report.organization, "north")
    assert.isAbove(report.total.sessions, 0)
    const empty = await run(stage().operator.report.make({ params: orgOf("south"), query: {} }))
    assert.strictEqual(empty.total.sessions, 0)
    const queries = [{ from: "gestern" }, { from: "2026-02-31" }, { from: "2026-02-02", to: "2026-02-01" }]
    for (const query of queries)
      assert.deepInclude(await fails(stage().operator.report.make({ params: north, query })), {
        _tag: "BadRequest",
      })
  })
})
