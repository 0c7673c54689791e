import { channelContract } from "../src/index.ts"
import { postFixtures } from "./support/postFixtures.ts"
import { postPlugin } from "./support/postPlugin.ts"

// A sound plugin passes everything; what happens to others is in flaws.test.ts.
channelContract(postPlugin(), postFixtures)
