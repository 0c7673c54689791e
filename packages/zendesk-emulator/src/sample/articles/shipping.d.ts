import type { SampleArticle } from "../model.ts";
/** Delivery: times, costs, tracking and what can go wrong. */
export declare const shipping: ReadonlyArray<SampleArticle>;
