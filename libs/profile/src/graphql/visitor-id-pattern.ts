/** What kernel's `visitorId` takes, told to the validator so that the error names the field. */
export const VISITOR_ID_PATTERN = /^[\x21-\x7e]{1,128}$/;
