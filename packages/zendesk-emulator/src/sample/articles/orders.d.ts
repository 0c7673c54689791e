import type { SampleArticle } from "../model.ts";
/** Orders, from the basket to the invoice. */
export declare const orders: ReadonlyArray<SampleArticle>;
