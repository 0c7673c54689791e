import { defineConfig } from "vitest/config"

// Nothing here waits for time to pass; the wide limit is for machines that are busy with other things.
export default defineConfig({
  test: { testTimeout: 60_000 },
})
