import { defineConfig, type ViteUserConfig } from "vitest/config"

/**
 * How the tests of the packages run. The wide limit is for machines that are busy with other things: time never decides
 * a test. Files of a package share their process, because no test changes what another one sees; starting one process
 * per file costs more than most files.
 */
export const tests = (options: NonNullable<ViteUserConfig["test"]> = {}): ViteUserConfig =>
  defineConfig({ test: { testTimeout: 60_000, hookTimeout: 60_000, isolate: false, ...options } })
