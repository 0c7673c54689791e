import { afterAll, beforeAll, it } from "vitest"
import { DatabaseSync } from "node:sqlite"
import { join } from "node:path"
import { question, texter } from "../support/chatPeople.ts"
import { type ChatSite, startSite } from "../support/world.ts"
let site: ChatSite
beforeAll(async () => { site = await startSite({ emulator: { timeScale: 0.02 } }) })
afterAll(() => site.close())
it("x", async () => {
  const person = texter(site, "+14155556004")
  for (const one of [question, "How long does standard shipping take?", "Can I return a helmet that does not fit?", "How do I reset my password if I forgot it?", "I want to talk to a human about burst order 77"]) await person.writes(one)
  await new Promise((r) => setTimeout(r, 6000))
  const db = new DatabaseSync(join(site.dataDir, "opencx.db"))
  for (const t of ["entries","timeline","sessions"]) { try { for (const r of db.prepare(`select * from ${t}`).all()) console.log(JSON.stringify(r).slice(0, 700)) } catch (e) { console.log(t, String(e)) } }
  console.log(await person.heard())
})
