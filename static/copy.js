/* Copies the text of a page's own element. Without it the text can be selected. */
(function () {
  "use strict";

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const text = document.getElementById(button.dataset.copy).textContent.trim();
    await navigator.clipboard.writeText(text);
    const live = document.getElementById("live");
    if (live) live.textContent = button.dataset.copied;
    button.dataset.state = "copied";
  });
})();
