/** Retell's side: its webhooks, and its API with the list of calls. */
export { type FakeRetellApi, startFakeRetellApi } from "./api.ts"
export {
  fakeRetell,
  retellBody,
  type RetellCall,
  type RetellEvent,
  retellSignature,
  type RetellTurn,
} from "./webhooks.ts"
