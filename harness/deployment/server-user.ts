// As whom a deployment starts its server. In a check it starts as root, as the images of servers do, in folders that are its own. Pure.
import type { Place } from "../check/configuration.ts";
import type { Built } from "./build-plan.ts";
import type { Service } from "./project.ts";
import { entry } from "./scope.ts";
import type { Scope } from "./scope.ts";
import type { NotDone } from "./subject.ts";

/** The service's own, else that of its Dockerfile. */
export const userNotDone = ({ fields }: Service, { user }: Pick<Built, "user">, scope: Scope): NotDone[] => {
  const given = entry(fields, "user");
  const name = given && scope.optionalText(given, "user");
  const own = given && name ? notDoneBy("user", { name, place: given.place }) : null;
  return own ?? (user ? notDoneBy("USER", user) : []);
};

const notDoneBy = (word: string, { name, place }: { name: string; place: Place }): NotDone[] =>
  /^(?:root|0)(?::|$)/.test(name)
    ? []
    : [
        {
          what: `${word} ${name}`,
          why: "the server starts as root here, in folders that are its own: whether that user may write temporary files, caches, logs and the pid is not checked",
          place,
        },
      ];
