import { tests } from "../../tooling/vitest.base.ts"

// Packages that a test has written lie in .cache and have tests of their own.
export default tests({ include: ["test/**/*.test.ts"] })
