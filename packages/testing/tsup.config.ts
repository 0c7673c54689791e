import { build } from "../../tooling/tsup.base.ts"

export default build({ entry: { index: "src/index.ts", "providers/index": "src/providers/index.ts" } })
