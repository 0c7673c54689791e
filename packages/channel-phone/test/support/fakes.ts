/** The providers' sides that the tests play. */
export * from "@opencx/testing/providers/relay"
export * from "@opencx/testing/providers/retell"
export * from "@opencx/testing/providers/vapi"
