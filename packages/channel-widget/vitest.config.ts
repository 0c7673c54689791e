import { tests } from "../../tooling/vitest.base.ts"

export default tests({ globalSetup: "./test/support/browserBuild.ts" })
