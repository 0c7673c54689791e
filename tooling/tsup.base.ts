import { defineConfig, type Options } from "tsup"

/** One build for every package: ESM JavaScript by tsup; `tsc -b` writes the declarations. */
export const build = (options: Options = {}): ReturnType<typeof defineConfig> =>
  defineConfig({
    entry: ["src/index.ts"],
    format: ["esm"],
    target: "node22",
    platform: "node",
    dts: false,
    clean: ["dist/**/*.js", "dist/**/*.js.map"],
    sourcemap: true,
    splitting: true,
    treeshake: true,
    ...options,
  })
