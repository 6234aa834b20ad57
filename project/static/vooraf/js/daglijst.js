/*
 * Keeps the day list fresh. Without this script the page works; it then shows the moment it was read.
 *
 * Asks for the list every 25 seconds while the page is visible, keeps the focus and the opened purposes, says
 * once which conversations changed, and never lets an old list pass for a live one: when asking fails, a banner
 * says so until it works again.
 */
(() => {
  "use strict";

  const EVERY = 25_000;
  const list = document.querySelector("[data-daglijst]");
  if (!list || !window.htmx) return;

  const failed = document.getElementById("niet-ververst");
  const loggedOut = document.getElementById("uitgelogd");
  const news = document.getElementById("dag-nieuws");
  let asked = Date.now();
  let before = new Map();
  let open = [];
  let focus = "";
  let timer = 0;

  const rows = () => new Map(
    [...list.querySelectorAll("tr[data-stand]")].map((row) => [row.id, [row.dataset.stand, row.dataset.wie]]),
  );

  function ask() {
    asked = Date.now();
    window.htmx.trigger(list, "ververs");
  }

  function tick() {
    if (!document.hidden && Date.now() - asked >= EVERY) ask();
  }

  function remember() {
    before = rows();
    open = [...list.querySelectorAll("details[open][id]")].map((details) => details.id);
    focus = list.contains(document.activeElement) ? document.activeElement.id || focusOwner() : "";
  }

  /* A summary has no id of its own; its details has. */
  function focusOwner() {
    const details = document.activeElement.closest("details[id]");
    return details ? `${details.id} summary` : "";
  }

  function restore() {
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    if (focus) list.querySelector(`#${focus}`)?.focus({ preventScroll: true });
  }

  function tell() {
    const changed = [...rows()].filter(([id, [state]]) => before.get(id)?.[0] !== state).map(([, [, who]]) => who);
    if (!changed.length) return;
    news.textContent = changed.length === 1
      ? `Veranderd: ${changed[0]}.`
      : `${changed.length} gesprekken zijn veranderd: ${changed.join(", ")}.`;
  }

  function stop(banner) {
    if (banner) banner.hidden = false;
  }

  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target === list) remember();
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== list) return;
    restore();
    tell();
    failed.hidden = true;
    loggedOut.hidden = true;
  });
  /* The server says it in a header: the list must not be filled with a login page. */
  document.addEventListener("vooraf:uitgelogd", () => {
    clearInterval(timer);
    failed.hidden = true;
    stop(loggedOut);
  });
  for (const name of ["htmx:sendError", "htmx:timeout"]) document.addEventListener(name, () => stop(failed));
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status !== 401) stop(failed);
  });

  document.addEventListener("visibilitychange", tick);
  list.addEventListener("click", (event) => {
    if (!event.target.closest("#ververs")) return;
    event.preventDefault();
    ask();
  });
  timer = setInterval(tick, 1_000);
})();
