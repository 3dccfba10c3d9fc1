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
    const words = { saved: "Kladd lagret", unsaved: "Ikke lagret", empty: "", offline: "Lagres når du er på nett igjen", saving: "Lagrer …" };
    status.dataset.state = state;
    status.textContent = words[state];
  };

  /* The server answers with the version that was saved, or with the reason why it was not. */
  const noteDraft = (form, answer) => {
    const version = form.elements.namedItem("version");
    if (version && answer.version !== undefined) version.value = answer.version;
    const note = document.querySelector("[data-draft-note]");
    if (!note) return;
    if (answer.message && note.textContent !== answer.message) say(answer.message);
    note.textContent = answer.message || "";
    note.hidden = !answer.message;
  };

  const typed = (form) => {
    const data = new FormData(form);
    [...data.entries()].forEach(([name, value]) => value instanceof File && data.delete(name));
    return data;
  };

  let timer = null;
  let changed = false;
  let saving = null;
  const save = async (form) => {
    changed = false;
    try {
      const response = await fetch(form.dataset.autosave, {
        method: "POST",
        body: typed(form),
        credentials: "same-origin",
        redirect: "error",
      });
      const isJson = (response.headers.get("Content-Type") || "").includes("json");
      const answer = isJson ? await response.json() : {};
      noteDraft(form, answer);
      changed = changed || !response.ok;
      showDraft(changed ? "unsaved" : answer.version === undefined ? "empty" : "saved");
    } catch {
      changed = true;
      showDraft(navigator.onLine ? "unsaved" : "offline");
    }
  };
  const autosave = async () => {
    const form = draftForm();
    if (!form) return;
    if (!navigator.onLine) return showDraft("offline");
    await saving; /* one at a time, so that each carries the version of the one before */
    saving = save(form);
    await saving;
    saving = null;
  };
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!form || event.target.matches("[data-not-saved]")) return;
    if (form.matches("[data-warn-unsaved], [data-autosave]")) changed = true;
    if (!form.matches("[data-autosave]")) return;
    showDraft("unsaved");
    clearTimeout(timer);
    timer = setTimeout(autosave, 1200);
  });
  window.addEventListener("online", () => changed && autosave());
  document.addEventListener("submit", async (event) => {
    clearTimeout(timer);
    if (saving) {
      event.preventDefault();
      await saving;
      saving = null;
      changed = false;
      event.target.requestSubmit(event.submitter);
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
