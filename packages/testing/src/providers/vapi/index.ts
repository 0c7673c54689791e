/** Vapi's side: its webhooks, and its API with the list of calls. */
export { type FakeVapiApi, startFakeVapiApi } from "./api.ts"
export {
  fakeVapi,
  type VapiCall,
  vapiHeaders,
  type VapiProof,
  vapiReport,
  type VapiTurn,
} from "./webhooks.ts"
