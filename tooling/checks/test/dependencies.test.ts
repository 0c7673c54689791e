import { describe, expect, it } from "vitest"
import { renderFinding } from "../src/Check.ts"
import { auditFindings, licenceFindings } from "../src/checks/dependencies.ts"
import { ensurePnpm, run, toolRoot } from "../src/tools/Process.ts"

const output = (stdout: unknown, code = 0, stderr = "") => ({
  code,
  stdout: typeof stdout === "string" ? stdout : JSON.stringify(stdout),
  stderr,
})

describe("licences", () => {
  it("takes those on the list, one of several, and known packages that name none", () => {
    const listed = {
      MIT: [{ name: "a" }],
      "(AFL-2.1 OR BSD-3-Clause)": [{ name: "b" }],
      Unknown: [{ name: "@mdream/rust-linux-x64-gnu" }],
    }
    expect(licenceFindings(output(listed))).toEqual([])
  })

  it("reports every other", () => {
    const listed = {
      "GPL-3.0": [{ name: "a" }],
      "MIT AND GPL-3.0": [{ name: "b" }],
      Unknown: [{ name: "c" }],
    }
    expect(licenceFindings(output(listed)).map(renderFinding)).toEqual([
      'a is under "GPL-3.0", which is not on the list',
      'b is under "MIT AND GPL-3.0", which is not on the list',
      'c is under "Unknown", which is not on the list',
    ])
  })

  it("does not pass when nothing was listed", () => {
    expect(licenceFindings(output("{}"))[0]?.message).toContain("listed no licences")
    expect(licenceFindings(output("oops", 1, "broken"))[0]?.message).toContain("broken")
  })
})

describe("the audit", () => {
  it("fails on high and critical holes, and names the others", () => {
    const advisories = {
      1: { module_name: "a", title: "reads files", severity: "critical", url: "https://x.example/1" },
      2: { module_name: "b", title: "is slow", severity: "moderate", url: "https://x.example/2" },
    }
    const found = auditFindings(output({ advisories }, 1))
    expect(found.map(({ isWarning }) => isWarning === true)).toEqual([false, true])
    expect(found[0]?.message).toBe("a: reads files (critical) https://x.example/1")
  })

  it("says loudly that it did not run when the registry gives no answer", () => {
    const [found] = auditFindings(output("", 1, "ERR_PNPM_AUDIT_BAD_RESPONSE responded with 405"))
    expect(found?.isWarning).toBe(true)
    expect(found?.message).toContain("THE AUDIT DID NOT RUN")
    expect(found?.message).toContain("405")
    expect(auditFindings(output({ advisories: {} }))).toEqual([])
  })
})

describe("the bill of materials of a release", () => {
  it("is CycloneDX and names what we ship", { timeout: 60_000 }, async () => {
    await ensurePnpm()
    const args = ["sbom", "--sbom-format", "cyclonedx", "--lockfile-only"]
    const { stdout } = await run("pnpm", args, { cwd: toolRoot })
    const bom: { readonly bomFormat: string; readonly components: ReadonlyArray<{ readonly purl: string }> } =
      JSON.parse(stdout)
    expect(bom.bomFormat).toBe("CycloneDX")
    const shipped = bom.components.map(({ purl }) => purl)
    for (const name of ["effect", "nodemailer", "jose", "preact"])
      expect(shipped.some((purl) => purl.startsWith(`pkg:npm/${name}@`))).toBe(true)
  })
})
