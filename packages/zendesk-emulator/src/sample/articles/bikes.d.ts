import type { SampleArticle } from "../model.ts";
/** Sizing, assembly and e-bikes. */
export declare const bikes: ReadonlyArray<SampleArticle>;
