// The user and group that nginx's workers run as must be known in the container: the public image has `nginx`, Debian's has `www-data`.

const accounts = [
  ["root", 0],
  ["www-data", 33],
  ["nginx", 101],
  ["nobody", 65_534],
] as const;

const ownId = 1000;

export const accountFiles = (user: string, group: string): { passwd: string; group: string } => {
  const groups = new Map<string, number>(accounts);
  for (const name of [group, user, "nogroup"]) if (!groups.has(name)) groups.set(name, ownId + groups.size);
  const users = new Map<string, number>(accounts);
  if (!users.has(user)) users.set(user, ownId);
  return {
    passwd: [...users].map(([name, id]) => `${name}:x:${id}:${groups.get(name) ?? id}::/:/bin/sh\n`).join(""),
    group: [...groups].map(([name, id]) => `${name}:x:${id}:\n`).join(""),
  };
};
