/* Vurder: how much of the goal the signature will cover. The text of the page says it without. */
(function () {
  "use strict";

  const tell = () => {
    const count = document.querySelector("[data-level-count]");
    if (!count) return;
    const questions = [...document.querySelectorAll(".level-choice__options")];
    const chosen = questions.filter((one) => one.querySelector("input:checked:not([value=''])")).length;
    if (!chosen && !count.dataset.told) return; /* nothing is chosen yet: the page has said so */
    count.dataset.told = "yes";
    count.textContent = count.dataset.levelCount.replace("{chosen}", chosen).replace("{total}", questions.length);
  };

  document.addEventListener("change", (event) => {
    if (event.target.closest(".level-choice__options")) tell();
  });
  document.addEventListener("DOMContentLoaded", tell);
})();
