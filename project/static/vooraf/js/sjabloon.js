/*
 * The editor of a message: a click on a field puts it in the text. Without this script the names can be
 * typed or copied, and the count comes after saving. The count itself is htmx (see the template).
 */
"use strict";

(function () {
  const tekst = document.querySelector("textarea[name=tekst]");
  if (!tekst) {
    return;
  }

  // The place of the cursor, kept when a button takes the focus.
  let begin = tekst.value.length;
  let eind = begin;
  const onthoud = function () {
    begin = tekst.selectionStart;
    eind = tekst.selectionEnd;
  };
  ["keyup", "click", "select", "input", "blur"].forEach(function (soort) {
    tekst.addEventListener(soort, onthoud);
  });

  const voegIn = function (naam) {
    const veld = "((" + naam + "))";
    tekst.setRangeText(veld, begin, eind, "end");
    tekst.focus();
    onthoud();
    tekst.dispatchEvent(new Event("input", { bubbles: true }));
  };

  document.querySelectorAll("code[data-veld]").forEach(function (code) {
    const knop = document.createElement("button");
    knop.type = "button";
    knop.className = "veld-knop";
    knop.title = "Zet dit veld in de tekst";
    code.replaceWith(knop);
    knop.append(code);
    knop.addEventListener("click", function () {
      voegIn(code.dataset.veld);
    });
  });
  document.querySelectorAll("[data-invoeg-uitleg]").forEach(function (uitleg) {
    uitleg.hidden = false;
  });
})();
