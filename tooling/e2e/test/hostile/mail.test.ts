/** What a customer or an agent may put into words, names and files: it stays words, names and files. */
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { eventually } from "../support/customers.ts"
import { asAdmin, customerOf, type DeskTicket, handedOff, ticketsBy, usersOf } from "../support/people.ts"
import { type Site, startSite } from "../support/world.ts"

let site: Site

beforeAll(async () => {
  site = await startSite()
})
afterAll(() => site.close())

const rawMail = (headers: ReadonlyArray<string>, body = "I want to talk to a human."): string =>
  [...headers, "", body, ""].join("\r\n")

const ticketOf = (address: string) =>
  eventually(`a ticket of ${address}`, () => ticketsBy(site, address)[0], 20)

describe("line breaks that would make headers", () => {
  const injections: ReadonlyArray<readonly [string, string, string]> = [
    [
      "quoted-printable",
      "=?utf-8?Q?Hello=0D=0ABcc:_victim@evil.example?=",
      "=?utf-8?Q?Dana=0D=0ABcc:_victim@evil.example?=",
    ],
    [
      "base64",
      `=?utf-8?B?${Buffer.from("Hello\r\nBcc: victim@evil.example\r\n\r\nbody").toString("base64")}?=`,
      `=?utf-8?B?${Buffer.from("Dana\nX-Evil: 1").toString("base64")}?=`,
    ],
    [
      "a bare CR and others",
      "=?utf-8?Q?Hello=0DBcc:_victim@evil.example=E2=80=A8X-Evil:_1=0BX?=",
      "=?utf-8?Q?Dana=0D=00=0BX-Evil:_1?=",
    ],
    [
      "folded lines",
      "Hello\r\n Bcc: victim@evil.example\r\n\tX-Evil: 1",
      '"Dana\r\n Bcc: victim@evil.example"',
    ],
  ]
  for (const [n, [name, subject, from]] of injections.entries()) {
    it(`by ${name}: stay words of the subject and of the name`, async () => {
      const address = `inject${n}@example.com`
      await customerOf(site, address).write("", {
        raw: rawMail([
          `From: ${from} <${address}>`,
          `To: ${site.supportAddress}`,
          `Subject: ${subject}`,
          `Message-ID: <inject-${n}@example.com>`,
        ]),
      })
      const ticket = await ticketOf(address)
      assert.notMatch(ticket.subject, /[\r\n\u2028\u000b]/)
      assert.notMatch(usersOf(site).find((u) => u.email === address)?.name ?? "", /[\r\n\u0000]/)
      site.emulator.agent(ticket.id, { action: "reply", body: "An answer." })
      const reply = await customerOf(site, address).gets("the reply", (m) => m.text.includes("An answer"))
      assert.deepStrictEqual(reply.envelopeTo, [address])
      assert.isUndefined(reply.headers["bcc"])
      assert.isUndefined(reply.headers["x-evil"])
      assert.notMatch(reply.subject, /[\r\n]/)
      assert.isFalse(site.sink.mails().some((m) => m.envelopeTo.includes("victim@evil.example")))
    })
  }

  it("in message ids and references are not sent on", async () => {
    const address = "ids@example.com"
    await customerOf(site, address).write("", {
      raw: rawMail([
        `From: <${address}>`,
        `To: ${site.supportAddress}`,
        "Subject: Ids",
        "Message-ID: <a b\tc@example.com>",
        "References: <x@y> =?utf-8?Q?=0D=0AX-Evil:_1?= <not closed",
        "Reply-To: =?utf-8?Q?=0D=0ABcc:_victim@evil.example?= <ids@example.com>",
      ]),
    })
    const told = await customerOf(site, address).gets("the handoff message", (m) =>
      m.text.includes("colleague"),
    )
    assert.isUndefined(told.headers["x-evil"])
    assert.isUndefined(told.headers["bcc"])
    assert.deepStrictEqual(told.envelopeTo, [address])
  })
})

describe("names of files", () => {
  it("lose every path, whatever they look like", async () => {
    const ben = customerOf(site, "ben@example.com")
    const names = [
      "../../../etc/passwd",
      "..\\..\\windows\\system32\\evil.dll",
      "/etc/shadow",
      "C:\\boot.ini",
      "....//....//x.txt",
      "a\u202egpj.exe",
      `${"n".repeat(3000)}.txt`,
      "..",
      '"><img src=x onerror=alert(1)>.png',
    ]
    await ben.write("I want to talk to a human.", {
      attachments: names.map((filename, n) => ({
        filename,
        content: `file ${n}`,
        contentType: "application/octet-stream",
      })),
    })
    const ticket = await ticketOf(ben.address)
    const files = ticket.comments[0]?.attachments ?? []
    // Programs are not passed on; the ticket says which.
    assert.strictEqual(files.length, names.length - 2)
    assert.include(ticket.comments[0]?.html_body, "evil.dll")
    assert.notInclude(JSON.stringify(ticket.comments), "\u202e")
    for (const { file_name } of files) {
      assert.notMatch(file_name, /[/\\:<>"\u202e\u0000-\u001f]|^\.+$|^\./)
      assert.isAtMost(file_name.length, 200)
    }
    assert.isTrue(files.some((f) => f.file_name === "passwd"))
  })

  it("from Zendesk lose them too on the way to the customer", async () => {
    const cara = customerOf(site, "cara@example.com")
    const { ticket } = await handedOff(site, cara)
    site.emulator.agent(ticket.id, {
      action: "reply",
      body: "See the file.",
      attachments: [
        { file_name: "../../x\u202etxt.exe", content_type: "text/plain", content_base64: "eA==" },
      ],
    })
    const reply = await cara.gets("the reply", (m) => m.text.includes("See the file"))
    const [file] = reply.attachments
    assert.notMatch(file?.fileName ?? "", /[/\\\u202e]|^\./)
  })
})

describe("markup", () => {
  const evil =
    '<script>alert(1)</script><img src=x onerror="alert(2)"><a href="javascript:alert(3)">x</a><svg/onload=alert(4)><iframe src="https://evil.example"></iframe>'
  const dangerous = /<script|<img|<iframe|<svg|\son\w+\s*=\s*["']?alert|href="?javascript:/i

  const sessionPageOf = async (ticket: DeskTicket) => {
    const answer = await fetch(`${site.runtimeUrl}/sessions/larkspoke/${ticket.external_id}`)
    return { html: await answer.text(), policy: answer.headers.get("content-security-policy") ?? "", answer }
  }

  it("in a customer's mail, subject and name is text to the agent and to the operator", async () => {
    const dan = customerOf(site, "dan@example.com", `Dan ${evil}`)
    await dan.write("", {
      raw: rawMail(
        [
          `From: "Dan <script>alert(0)</script>" <${dan.address}>`,
          `To: ${site.supportAddress}`,
          `Subject: Hi ${evil}`,
          "MIME-Version: 1.0",
          "Content-Type: text/html; charset=utf-8",
        ],
        `<p>I want to talk to a human.</p>${evil}<p>&lt;script&gt;alert(5)&lt;/script&gt;</p><div style="display:none">Hidden words</div>`,
      ),
    })
    const ticket = await ticketOf(dan.address)
    assert.notMatch(ticket.comments[0]?.html_body ?? "", dangerous)
    assert.include(ticket.comments[0]?.html_body, "I want to talk to a human.")
    const { answer, html, policy } = await sessionPageOf(ticket)
    assert.notMatch(html, dangerous)
    assert.include(html, "I want to talk to a human.")
    assert.match(policy, /default-src 'none'/)
    assert.notMatch(policy, /unsafe-inline|unsafe-eval|\*/)
    assert.strictEqual(answer.headers.get("x-content-type-options"), "nosniff")
    assert.match(policy, /frame-ancestors 'none'/)
    const list = await (await fetch(`${site.runtimeUrl}/sessions`)).text()
    assert.notMatch(list, dangerous)
  })

  it("in plain text is text as well", async () => {
    const eda = customerOf(site, "eda@example.com")
    await eda.write(
      `I want to talk to a human. ${evil} [click](javascript:alert(1)) ![p](https://evil.example/pixel.png)`,
    )
    const ticket = await ticketOf(eda.address)
    const html = ticket.comments[0]?.html_body ?? ""
    assert.notMatch(html, dangerous)
    assert.notMatch((await sessionPageOf(ticket)).html, dangerous)
  })

  it("in an agent's name and comment does not reach the customer's mail program as such", async () => {
    const fay = customerOf(site, "fay@example.com")
    const { ticket } = await handedOff(site, fay)
    const agent = usersOf(site).find((u) => u.role === "agent")
    await asAdmin(site, `/api/v2/users/${agent?.id}.json`, {
      method: "PUT",
      json: { user: { name: 'Sam "<script>alert(6)</script>\r\nBcc: victim@evil.example' } },
    })
    site.emulator.agent(ticket.id, {
      action: "reply",
      author_id: agent?.id,
      html_body: `<p>Good news.</p>${evil}`,
    })
    const reply = await fay.gets("the reply", (m) => m.text.includes("Good news"))
    assert.notMatch(reply.html, dangerous)
    assert.isUndefined(reply.headers["bcc"])
    assert.deepStrictEqual(reply.envelopeTo, [fay.address])
    assert.notMatch((await sessionPageOf(ticket)).html, dangerous)
  })
})
