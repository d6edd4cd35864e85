// Runs in the page: a table of which two columns are compared, kept in the address.

export function comparing() {
  const form = document.querySelector("form.compare");
  if (!form) return;
  const table = document.querySelector("table.compared");
  const [one, other] = form.elements;

  const show = () => {
    let differing = 0;
    for (const row of table.rows) {
      const cells = [...row.cells].filter((cell) => cell.dataset.column !== undefined);
      for (const cell of cells) cell.hidden = cell.dataset.column !== one.value && cell.dataset.column !== other.value;
      if (row.parentElement.localName !== "tbody") continue;
      const shown = cells.filter((cell) => !cell.hidden);
      const isMeasured = shown.some((cell) => cell.textContent !== "–");
      row.hidden = !isMeasured;
      const differs = new Set(shown.map((cell) => cell.textContent)).size > 1;
      row.classList.toggle("differs", differs);
      if (isMeasured && differs) differing += 1;
    }
    form.querySelector("output").value = `${differing} differ`;
  };

  const [, a, b] = /^#([\w.@+-]+)&([\w.@+-]+)$/.exec(location.hash) ?? [];
  for (const [field, value] of [
    [one, a],
    [other, b],
  ])
    if ([...field.options].some((option) => option.value === value)) field.value = value;
  form.hidden = false;
  form.addEventListener("change", () => {
    history.replaceState(null, "", `#${one.value}&${other.value}`);
    show();
  });
  show();
}
