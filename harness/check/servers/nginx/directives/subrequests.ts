// Requests that nginx sends besides the client's.
import { off, undo } from "../changes.ts";
import type { Family, SuspectRule } from "../rules.ts";
import { collects } from "../words.ts";

const refuses: SuspectRule = {
  directive: "auth_request",
  says: "refuses the request before the application sees it",
  instead: "auth_request off;",
};

const keepsOpen: SuspectRule = { directive: "mirror", says: "keeps the request open for its copy", instead: undo("mirror off;") };

const unmirrored = off("mirror", "mirror off: send no copies of this location's requests", "the mirror no longer sees them");

export const subrequests: Family = {
  pages: { "http/ngx_http_auth_request_module": "auth_request", "http/ngx_http_mirror_module": "mirror mirror_request_body" },
  suspects: {
    "error-response": [refuses],
    broken: [keepsOpen],
    asked: [
      { directive: "mirror", says: "sends a copy of the request", instead: undo("mirror off;") },
      { directive: "auth_request", says: "sends an authorization request of its own", instead: "auth_request off;" },
      { directive: "post_action", says: "sends another request after the end" },
    ],
    disconnect: [keepsOpen],
    upgrade: [refuses],
    upload: [{ directive: "mirror", says: `makes nginx wait, since its copy ${collects}`, instead: undo("mirror off;"), group: "mirror" }],
  },
  fixes: { broken: [unmirrored], asked: [unmirrored], disconnect: [unmirrored], upload: [{ ...unmirrored, part: true }] },
};
