/** The fake Meta, until it is exported by `@opencx/testing/providers`. */
export * from "../../../testing/src/providers/meta/index.ts"
