// Runs in the page: draws pictures that come into view, shows the numbers of a mark, and selects a range of time.

export function pictures() {
  const tip = document.querySelector("output.tip");
  const svg = "http://www.w3.org/2000/svg";
  const state = new WeakMap();

  const inWords = (ms) => (ms >= 1000 ? `${Number((ms / 1000).toPrecision(4))} s` : `${Number(ms.toPrecision(4))} ms`);

  const say = (mark) => {
    document.querySelector(".m.now")?.classList.remove("now");
    tip.hidden = !mark;
    if (!mark) return;
    mark.classList.add("now");
    tip.value = mark.dataset.n;
    const { left, top, width } = mark.getBoundingClientRect();
    const x = Math.min(Math.max(8, left + width / 2 - tip.offsetWidth / 2), innerWidth - tip.offsetWidth - 8);
    tip.style.setProperty("translate", `${x}px ${top > tip.offsetHeight + 16 ? top - tip.offsetHeight - 8 : top + 24}px`);
  };

  /** One drawing in a wider frame: places in percent move by themselves. */
  const zoom = (view, from, to) => {
    const total = Number(view.dataset.total);
    const whole = from <= 0 && to >= total;
    const share = (to - from) / total;
    const inner = view.querySelector(".zoom");
    inner.setAttribute("width", whole ? "100%" : `${100 / share}%`);
    inner.setAttribute("x", whole ? "0" : `${(-100 * from) / (to - from)}%`);
    view.querySelector(".plot").style.setProperty("overflow", whole ? "visible" : "hidden");
    state.set(view, { from, to });
    ticks(view, from, to, total);
    const range = view.closest("figure").querySelector(".range");
    if (!range) return;
    range.querySelector("[name=from]").value = String(Math.round(from));
    range.querySelector("[name=to]").value = String(Math.round(to));
    range.querySelector("button").hidden = whole;
  };

  const ticks = (view, from, to, total) => {
    const group = view.querySelector(".ticks");
    const end = group.firstElementChild?.getAttribute("y2") ?? "0";
    const rough = (to - from) / 5;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = power * [1, 2, 5, 10].find((one) => one * power >= rough * 0.9999);
    group.replaceChildren();
    for (let ms = Math.ceil(from / step) * step; ms <= to + step / 1e6; ms += step) {
      const x = `${(100 * ms) / total}%`;
      const line = document.createElementNS(svg, "line");
      for (const [name, value] of [
        ["x1", x],
        ["x2", x],
        ["y1", "16"],
        ["y2", end],
      ])
        line.setAttribute(name, value);
      const text = document.createElementNS(svg, "text");
      text.setAttribute("x", x);
      text.setAttribute("y", "12");
      const share = (ms - from) / (to - from);
      text.setAttribute("class", share < 0.03 ? "first" : share > 0.94 ? "last" : "");
      if (Math.round(ms / step) % 2 === 1) text.classList.add("odd");
      text.textContent = ms === 0 ? "0" : inWords(ms);
      group.append(line, text);
    }
  };

  const rangeOf = (view) => state.get(view) ?? { from: 0, to: Number(view.dataset.total) };

  const at = (mark, axis) => parseFloat(mark.getAttribute(axis));

  const keyed = (view, event) => {
    const { from, to } = rangeOf(view);
    const total = Number(view.dataset.total);
    const around = (factor) => {
      const middle = (from + to) / 2;
      const half = ((to - from) * factor) / 2;
      return [Math.max(0, middle - half), Math.min(total, middle + half)];
    };
    const marks = [...view.querySelectorAll(".m")].toSorted((a, b) => at(a, "y") - at(b, "y") || at(a, "x") - at(b, "x"));
    const now = marks.findIndex((mark) => mark.classList.contains("now"));
    const move = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity }[event.key];
    if (move !== undefined && !event.ctrlKey && !event.metaKey && !event.altKey)
      say(marks[Math.min(marks.length - 1, Math.max(0, now + move))]);
    else if (event.key === "+" || event.key === "=") zoom(view, ...around(0.5));
    else if (event.key === "-") zoom(view, ...around(2));
    else if (event.key === "0" || event.key === "Escape") {
      say(null);
      zoom(view, 0, total);
    } else return;
    event.preventDefault();
  };

  /** Drag over the picture to select a range for all of its lanes. */
  const dragged = (view, start) => {
    const { left, width } = view.querySelector(".plot").getBoundingClientRect();
    const { from, to } = rangeOf(view);
    const timeAt = (x) => from + (to - from) * Math.min(1, Math.max(0, (x - left) / width));
    const box = document.createElementNS(svg, "rect");
    box.setAttribute("class", "choice");
    box.setAttribute("height", "100%");
    const draw = ({ clientX }) => {
      const [a, b] = [start.clientX - left, clientX - left].toSorted((one, other) => one - other);
      box.setAttribute("x", String(Math.max(0, a)));
      box.setAttribute("width", String(Math.max(0, Math.min(width, b) - Math.max(0, a))));
      if (b - a > 6 && !box.isConnected) view.querySelector(".plot").append(box);
    };
    const stop = new AbortController();
    view.setPointerCapture(start.pointerId);
    view.addEventListener("pointermove", draw, stop);
    for (const over of ["pointerup", "pointercancel"])
      view.addEventListener(
        over,
        ({ type, clientX }) => {
          stop.abort();
          const chosen = box.isConnected && type === "pointerup";
          box.remove();
          const [a, b] = [timeAt(start.clientX), timeAt(clientX)].toSorted((one, other) => one - other);
          if (chosen && b > a) zoom(view, a, b);
        },
        stop,
      );
  };

  const prepare = (figure) => {
    const view = figure.querySelector(".view");
    const range = document.createElement("form");
    range.className = "range";
    range.innerHTML =
      '<label>from <input name="from" type="number" min="0" step="any"> ms</label><label>to <input name="to" type="number" min="0" step="any"> ms</label><button type="button" hidden>Show all</button><span>or drag over the picture · keys: ← → marks, + − zoom, 0 all</span>';
    view.closest(".frame").after(range);
    const total = Number(view.dataset.total);
    zoom(view, 0, total);
    range.addEventListener("change", () => {
      const [from, to] = ["from", "to"].map((name) => Number(range.elements[name].value));
      if (to > from) zoom(view, Math.max(0, from), Math.min(total, to));
    });
    range.addEventListener("submit", (event) => event.preventDefault());
    range.querySelector("button").addEventListener("click", () => zoom(view, 0, total));
    view.addEventListener("pointerdown", (event) => event.pointerType === "mouse" && event.button === 0 && dragged(view, event));
    view.addEventListener("keydown", (event) => keyed(view, event));
    view.addEventListener("pointerover", (event) => say(event.target.closest(".m")));
    view.addEventListener("pointerleave", () => say(null));
    view.addEventListener("blur", () => say(null));
  };

  /** It was written with every text escaped; until now it was text itself. */
  const draw = (later) => {
    const template = document.createElement("template");
    template.innerHTML = later.querySelector("script").textContent;
    const figure = template.content.firstElementChild;
    later.replaceWith(figure);
    return figure;
  };

  const seen = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (!isIntersecting) continue;
        seen.unobserve(target);
        if (target.matches(".later")) {
          prepare(draw(target));
        } else prepare(target);
      }
    },
    { rootMargin: "600px" },
  );
  for (const place of document.querySelectorAll("figure.picture, .later")) seen.observe(place);
  // Printing shows all of them.
  addEventListener("beforeprint", () => {
    for (const later of document.querySelectorAll(".later")) draw(later);
  });
}
