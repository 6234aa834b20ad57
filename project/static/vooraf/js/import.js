/* Shows how far an import is. Without it the upload simply takes a moment, and the page of a running import
 * refreshes itself. */
(() => {
  "use strict";

  const EVERY = 1000;

  async function ask(url) {
    try {
      const answer = await fetch(url, { headers: { Accept: "application/json" }, cache: "no-store" });
      return answer.ok ? await answer.json() : null;
    } catch {
      return null;
    }
  }

  const upload = document.querySelector("[data-import-upload]");
  if (upload) {
    const status = upload.querySelector("[data-import-stand]");
    upload.addEventListener("submit", () => {
      status.textContent = "Het bestand wordt gelezen. Een moment.";
      window.setInterval(async () => {
        const found = await ask(upload.dataset.standUrl);
        if (found && found.tekst && found.tekst !== status.textContent) status.textContent = found.tekst;
      }, EVERY);
    });
  }

  const running = document.querySelector("[data-import-bezig]");
  if (running) {
    const status = running.querySelector("[data-import-stand]");
    const bar = running.querySelector("progress");
    const look = async () => {
      const found = await ask(running.dataset.standUrl);
      if (found && found.klaar) {
        window.location.reload();
        return;
      }
      if (found) {
        if (found.tekst !== status.textContent) status.textContent = found.tekst;
        bar.value = found.gedaan;
      }
      window.setTimeout(look, EVERY);
    };
    window.setTimeout(look, EVERY);
  }
})();
