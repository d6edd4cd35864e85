// Runs in the page: filters and search over its cards, kept in the address.

export function filtering() {
  const form = document.querySelector("form.filters:not(.compare)");
  if (!form) return;
  const cards = [...document.querySelectorAll("[data-card]")];
  // Others say more of what is counted.
  const counted = cards.filter((card) => card.dataset.follows === undefined).length;
  const known = new Map();
  const wordsOf = (card) => {
    if (!known.has(card))
      known.set(
        card,
        [...card.children]
          .map((one) => (one.matches(".later, .picture") ? "" : one.textContent))
          .join(" ")
          .toLowerCase(),
      );
    return known.get(card);
  };
  const count = form.querySelector("output");
  const fields = [...form.elements].filter(({ name }) => name);

  const matches = (card) =>
    fields.every(({ name, value }) => {
      if (value === "") return true;
      if (name === "q")
        return value
          .toLowerCase()
          .split(/\s+/)
          .every((word) => wordsOf(card).includes(word));
      return (card.getAttribute(`data-${name}`) ?? "").split("\n").includes(value);
    });

  const apply = () => {
    let shown = 0;
    for (const card of cards) {
      const fits = matches(card);
      card.hidden = !fits;
      if (fits && card.dataset.follows === undefined) shown += 1;
    }
    for (const section of document.querySelectorAll("[data-section]")) section.hidden = !section.querySelector("[data-card]:not([hidden])");
    count.value = shown === counted ? `all ${counted}` : `${shown} of ${counted}`;
  };

  const keep = () => {
    const chosen = new URLSearchParams(fields.filter(({ value }) => value !== "").map(({ name, value }) => [name, value]));
    // A page inside another one has no address of its own.
    if (location.protocol !== "about:") history.replaceState(null, "", `#${chosen}`);
  };

  /** A link leads to a card that the filters hide: it is shown all the same. */
  const reveal = () => {
    const card = document.getElementById(decodeURIComponent(location.hash.slice(1)))?.closest("[data-card]");
    if (!card?.hidden) return;
    card.hidden = false;
    const section = card.closest("[data-section]");
    if (section) section.hidden = false;
    card.scrollIntoView();
  };

  const restore = () => {
    const chosen = new URLSearchParams(location.hash.slice(1));
    if (location.hash && ![...chosen.keys()].every((key) => fields.some(({ name }) => name === key))) return reveal();
    for (const field of fields) field.value = chosen.get(field.name) ?? "";
    for (const field of fields) if (field.value !== (chosen.get(field.name) ?? "")) field.value = "";
    apply();
  };

  form.hidden = false;
  form.addEventListener("input", () => {
    apply();
    keep();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () =>
    setTimeout(() => {
      apply();
      keep();
    }),
  );
  addEventListener("hashchange", restore);
  restore();
  apply();
}
