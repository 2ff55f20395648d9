"use strict";
// Sorting, filtering and unfolding. Without it the page shows the same.
(() => {
  const make = (name, text) => Object.assign(document.createElement(name), { textContent: text });
  const value = (row, column) => {
    const text = row.cells[column].textContent.trim();
    const number = Number(text.replaceAll(",", ""));
    return text !== "" && !Number.isNaN(number) ? number : text;
  };
  const compare = (a, b) =>
    typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), "en");

  const buttons = [];
  for (const table of document.querySelectorAll("table.sorted")) {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const button = make("button", head.textContent);
      button.type = "button";
      head.replaceChildren(button);
      buttons.push([head, button]);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const body = table.tBodies[0];
        const rows = [...body.rows].map((row) => [value(row, column), row]);
        rows.sort((a, b) => compare(a[0], b[0]) * (down ? -1 : 1));
        body.append(...rows.map((row) => row[1]));
      });
    });
  }

  for (const table of document.querySelectorAll("table.filtered")) {
    const rows = [...table.tBodies[0].rows];
    const tools = make("div", "");
    const label = make("label", "Filter ");
    const input = make("input", "");
    const shown = make("span", `${rows.length} rows`);
    tools.className = "tools";
    input.type = "search";
    shown.setAttribute("role", "status");
    label.append(input);
    tools.append(label, shown);
    table.parentElement.before(tools);
    input.addEventListener("input", () => {
      const wanted = input.value.toLowerCase();
      let count = 0;
      for (const row of rows) {
        row.hidden = !row.textContent.toLowerCase().includes(wanted);
        count += row.hidden ? 0 : 1;
      }
      shown.textContent = `${count} of ${rows.length} rows`;
    });
  }

  const folds = [...document.querySelectorAll("details")];
  const place = document.getElementById("unfold");
  if (place && folds.length > 0) {
    for (const [text, open] of [["Open all", true], ["Close all", false]]) {
      const button = make("button", text);
      button.type = "button";
      button.addEventListener("click", () => folds.forEach((fold) => { fold.open = open; }));
      place.append(button);
    }
  }

  const reveal = () => {
    const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    const fold = target && target.closest("details");
    if (fold && !fold.open) {
      fold.open = true;
      target.scrollIntoView();
    }
  };
  addEventListener("hashchange", reveal);
  reveal();

  // On paper nothing can be unfolded or sorted, and browsers repeat no head that holds a button; what is watched stays a
  // line.
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = folds.filter((fold) => !fold.open && !fold.closest(".watched"));
    closed.forEach((fold) => { fold.open = true; });
    buttons.forEach(([head, button]) => head.replaceChildren(button.textContent));
  });
  addEventListener("afterprint", () => {
    closed.forEach((fold) => { fold.open = false; });
    buttons.forEach(([head, button]) => head.replaceChildren(button));
  });
})();
