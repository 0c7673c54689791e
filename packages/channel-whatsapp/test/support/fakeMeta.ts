/** The fake Meta, until it is exported by `@opencx/testing/providers`. */
export * from "@opencx/testing/providers/meta"
