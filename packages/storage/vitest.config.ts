import { tests } from "../../tooling/vitest.base.ts"

// Most of the time here is spent waiting for servers and locks, so two files run at once on any machine.
export default tests({ maxWorkers: 2 })
