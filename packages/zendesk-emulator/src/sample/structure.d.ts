/** Categories, sections and user segments of the sample, and the short form in which its articles are written. */
import type { SampleArticle, SampleCategory, SampleSection, SampleSegment } from "./model.ts";
export declare const categories: ReadonlyArray<SampleCategory>;
/** Section ids by a short name, so that articles read well. */
export declare const section: {
    readonly orders: 3100000001;
    readonly shipping: 3100000002;
    readonly payments: 3100000003;
    readonly giftCards: 3100000004;
    readonly stores: 3100000005;
    readonly returns: 3100000006;
    readonly warranty: 3100000007;
    readonly care: 3100000008;
    readonly account: 3100000009;
    readonly privacy: 3100000010;
    readonly sizing: 3100000011;
    readonly ebikes: 3100000012;
    readonly maintenance: 3100000013;
    readonly procedures: 3100000014;
};
export declare const sections: ReadonlyArray<SampleSection>;
export declare const staffSegmentId = 5100000001;
export declare const segments: ReadonlyArray<SampleSegment>;
/** A public, published article in US English. */
export declare const article: (id: number, sectionId: number, updatedAt: string, title: string, labels: ReadonlyArray<string>, bodyHtml: string) => SampleArticle;
