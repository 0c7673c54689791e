import type { SampleArticle } from "../model.ts";
/** Returns, refunds, exchanges and warranty. */
export declare const returns: ReadonlyArray<SampleArticle>;
