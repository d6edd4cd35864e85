// A URL as reports and messages show it: without passwords and without values of its query that may be secret. Pure.

const isSecret = (name: string): boolean => /key|token|secret|passw|credential|sig|auth|session|code/i.test(name);

export const shownUrl = (url: URL): string => {
  const shown = new URL(url);
  shown.username = "";
  shown.password = "";
  shown.hash = "";
  const pairs = shown.search.slice(1).split("&");
  shown.search = pairs
    .map((pair) => (pair.includes("=") && isSecret(pair.split("=", 1)[0] ?? "") ? `${pair.split("=", 1)[0]}=***` : pair))
    .join("&");
  return shown.href;
};
