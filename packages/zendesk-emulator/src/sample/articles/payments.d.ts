import type { SampleArticle } from "../model.ts";
/** Payments, prices and gift cards. */
export declare const payments: ReadonlyArray<SampleArticle>;
