/* Small help on top of pages that work without it. */
(function () {
  "use strict";

  const root = document.documentElement;
  root.classList.add("js");

  const say = (text) => {
    const live = document.getElementById("live");
    if (live) live.textContent = text;
  };

  /* Focus after a swap: the error summary, the result, or the heading; never nothing. */
  const focusOn = (element) => {
    if (!element) return false;
    if (!element.hasAttribute("tabindex")) element.setAttribute("tabindex", "-1");
    element.focus();
    return true;
  };

  const titlePrefix = "Feil: ";
  const markTitle = () => {
    const bare = document.title.startsWith(titlePrefix) ? document.title.slice(titlePrefix.length) : document.title;
    document.title = document.getElementById("error-summary") ? titlePrefix + bare : bare;
  };

  const focusAfterSwap = (target) => {
    if (target.closest("[data-keep-focus]")) return;
    if (target.contains(document.activeElement) && document.activeElement !== document.body) return;
    const place =
      target.matches("[data-focus]") ? target : target.querySelector("[data-focus]") || document.querySelector("main h1");
    focusOn(place);
  };

  document.addEventListener("htmx:afterSettle", (event) => {
    markTitle();
    const target = event.detail.elt || event.target;
    if (event.detail.requestConfig && event.detail.requestConfig.verb === "get" && target.hasAttribute("hx-trigger")) return;
    focusAfterSwap(target);
  });

  document.addEventListener("htmx:responseError", () => say("Noe gikk galt. Prøv igjen."));
  document.addEventListener("htmx:sendError", () => say("Du er uten nett. Prøv igjen når du er tilkoblet."));

  /* On a full page load the error summary gets focus too. */
  document.addEventListener("DOMContentLoaded", () => {
    const first = document.querySelector("#error-summary, .done[data-focus]");
    if (first) focusOn(first);
  });

  /* A filter's native select sends its form at once. */
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-submit-on-change]");
    if (form) form.requestSubmit();
  });

  /* Level under the requirement changes only the hint of the sentence. */
  const levelHint = () => {
    const hint = document.querySelector("[data-level-hint]");
    if (!hint) return;
    let text = "";
    document.querySelectorAll("[data-required]").forEach((group) => {
      const chosen = group.querySelector("input:checked");
      if (!text && chosen && chosen.value && Number(chosen.value) < Number(group.dataset.required)) {
        text = hint.dataset.levelHint.replace("{shown}", chosen.value).replace("{required}", group.dataset.required);
      }
    });
    hint.textContent = text || hint.dataset.levelHintOtherwise || "";
    hint.hidden = !hint.textContent;
  };
  document.addEventListener("change", (event) => {
    if (event.target.closest("[data-required]")) levelHint();
  });
  document.addEventListener("DOMContentLoaded", levelHint);

  /* Draft status: «Kladd lagret», «Ikke lagret», «Lagres når du er på nett igjen». */
  const draftForm = () => document.querySelector("form[data-autosave]");
  const showDraft = (state) => {
    const status = document.querySelector("[data-draft-status]");
    const form = draftForm();
    if (!status || !form) return;
    const words = { saved: "Kladd lagret", unsaved: "Ikke lagret", offline: "Lagres når du er på nett igjen", saving: "Lagrer …" };
    status.dataset.state = state;
    status.textContent = words[state];
  };

  let timer = null;
  let changed = false;
  let saving = null;
  const explainDraft = (message) => {
    const note = document.querySelector("[data-draft-note]");
    if (!note) return;
    note.textContent = message;
    note.hidden = !message;
    if (message) say(message);
  };
  const saveDraft = async (form) => {
    if (!navigator.onLine) return showDraft("offline");
    const data = new FormData(form);
    form.querySelectorAll("input[type=file]").forEach((input) => data.delete(input.name));
    try {
      const response = await fetch(form.dataset.autosave, {
        method: "POST",
        body: data,
        headers: { "X-Requested-With": "fetch" },
        credentials: "same-origin",
        redirect: "error",
      });
      const answer = await response.json();
      if (answer.version && form.elements.version) form.elements.version.value = answer.version;
      changed = !response.ok;
      showDraft(response.ok ? "saved" : "unsaved");
      explainDraft(answer.message || "");
    } catch {
      showDraft(navigator.onLine ? "unsaved" : "offline");
    }
  };
  const autosave = () => {
    const form = draftForm();
    if (form) saving = saveDraft(form).finally(() => (saving = null));
  };
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!form) return;
    if (form.matches("[data-warn-unsaved]")) changed = true;
    if (!form.matches("[data-autosave]") || event.target.name === "sok" || event.target.type === "file") return;
    changed = true;
    showDraft("unsaved");
    clearTimeout(timer);
    timer = setTimeout(autosave, 1200);
  });
  window.addEventListener("online", () => changed && autosave());
  document.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (saving && event.target.matches("[data-autosave]")) {
      /* The draft under way brings a new version with it: the real save comes after. */
      event.preventDefault();
      const { target, submitter } = event;
      saving.then(() => target.requestSubmit(submitter));
      return;
    }
    changed = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (changed && document.querySelector("form[data-warn-unsaved]")) event.preventDefault();
  });

  /* The demo's login page fills in the person one picks. */
  document.addEventListener("click", (event) => {
    const person = event.target.closest("[data-login]");
    if (!person) return;
    document.querySelector("input[name=login]").value = person.dataset.login;
    const password = document.querySelector("input[name=password]");
    password.value = "palmappen-demo";
    password.form.querySelector("[type=submit]").focus();
  });

  /* Copying text ready to paste. */
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button || !navigator.clipboard) return;
    const source = document.getElementById(button.dataset.copy);
    await navigator.clipboard.writeText(source ? source.textContent.trim() : button.dataset.copy);
    say("Teksten er kopiert.");
  });

  /* Menus made of <details> close on Escape and when one looks elsewhere. */
  const menus = () => document.querySelectorAll(".person-menu[open], .tab-bar__more[open]");
  document.addEventListener("click", (event) => menus().forEach((menu) => menu.contains(event.target) || (menu.open = false)));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menus().forEach((menu) => {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });
})();
