import { build } from "../../tooling/tsup.base.ts"

const providers = ["meta", "plivo", "relay", "retell", "telnyx", "twilio", "vapi", "vonage"]

export default build({
  entry: {
    index: "src/index.ts",
    "providers/index": "src/providers/index.ts",
    ...Object.fromEntries(
      providers.map((name) => [`providers/${name}/index`, `src/providers/${name}/index.ts`]),
    ),
  },
})
