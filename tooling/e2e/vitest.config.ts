import { defineConfig } from "vitest/config"

// Each file starts the built program on its own ports and data folder; booting takes seconds, so limits are wide. Two at a
// time: they wait for one another's processes more than they compute.
export default defineConfig({
  test: { testTimeout: 60_000, hookTimeout: 120_000, maxWorkers: 2 },
})
