import type { SampleArticle } from "../model.ts";
/** The customer's account, privacy, and the service plan. */
export declare const account: ReadonlyArray<SampleArticle>;
