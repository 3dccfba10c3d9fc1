/* The file is read here, and stays here: only its SHA-256 and its number are sent. Without this,
   or where the browser has no SubtleCrypto (a page without https), the form sends the file. */
(function () {
  "use strict";

  const form = document.querySelector("form[data-check-file]");
  if (!form || !window.crypto || !window.crypto.subtle) return;
  const input = form.elements.namedItem("file");
  const note = form.querySelector("[role=status]");
  const NUMBER = /PM-[0-9]{4}-[0-9]{6,12}/;
  const LONGEST = 20;

  form.dataset.ready = "";
  form.querySelectorAll("[data-with-script]").forEach((one) => (one.hidden = false));
  form.querySelectorAll("[data-without-script]").forEach((one) => (one.hidden = true));
  note.textContent = form.dataset.stays;

  const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

  /* The first number in the bytes; else in the name the file was saved under. */
  const numberIn = (buffer, name) => {
    const bytes = new Uint8Array(buffer);
    for (let at = bytes.indexOf(0x50); at !== -1; at = bytes.indexOf(0x50, at + 1)) {
      if (bytes[at + 1] !== 0x4d || bytes[at + 2] !== 0x2d) continue;
      const found = NUMBER.exec(String.fromCharCode(...bytes.subarray(at, at + LONGEST)));
      if (found && found.index === 0) return found[0];
    }
    return (NUMBER.exec(name) || [""])[0];
  };

  const check = async (file) => {
    if (!file) return;
    note.textContent = form.dataset.reading;
    try {
      const content = await file.arrayBuffer();
      form.elements.namedItem("sha256").value = hex(await window.crypto.subtle.digest("SHA-256", content));
      form.elements.namedItem("number").value = numberIn(content, file.name);
    } catch {
      note.textContent = form.dataset.failed;
      return;
    }
    input.disabled = true; // what is disabled is not sent
    form.submit();
  };

  input.addEventListener("change", () => check(input.files[0]));

  const over = (event) => {
    event.preventDefault();
    form.toggleAttribute("data-over", event.type === "dragover");
  };
  ["dragover", "dragleave", "drop"].forEach((name) => form.addEventListener(name, over));
  form.addEventListener("drop", (event) => check(event.dataTransfer.files[0]));

  /* A file that misses the field must not take the page away. */
  ["dragover", "drop"].forEach((name) => document.addEventListener(name, (event) => event.preventDefault()));

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-pick-file]")) return;
    event.preventDefault();
    input.click();
  });

  /* Back from the answer: the page may come out of the browser's memory, with the field closed. */
  window.addEventListener("pageshow", () => {
    input.disabled = false;
    form.reset();
    note.textContent = form.dataset.stays;
  });
})();
