import { defineConfig } from "vitest/config"

// Tests that start the program mostly wait for it: two files at a time, also where vitest would take one.
export default defineConfig({
  test: { maxWorkers: 2, testTimeout: 30_000, hookTimeout: 60_000 },
})
