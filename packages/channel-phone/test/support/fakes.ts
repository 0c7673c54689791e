/** The providers' sides that the tests play. */
export * from "../../../testing/src/providers/relay/index.ts"
export * from "../../../testing/src/providers/retell/index.ts"
export * from "../../../testing/src/providers/vapi/index.ts"
