import { execFileSync } from "node:child_process"
import { expect, it } from "vitest"
import { words } from "../src/checks/words.ts"
import { findingsOf, repository } from "./fixture.ts"

const forbidden = [
  ["see /work/shared for more", "a path of one machine"],
  ["cat /root/.npmrc", "a path of one machine"],
  ["/home/anna/opencx", "a path of one machine"],
  ["http://localhost:4873/", "the address of a private registry"],
  ["registry.acme.example/npm", "the host of a private registry"],
  ["asked the lead's opinion", "tells how the text came about"],
  ["as an AI language model I", "tells how the text came about"],
] as const

it.each(forbidden)("words reports %s", async (text, why) => {
  const findings = await findingsOf(words, repository({ "packages/core/README.md": `# Core\n${text}\n` }))
  expect(findings).toHaveLength(1)
  expect(findings[0]).toContain("packages/core/README.md:2 ")
  expect(findings[0]).toContain(why)
})

it("words passes on ordinary text", async () => {
  const text = [
    "https://registry.npmjs.org is the public registry",
    "src/work/queue.ts and ./root/x.ts are paths of ours, https://example.com/work/1 is a page",
    "listens on 127.0.0.1:8080; the subagency of an agent; the session of a customer",
  ].join("\n")
  expect(await findingsOf(words, repository({ "README.md": text }))).toEqual([])
})

it("words reads what git would commit and leaves ignored files alone", async () => {
  const root = repository({
    ".gitignore": "node_modules\nlocal.txt\n",
    "local.txt": "/work/shared\n",
    "new.txt": "/work/shared\n",
  })
  execFileSync("git", ["init", "--quiet"], { cwd: root })
  expect((await findingsOf(words, root)).map((line) => line.split(" ")[0])).toEqual(["new.txt:1"])
})
