// All that is known of directives: one family each. A new one is a file in directives/, and its line here.
import { access } from "./directives/access.ts";
import { buffering } from "./directives/buffering.ts";
import { caching } from "./directives/caching.ts";
import { coding } from "./directives/coding.ts";
import { connections } from "./directives/connections.ts";
import { failures } from "./directives/failures.ts";
import { filters } from "./directives/filters.ts";
import { headerFields } from "./directives/header-fields.ts";
import { limits } from "./directives/limits.ts";
import { protocol } from "./directives/protocol.ts";
import { retries } from "./directives/retries.ts";
import { sending } from "./directives/sending.ts";
import { subrequests } from "./directives/subrequests.ts";
import { timeouts } from "./directives/timeouts.ts";
import { upgrade } from "./directives/upgrade.ts";
import { uploads } from "./directives/uploads.ts";
import type { Family } from "./rules.ts";

/** Beliefs are tried in this order. */
export const families: readonly Family[] = [
  buffering,
  caching,
  coding,
  headerFields,
  connections,
  timeouts,
  sending,
  protocol,
  filters,
  limits,
  access,
  subrequests,
  uploads,
  retries,
  failures,
  upgrade,
];
