/** Holds the write lock of a SQLite file until it is told something. */
import { DatabaseSync } from "node:sqlite"

const db = new DatabaseSync(process.argv[2] ?? "", { timeout: 5000 })
db.exec("BEGIN IMMEDIATE")
console.log("locked")
process.stdin.once("data", () => {
  db.exec("COMMIT")
  db.close()
  console.log("released")
  process.exit(0)
})
