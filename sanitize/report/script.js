"use strict";
// Everything that comes from names and labels is set as text, never as markup.
(() => {
  const block = document.getElementById("data");
  if (!block) return;
  const data = JSON.parse(block.textContent);
  const byId = (id) => document.getElementById(id);
  const at = (column, row) => data[column].texts[data[column].of[row]];
  const PAGE = 100;
  const COLUMNS = ["severity", "rule", "path", "place", "label", "message"];
  const number = new Intl.NumberFormat("en");
  const fields = { text: byId("text"), rule: byId("rule"), severity: byId("severity"), label: byId("label") };
  const lower = (texts) => texts.map((text) => text.toLowerCase());
  const index = { folder: lower(data.folder.texts), place: lower(data.place.texts), message: lower(data.message.texts),
                  label: lower(data.label.texts) };
  let names = null;
  let cause = null;
  let found = [];
  let page = 0;

  const value = (column, row) => column === "path" ? at("folder", row) + data.name[row] : at(column, row);

  // Which of the texts that come again hold the words, once for each and not for every row.
  const holding = (column, words) => index[column].map((text) => text.includes(words));

  function search() {
    const words = fields.text.value.trim().toLowerCase();
    const label = fields.label.value.trim().toLowerCase();
    const rule = data.rule.texts.indexOf(fields.rule.value);
    const severity = data.severity.texts.indexOf(fields.severity.value);
    const labels = label ? holding("label", label) : null;
    let hits = null;
    if (words) {
      names = names || lower(data.name);
      hits = { folder: holding("folder", words), place: holding("place", words), message: holding("message", words) };
    }
    found = [];
    for (let row = 0; row < data.count; row++) {
      if (cause !== null && data.cause[row] !== cause) continue;
      if (rule >= 0 && data.rule.of[row] !== rule) continue;
      if (severity >= 0 && data.severity.of[row] !== severity) continue;
      if (labels && !labels[data.label.of[row]]) continue;
      if (hits && !names[row].includes(words) && !hits.folder[data.folder.of[row]] && !hits.place[data.place.of[row]] &&
          !hits.message[data.message.of[row]] &&
          !(words.includes("/") && (index.folder[data.folder.of[row]] + names[row]).includes(words))) continue;
      found.push(row);
    }
    page = 0;
    show();
  }

  function show() {
    const pages = Math.max(1, Math.ceil(found.length / PAGE));
    const body = document.createElement("tbody");
    for (const row of found.slice(page * PAGE, (page + 1) * PAGE)) {
      const line = body.insertRow();
      for (const column of COLUMNS) {
        const cell = line.insertCell();
        const text = value(column, row);
        const isolated = document.createElement("bdi");
        isolated.textContent = text;
        cell.append(isolated);
        if (column === "severity" && /^(error|warning|info)$/.test(text)) cell.className = "is-" + text;
      }
    }
    document.querySelector("#table tbody").replaceWith(body);
    byId("found").textContent = found.length === data.count ? `${number.format(data.count)} findings`
      : `${number.format(found.length)} of ${number.format(data.count)} findings` + (cause === null ? "" : ", of one cause");
    byId("page").textContent = `page ${number.format(page + 1)} of ${number.format(pages)}`;
    byId("back").disabled = page === 0;
    byId("next").disabled = page >= pages - 1;
    document.querySelector(".pages").hidden = pages < 2;
  }

  function turn(by) {
    page += by;
    show();
    // A button that is disabled would lose the focus, and whoever works by keyboard their place.
    const [used, other] = by > 0 ? [byId("next"), byId("back")] : [byId("back"), byId("next")];
    (used.disabled ? other : used).focus();
    document.querySelector(".scroll").scrollIntoView({ block: "nearest" });
  }

  for (const [field, texts] of [["rule", data.rule.texts], ["severity", data.severity.texts]]) {
    for (const text of field === "rule" ? [...texts].sort() : texts) fields[field].add(new Option(text, text));
  }
  let waiting = 0;
  byId("filters").hidden = false;
  byId("filters").addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(search, 120);
  });
  byId("filters").addEventListener("submit", (event) => event.preventDefault());
  byId("filters").addEventListener("reset", () => {
    cause = null;
    setTimeout(search);
  });
  byId("back").addEventListener("click", () => turn(-1));
  byId("next").addEventListener("click", () => turn(1));
  for (const link of document.querySelectorAll("[data-cause]")) {
    link.addEventListener("click", () => {
      byId("filters").reset();
      setTimeout(() => {
        cause = Number(link.dataset.cause);
        search();
        byId("findings").focus();
      });
    });
  }
  search();
})();
