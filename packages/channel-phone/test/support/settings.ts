/** Settings of accounts under test. */

export const accountSid = "AC0123456789abcdef0123456789abcdef"
export const authToken = "twilio-auth-token-1"

type Over = Readonly<Record<string, unknown>>

export const twilio = (over: Over = {}) => ({
  provider: "twilio",
  accountSid,
  authToken,
  greeting: "Hello, this is Acme. How can I help?",
  keypadPauseMs: 200,
  ...over,
})

export const vapi = (over: Over = {}) => ({
  provider: "vapi",
  auth: { _tag: "bearer", token: "vapi-token-1" },
  ...over,
})

export const retell = (over: Over = {}) => ({ provider: "retell", apiKey: "retell-key-1", ...over })

/** The number that replies are texted from. */
export const textFrom = "+14155550100"
/** Numbers whose plan tells what they are (Germany), and one whose plan does not (United States). */
export const germanMobile = "+4915123456789"
export const germanLandline = "+493012345678"
export const american = "+14155552671"
