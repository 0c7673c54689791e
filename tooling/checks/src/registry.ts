import { type Check } from "./Check.ts"
import { boundaries } from "./checks/boundaries.ts"
import { dependencies } from "./checks/dependencies.ts"
import { effect } from "./checks/effect.ts"
import { format } from "./checks/format.ts"
import { length } from "./checks/length.ts"
import { lint } from "./checks/lint.ts"
import { packages } from "./checks/packages.ts"
import { references } from "./checks/references.ts"
import { regexes } from "./checks/regexes.ts"
import { tests } from "./checks/tests.ts"
import { types } from "./checks/types.ts"
import { unused } from "./checks/unused.ts"
import { words } from "./checks/words.ts"

/** Every check, in the order they are started: the long ones first. */
export const registry: ReadonlyArray<Check> = [
  packages,
  types,
  unused,
  effect,
  lint,
  regexes,
  dependencies,
  format,
  boundaries,
  references,
  tests,
  length,
  words,
]
