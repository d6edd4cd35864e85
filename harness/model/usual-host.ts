/** Whom clients ask for where nothing else is said, and in TLS the server's name. A top-level domain that RFC 6761 reserves for tests. */
export const usualHost = "hopwise.test";
