import { defineConfig, type Options } from "tsup"

/** One build for every package: ESM JavaScript by tsup; `tsc -b` writes the declarations. */
export const build = (options: Options = {}): ReturnType<typeof defineConfig> =>
  defineConfig({
    entry: ["src/index.ts"],
    format: ["esm"],
    target: "node22",
    platform: "node",
    dts: false,
    // `node:sqlite` exists only under its full name.
    removeNodeProtocol: false,
    clean: ["dist/**/*.js", "dist/**/*.js.map"],
    sourcemap: true,
    splitting: true,
    treeshake: true,
    ...options,
  })
