/** SQL storage of OpenCX: an embedded SQLite client, Postgres, migrations, and every repository of `@opencx/core`. */
export * as Health from "./Health.ts"
export { StorageHealth, type StorageStatus } from "./Health.ts"
export * as Postgres from "./postgres/PostgresClient.ts"
export type { PostgresOptions } from "./postgres/PostgresClient.ts"
export * as Migrations from "./schema/Migrations.ts"
export * as MasterKeys from "./secrets/MasterKey.ts"
export { MasterKey, MasterKeyRejected } from "./secrets/MasterKey.ts"
export * as Sqlite from "./sqlite/SqliteClient.ts"
export type { SqliteOptions } from "./sqlite/SqliteOptions.ts"
export * as Stores from "./Stores.ts"
export * as Journal from "./journal/Journal.ts"
export { JournalUpkeep } from "./journal/Journal.ts"
export * as Exclusive from "./exclusive/OnlyProcess.ts"
export { AlreadyRunning, OnlyProcess } from "./exclusive/OnlyProcess.ts"
export * as Administration from "./Administration.ts"
export type { AdministrationStores } from "./Administration.ts"
export { type LockPolicy, LoginFailures } from "./access/LoginFailures.ts"
export { type ApiKey, Tickets } from "./access/Tickets.ts"
export { EmailTaken, LastOwner, type Membership, type User, Users } from "./access/Users.ts"
export { AuditChange, type AuditEntry, AuditLog, type AuditRecord } from "./settings/AuditLog.ts"
export {
  type DocumentChange,
  type OrganizationDocument,
  OrganizationDocuments,
  VersionConflict,
} from "./settings/OrganizationDocuments.ts"
export * as KeyUpkeeps from "./secrets/KeyUpkeep.ts"
export { KeyUpkeep, type KeyUse, type Resealed } from "./secrets/KeyUpkeep.ts"
export * as Backup from "./backup/Backup.ts"
export type { BackupFailed, Manifest as BackupManifest } from "./backup/Backup.ts"
export * as Figures from "./Figures.ts"
export { explainSql } from "./sql/explain.ts"
export { type DeadFigure, type QueueFigure, WorkFigures } from "./Figures.ts"
